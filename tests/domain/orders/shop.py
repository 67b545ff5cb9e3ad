"""Cara buys milk from Ana and Ben looks on; Stan is staff. Commands and events with what does not matter filled in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import asdict

from domain.orders import commands as c
from domain.orders import events as e
from domain.trade import OrderLine, Taken
from domain.values import SYSTEM, Actor, Address, Role

CARA = Actor(UUID("018f0000-0000-7000-8000-00000000ca2a"), frozenset({Role.CUSTOMER}))
ANA = Actor(UUID("018f0000-0000-7000-8000-00000000a0a0"), frozenset({Role.CUSTOMER}))
BEN = Actor(UUID("018f0000-0000-7000-8000-00000000be00"), frozenset({Role.CUSTOMER}))
STAN = Actor(UUID("018f0000-0000-7000-8000-000000057a00"), frozenset({Role.STAFF}))

ORDER = UUID("018f0000-0000-7000-8000-0000000d0d00")
CHECKOUT = UUID("018f0000-0000-7000-8000-00000000c0c0")
PAYMENT = UUID("018f0000-0000-7000-8000-00000000fa00")
MILK, BREAD = UUID(int=0xA1), UUID(int=0xB2)
MILK_STOCK, BREAD_STOCK = UUID(int=0xA5), UUID(int=0xB5)
SLOT, ZONE, CODE = UUID(int=0x51), UUID(int=0x20), UUID(int=0xC0)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DUE = NOON + timedelta(minutes=15)
HOME = Address("Cara", ("Seestrasse 1",), "Stäfa", "8712", "CH")
ELSEWHERE = Address("Cara", ("Seestrasse 2",), "Stäfa", "8712", "CH")

LINES = (
    OrderLine(1, MILK, ANA.id, MILK_STOCK, "MILK", "Milk", 3, 180, 0, 526, 260, 14, 540),
    OrderLine(2, BREAD, ANA.id, BREAD_STOCK, "LOAF", "Bread", 1, 450, 0, 439, 260, 11, 450),
)
TOTAL = 540 + 450 + 390
"""With 390 for delivery, 29 of it tax."""


def place(**changed: Any) -> c.PlaceOrder:
    given: dict[str, Any] = {
        "order_id": ORDER,
        "checkout_id": CHECKOUT,
        "buyer_id": CARA.id,
        "seller_id": ANA.id,
        "currency": "CHF",
        "lines": LINES,
        "goods": 990,
        "delivery_fee": 390,
        "delivery_tax": 29,
        "discount": 0,
        "tax": 54,
        "total": TOTAL,
        "address": HOME,
        "contact": "cara@example.org",
        "payment_id": PAYMENT,
        "payment_due": DUE,
        "now": NOON,
        "slot_id": SLOT,
        "starts_at": NOON + timedelta(days=1),
        "ends_at": NOON + timedelta(days=1, hours=2),
        "zone": ZONE,
        "timezone": "Europe/Zurich",
        "code": "MILK10",
        "code_id": CODE,
    }
    return c.PlaceOrder(**{**given, **changed})


def placed(**changed: Any) -> e.OrderPlaced:
    fields = asdict(place(**changed))
    return e.OrderPlaced(at=fields.pop("now"), tax_place=fields["address"].country, **fields)


ALL = (Taken(MILK_STOCK, 3), Taken(BREAD_STOCK, 1))
IDS = (ORDER, CARA.id, ANA.id)

confirmed = e.OrderConfirmed(*IDS, PAYMENT, ALL, SYSTEM.id, NOON)
answered_for = e.OrderConfirmed(*IDS, PAYMENT, ALL, STAN.id, NOON)
packed = e.OrderPacked(
    *IDS,
    HOME,
    ANA.id,
    NOON,
    "cara@example.org",
    None,
    SLOT,
    NOON + timedelta(days=1),
    NOON + timedelta(days=1, hours=2),
    ZONE,
    "Europe/Zurich",
)
dispatched = e.OrderDispatched(*IDS, SYSTEM.id, NOON)
delivered = e.OrderDelivered(*IDS, SYSTEM.id, NOON, PAYMENT)
requested = e.OrderReturnRequested(*IDS, (e.Part(1, 2),), e.Reason.DAMAGED, CARA.id, NOON)

paid = (placed(), confirmed)
arrived = (*paid, packed, dispatched, delivered)


def refund(number: int) -> UUID:
    return uuid5(ORDER, f"refund {number}")


def cancel(by: Actor = CARA, reason: e.Reason = e.Reason.OTHER) -> c.CancelOrder:
    return c.CancelOrder(ORDER, reason, by, NOON)


def cancelled(by: Actor = CARA, reason: e.Reason = e.Reason.OTHER, repaid: int = 0, taken: tuple[Taken, ...] = ALL, number: int = 1) -> Any:
    return e.OrderCancelled(*IDS, reason, by.id, taken, SLOT, CODE, repaid, refund(number), PAYMENT, NOON, CHECKOUT)
