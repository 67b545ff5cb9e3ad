"""What payments need of the outside: a provider, and the notes that are kept beside the log of what was asked of it.

All amounts are in minor units.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

from application.payments.transfers import SeenTransfer
from application.tiers.ports import SeenTier


class State(StrEnum):
    """How the provider says that an attempt stands."""

    PENDING = "pending"
    ACTION_REQUIRED = "action_required"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    FAILED = "failed"


class Charge(Struct, frozen=True):
    """One attempt as a provider is asked for it; `key` makes the same request the same charge."""

    key: str
    payment_id: UUID
    attempt: int
    payer_id: UUID
    currency: str
    amount: int
    method: str
    manual: bool
    return_url: str


class Seen(Struct, frozen=True):
    """An attempt as the provider has it; `reference` is its name for it. `action_url` is where the payer has to go."""

    payment_id: UUID
    attempt: int
    reference: str
    state: State
    currency: str
    amount: int
    fee: int = 0
    code: str = ""
    action_url: str = ""


AGAIN = "."


def refund_of(key: str) -> tuple[UUID, int]:
    """The refund that was asked for by this key, and which time."""
    id, _, asking = key.partition(AGAIN)
    return UUID(id), int(asking or 1)


class Back(Struct, frozen=True):
    """A refund as a provider is asked for it; `charge` is its reference of the attempt that brought the money.

    `asking`: which time it is asked for, from 1 on.
    """

    payment_id: UUID
    refund_id: UUID
    charge: str
    currency: str
    amount: int
    asking: int = 1

    @property
    def key(self) -> str:
        """The same whenever the same is asked for, and another where what had failed is asked for again."""
        return str(self.refund_id) if self.asking == 1 else f"{self.refund_id}{AGAIN}{self.asking}"


class Repaid(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"


class SeenRefund(Struct, frozen=True):
    payment_id: UUID
    refund_id: UUID
    reference: str
    state: Repaid
    code: str = ""
    asking: int = 1


class Ruling(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class SeenDispute(Struct, frozen=True):
    """`fee` was charged for it, `fee_returned` came back of that."""

    payment_id: UUID
    attempt: int
    reference: str
    amount: int
    fee: int
    reason: str
    ruling: Ruling
    fee_returned: int = 0


Said = Seen | SeenRefund | SeenDispute
"""What a provider says of something that it was asked for by us."""


class Forged(Exception):
    """A message that the provider did not sign, or signed too long ago."""


class Announced(Struct, frozen=True):
    """A provider's message as far as it is read before it is kept: its own id, and what it is about."""

    event_id: str
    kind: str


@runtime_checkable
class PaymentProvider(Protocol):
    """One provider of payments.

    Every call raises `application.ports.Unavailable` where no answer came: whether it was done is then unknown, and found out
    by asking (`find`, `look`, `find_refund`). `application.jobs.ports.Refused` is for what will never be taken.
    """

    def accepts(self, method: str, currency: str) -> bool:
        """Whether this names a way to pay that the provider has for the currency."""
        ...

    def begin(self, charge: Charge) -> Seen:
        """Ask for the money; a card that is declined is an answer, not an error."""
        ...

    def find(self, charge: Charge, since: datetime) -> Seen | None:
        """What was begun under the charge's payment and attempt not before `since`; None where nothing was."""
        ...

    def look(self, reference: str) -> Seen: ...

    def capture(self, reference: str, amount: int, key: str) -> Seen: ...

    def cancel(self, reference: str, key: str) -> Seen:
        """Give up an attempt. It may turn out to be captured, or pending where the provider cannot stop it."""
        ...

    def refund(self, back: Back) -> SeenRefund: ...

    def find_refund(self, back: Back) -> SeenRefund | None: ...

    def between(self, since: datetime, until: datetime) -> Iterable[Seen]:
        """All attempts that were begun in this time, for comparison; those that are not ours have no payment and are left out."""
        ...

    def verify(self, headers: Mapping[str, str], body: bytes) -> Announced:
        """Who sent this, and what it is; header names are in lower case. Raises `Forged`. No I/O."""
        ...

    def understand(self, body: bytes) -> Said | SeenTier | SeenTransfer | None:
        """What a verified message says, as the provider stands to it now; None where it is about nothing of ours."""
        ...


Providers = Mapping[str, PaymentProvider]
"""By the name that payments have of them."""


class Tried(Struct, frozen=True):
    """`first` where this is the first time; `since` is when that was."""

    first: bool
    since: datetime
    reference: str


@runtime_checkable
class PaymentQueue(Protocol):
    """Where a caller has a provider asked."""

    def ask(self, payment_id: UUID, request_id: UUID, correlation_id: UUID) -> None:
        """Have the provider asked how a payment stands; once for each request."""
        ...


@runtime_checkable
class AttemptBook(Protocol):
    """What was asked of providers, noted before it is asked."""

    def trying(self, payment_id: UUID, attempt: int, provider: str, now: datetime) -> Tried: ...

    def known(self, payment_id: UUID, attempt: int) -> Tried | None: ...

    def keep(self, seen: Seen) -> None:
        """The provider's reference and where the payer has to go, which is nobody else's business and so not on the log."""
        ...


class Message(Struct, frozen=True):
    """A provider's message as it was received."""

    id: UUID
    provider: str
    event_id: str
    body: bytes


class Handling(StrEnum):
    """`unknown`: about a payment that we do not have."""

    RECEIVED = "received"
    DONE = "done"
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@runtime_checkable
class MessageBook(Protocol):
    """Providers' messages, as received: they name people, and are kept sealed."""

    def receive(self, provider: str, announced: Announced, body: bytes, correlation_id: UUID) -> bool:
        """Keep it and have it dealt with; False where it was received before."""
        ...

    def again(self, message_id: UUID, correlation_id: UUID) -> bool:
        """Have it dealt with once more; False where there is none, or none any longer."""
        ...

    def message(self, message_id: UUID) -> Message:
        """Raises `application.jobs.ports.Skipped` where it was emptied meanwhile."""
        ...

    def empty(self, before: datetime) -> None:
        """Keep nothing any longer of what messages received before then said; that they came stays known."""
        ...

    def handled(self, message_id: UUID, handling: Handling, note: str, payment_id: UUID | None) -> None: ...


class Difference(Struct, frozen=True, rename="camel"):
    """Where provider and payments do not agree; `repaired` by the same commands as ever, or left to a person."""

    code: str
    reference: str
    payment_id: UUID | None
    repaired: bool
    detail: str = ""


class Compared(Struct, frozen=True):
    provider: str
    since: datetime
    until: datetime
    checked: int
    differences: Sequence[Difference]


class Ours(Struct, frozen=True):
    """An attempt that we have asked a provider for."""

    payment_id: UUID
    attempt: int
    reference: str


@runtime_checkable
class ComparisonBook(Protocol):
    def asked(self, provider: str, since: datetime, until: datetime) -> Sequence[Ours]:
        """What we asked the provider for in this time."""
        ...

    def compared(self, id: UUID, compared: Compared) -> None: ...

    def next(self, provider: str, at: datetime) -> None:
        """Have the comparison that follows done at this time; once, however often it is asked for."""
        ...
