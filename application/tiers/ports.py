"""What paid tiers need of the outside: a provider of subscriptions, and a note of where members go to pay. Amounts are in minor units."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

from domain.subscriptions.tiers.commands import Stage
from domain.subscriptions.tiers.events import Held
from domain.subscriptions.tiers.offers import Period, Tier


class Wanted(Struct, frozen=True):
    """A tier as a provider is asked for it: by this revision, for this price per period."""

    user_id: UUID
    revision: int
    tier: Tier
    period: Period
    currency: str
    price: int

    @property
    def key(self) -> str:
        """Makes the same request the same thing at the provider."""
        return f"tier:{self.user_id}:{self.revision}"


class Opened(Struct, frozen=True):
    """A page on which somebody pays; `reference` is the provider's name for it."""

    reference: str
    url: str


class SeenTier(Struct, frozen=True):
    """A subscription of ours as its provider has it; the fields are those of `ReportTier`."""

    user_id: UUID
    held: Held
    stage: Stage
    charge: str = ""
    currency: str = ""
    amount: int = 0
    attempt: int = 0
    due_at: datetime | None = None
    fee: int = 0


@runtime_checkable
class TierProvider(Protocol):
    """Every call raises `application.ports.Unavailable` where no answer came; each may be made again."""

    def open(self, wanted: Wanted, expires_at: datetime, return_url: str) -> Opened: ...

    def close(self, checkout: str) -> None:
        """Nobody is to pay there any more. Done already, or paid, it stays as it is."""
        ...

    def outcome(self, checkout: str) -> SeenTier | None:
        """The subscription that was paid for there, or None where nobody paid."""
        ...

    def look(self, reference: str) -> SeenTier | None:
        """The subscription as it is now; None where it is not one of ours."""
        ...

    def change(self, reference: str, wanted: Wanted) -> SeenTier | None: ...

    def renew(self, reference: str, *, goes_on: bool) -> None:
        """Whether it goes on when the paid period is over."""
        ...

    def retry(self, reference: str) -> SeenTier | None:
        """Charge what was missed, once more; a card that is declined is an answer."""
        ...

    def end(self, reference: str) -> None:
        """At once. Over already, it stays so."""
        ...


TierProviders = Mapping[str, TierProvider]
"""By the names that payments have of them; the first is where new members pay."""


@runtime_checkable
class CheckoutBook(Protocol):
    """Where members go to pay, which is nobody else's business and so not on the log."""

    def opened(self, user_id: UUID, revision: int, provider: str, opened: Opened) -> None: ...

    def checkout(self, user_id: UUID, revision: int) -> Opened | None: ...


@runtime_checkable
class OfferedListings(Protocol):
    def on_offer(self, after: UUID, limit: int) -> Sequence[UUID]:
        """Listings that were put on offer and not taken down since, by their ids, those behind `after`."""
        ...
