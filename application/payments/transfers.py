"""What payouts need of a provider."""

from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

from domain.suppliers.events import Contact
from domain.trade import Bank
from domain.values import Address


class Payee(Struct, frozen=True):
    """The company that the account belongs to, as it is by now: who is written to, and where it is. None of what was erased."""

    contact: Contact | None = None
    address: Address | None = None


class Transfer(Struct, frozen=True):
    """One attempt as a provider is asked for it; `key` is our name for it, under which it is made once and found."""

    key: str
    payout_id: UUID
    attempt: int
    currency: str
    amount: int
    bank: Bank
    payee: Payee = Payee()


class Arrived(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"


class SeenTransfer(Struct, frozen=True):
    """A transfer as the provider has it."""

    payout_id: UUID
    attempt: int
    reference: str
    state: Arrived
    fee: int = 0
    code: str = ""


@runtime_checkable
class PayoutProvider(Protocol):
    """Raises `application.ports.Unavailable` where no answer came: whether it was done is then found out by asking."""

    def send(self, transfer: Transfer) -> SeenTransfer:
        """A refusal is an answer, not an error."""
        ...

    def find(self, transfer: Transfer) -> SeenTransfer | None:
        """What was sent under this key; None where nothing was."""
        ...
