"""Tendai organises a group that buys 100 sacks at 900 cents from Musa's mill; Nyasha works there, Sam is staff, Eve has no part."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.groups.ids import quote_id, shipment_id
from domain.groups.supply import commands as c
from domain.groups.supply import events as e
from domain.values import SYSTEM, Actor, Role

TENDAI = Actor(UUID("018f0000-0000-7000-8000-00000000ae01"), frozenset({Role.CUSTOMER}))
MUSA = Actor(UUID("018f0000-0000-7000-8000-00000000ae02"), frozenset({Role.SUPPLIER}))
NYASHA = Actor(UUID("018f0000-0000-7000-8000-00000000ae03"), frozenset({Role.CUSTOMER}))
SAM = Actor(UUID("018f0000-0000-7000-8000-00000000ae04"), frozenset({Role.STAFF}))
EVE = Actor(UUID("018f0000-0000-7000-8000-00000000ae05"), frozenset({Role.SUPPLIER}))

GROUP = UUID("018f0000-0000-7000-8000-00000000ae10")
MILL = UUID("018f0000-0000-7000-8000-00000000ae11")
LISTING = UUID("018f0000-0000-7000-8000-00000000ae12")
ISSUE = UUID("018f0000-0000-7000-8000-00000000ae13")
QUOTE, SHIPMENT = quote_id(GROUP), shipment_id(GROUP)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
VALID = NOON + 7 * DAY
TOMORROW = date(2026, 6, 2)

requested = e.QuoteRequested(QUOTE, GROUP, MILL, MUSA.id, TENDAI.id, 100, 900, "USD", NOON + 3 * DAY, NOON, LISTING, "MAIZE-50")
accepted = e.QuoteAccepted(QUOTE, GROUP, 880, 10, NOON, "organiser", TENDAI.id)
rejected = e.QuoteRejected(QUOTE, GROUP, "supplier", "The harvest is lost.", MUSA.id, NOON)
lapsed = e.QuoteLapsed(QUOTE, GROUP, NOON + 3 * DAY, "supplier")
withdrawn = e.QuoteWithdrawn(QUOTE, GROUP, NOON)


def quoted(price: int = 880, quantity: int = 100, revision: int = 1, by: Actor = MUSA) -> e.QuoteSubmitted:
    return e.QuoteSubmitted(QUOTE, GROUP, MILL, MUSA.id, TENDAI.id, price, quantity, 10, VALID, revision, "", by.id, NOON)


def countered(price: int = 850) -> e.QuoteCountered:
    return e.QuoteCountered(QUOTE, GROUP, MILL, MUSA.id, TENDAI.id, price, 10, "", NOON + 2 * DAY, TENDAI.id, NOON)


request_it = c.RequestQuote(QUOTE, GROUP, MILL, MUSA.id, TENDAI.id, 100, 900, "USD", NOON + 3 * DAY, SYSTEM, NOON, LISTING, "MAIZE-50")


def submit(by: Actor = MUSA, **given: Any) -> c.SubmitQuote:
    fields: dict[str, Any] = {"price": 880, "quantity": 100, "lead_days": 10, "valid_until": VALID, "note": "", "now": NOON, **given}
    return c.SubmitQuote(QUOTE, by=by, **fields)


def counter(by: Actor = TENDAI, price: int = 850, lead_days: int | None = None) -> c.CounterQuote:
    return c.CounterQuote(QUOTE, price, "", by, NOON, lead_days)


def accept(by: Actor = TENDAI, now: datetime = NOON) -> c.AcceptQuote:
    return c.AcceptQuote(QUOTE, by, now)


def reject(by: Actor = MUSA, reason: str = "The harvest is lost.") -> c.RejectQuote:
    return c.RejectQuote(QUOTE, reason, by, NOON)


opened = e.ShipmentOpened(SHIPMENT, GROUP, MILL, MUSA.id, TENDAI.id, 100, 88_000, "USD", NOON + 24 * DAY, NOON)
ended = e.ShipmentLapsed(SHIPMENT, GROUP, 0, NOON + 24 * DAY)
cancelled = e.ShipmentCancelled(SHIPMENT, GROUP, NOON)
complaint = e.QualityIssueRaised(SHIPMENT, GROUP, ISSUE, 5, "Wet sacks.", (), SAM.id, NOON)
open_it = c.OpenShipment(SHIPMENT, GROUP, MILL, MUSA.id, TENDAI.id, 100, 88_000, "USD", NOON + 24 * DAY, SYSTEM, NOON)


def sent(quantity: int = 100, part: int = 1, *, complete: bool = True, by: Actor = MUSA, replaces: UUID | None = None) -> e.GoodsShipped:
    return e.GoodsShipped(SHIPMENT, GROUP, part, quantity, "Swift", "ZW1", TOMORROW, complete, by.id, NOON, replaces)


def there(quantity: int = 100, part: int = 1, *, complete: bool = True, by: Actor = TENDAI, received_by: str = "") -> e.GoodsArrived:
    return e.GoodsArrived(SHIPMENT, GROUP, part, quantity, received_by, complete, by.id, NOON)


def settled(way: e.Way, amount: int = 0, quantity: int = 0) -> e.QualityIssueResolved:
    return e.QualityIssueResolved(SHIPMENT, GROUP, ISSUE, way, quantity, amount, SAM.id, NOON)


def ship(by: Actor = MUSA, quantity: int = 100, **given: Any) -> c.ShipGoods:
    fields: dict[str, Any] = {"carrier": "Swift", "tracking": "ZW1", "eta": TOMORROW, "now": NOON, **given}
    return c.ShipGoods(SHIPMENT, quantity, by=by, **fields)


def arrive(by: Actor = TENDAI, part: int = 1, received_by: str = "") -> c.RecordArrival:
    return c.RecordArrival(SHIPMENT, part, by, NOON, received_by)


def complain(by: Actor = SAM, quantity: int = 5, issue: UUID = ISSUE) -> c.RaiseQualityIssue:
    return c.RaiseQualityIssue(SHIPMENT, issue, quantity, "Wet sacks.", by, NOON)


def settle(way: e.Way, amount: int = 0, by: Actor = SAM) -> c.ResolveQualityIssue:
    return c.ResolveQualityIssue(SHIPMENT, ISSUE, way, amount, by, NOON)
