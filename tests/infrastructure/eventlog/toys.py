"""A small family of streams to try the log with: tills, which count money, and guests, of whom personal things are known."""
# ruff: noqa: F821 - a personal field names its subject in a string, which is no annotation

from typing import ClassVar
from uuid import UUID

from msgspec.structs import replace
from uuid_utils.compat import uuid4, uuid7

from application.ports import Meta
from domain.decider import Decider, Rejected
from domain.values import Address, Erased, Personal, Value
from infrastructure.keys import PersonalKeys

ANA = UUID(int=1)
WRAPPING_KEY = bytes(range(32))


class OpenTill(Value, frozen=True):
    pass


class PayIn(Value, frozen=True):
    amount: int
    times: int = 1


class TillOpened(Value, frozen=True):
    pass


class PaidIn(Value, frozen=True):
    schema: ClassVar[int] = 1
    amount: int


class Till(Value, frozen=True):
    total: int = 0
    opened: bool = False


def decide(command: OpenTill | PayIn, till: Till) -> list[TillOpened | PaidIn]:
    match command:
        case OpenTill():
            return [] if till.opened else [TillOpened()]
        case PayIn(amount) if amount < 0:
            raise Rejected("negative_amount")
        case PayIn(amount, times):
            return [PaidIn(amount)] * times


def evolve(till: Till, event: TillOpened | PaidIn) -> Till:
    match event:
        case TillOpened():
            return replace(till, opened=True)
        case PaidIn(amount):
            return replace(till, total=till.total + amount)


tills = Decider("till", Till(), decide, evolve)


class Draw(Value, frozen=True):
    pass


class Drawn(Value, frozen=True):
    pass


def draw(_command: Draw, drawn: int) -> list[Drawn]:
    if drawn >= 1_000_000:
        raise Rejected("urn_empty")
    return [Drawn()]


def after_drawing(drawn: int, _event: Drawn) -> int:
    return drawn + 1


urns = Decider("urn", 0, draw, after_drawing, contended=True)


class Arrive(Value, frozen=True):
    guest: UUID
    name: str
    address: Address | None = None
    former: tuple[Address, ...] = ()


class GuestArrived(Value, frozen=True):
    guest_id: UUID
    room: int
    name: Personal[str | Erased, "guest_id"]
    address: Personal[Address | Erased | None, "guest_id"] = None
    former: Personal[tuple[Address, ...] | Erased, "guest_id"] = ()


def receive(command: Arrive, _stay: GuestArrived | None) -> list[GuestArrived]:
    return [GuestArrived(command.guest, 7, command.name, command.address, command.former)]


def after_arrival(_stay: GuestArrived | None, event: GuestArrived) -> GuestArrived | None:
    return event


stays: Decider[Arrive, GuestArrived, GuestArrived | None] = Decider("stay", None, receive, after_arrival)

ALL = (tills, urns, stays)


def meta(command_id: UUID | None = None, *, fingerprint: bytes = b"", actor: UUID = ANA) -> Meta:
    chosen = command_id or uuid7()
    return Meta(chosen, actor, chosen, None, fingerprint)


def keys() -> PersonalKeys:
    return PersonalKeys(WRAPPING_KEY)


def new_stream() -> UUID:
    return uuid4()
