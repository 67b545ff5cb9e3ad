"""The smallest kind of stream, so that what is measured is the log."""
# ruff: noqa: F821 - a personal field names its subject in a string, which is no annotation

from datetime import datetime
from uuid import UUID

from domain.decider import Decider
from domain.values import Erased, Personal, Value


class PayIn(Value, frozen=True):
    amount: int


class PaidIn(Value, frozen=True):
    amount: int


def decide(command: PayIn, _total: int) -> list[PaidIn]:
    return [PaidIn(command.amount)]


def evolve(total: int, event: PaidIn) -> int:
    return total + event.amount


class OrderTaken(Value, frozen=True):
    """An event as most are: of ids, money, a word and a moment."""

    order_id: UUID
    buyer_id: UUID
    amount: int
    currency: str
    note: str
    at: datetime


tills: Decider[PayIn, PaidIn, int] = Decider("till", 0, decide, evolve)


class GuestPaidIn(Value, frozen=True):
    """Who paid is his own affair."""

    amount: int
    guest_id: UUID
    name: Personal[str | Erased, "guest_id"]


def evolve_guests(total: int, event: GuestPaidIn) -> int:
    return total + event.amount


def decide_guests(_command: PayIn, _total: int) -> list[GuestPaidIn]:
    return []


guests: Decider[PayIn, GuestPaidIn, int] = Decider("guest_till", 0, decide_guests, evolve_guests)


def evolve_orders(count: int, _event: OrderTaken) -> int:
    return count + 1


def decide_orders(_command: PayIn, _count: int) -> list[OrderTaken]:
    return []


orders: Decider[PayIn, OrderTaken, int] = Decider("order_book", 0, decide_orders, evolve_orders)
