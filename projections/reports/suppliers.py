"""How suppliers serve groups: whether they answer and how soon, whether everything is under way in time, and whether it is good."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from domain.groups.supply.events import (
    GoodsShipped,
    QualityIssueRaised,
    QuoteLapsed,
    QuoteRejected,
    QuoteRequested,
    QuoteSubmitted,
    ShipmentLapsed,
    ShipmentOpened,
)
from domain.values import Value
from projections.view import Journal, Sum

Step = QuoteRequested | QuoteSubmitted | QuoteRejected | QuoteLapsed | ShipmentOpened | GoodsShipped | ShipmentLapsed | QualityIssueRaised


class SupplierFigures(Value, frozen=True):
    """Of `asked` groups so many were `answered` with a price, after `minutes` in all, `refused` or left `unanswered`.

    Of `due` shipments so many were wholly under way `punctual`ly. Of `shipped` pieces, `faulty` ones were complained of in `issues`.
    """

    day: date
    supplier_id: UUID
    seller_id: UUID
    asked: int = 0
    answered: int = 0
    minutes: int = 0
    refused: int = 0
    unanswered: int = 0
    due: int = 0
    punctual: int = 0
    shipped: int = 0
    issues: int = 0
    faulty: int = 0


class Known(Value, frozen=True):
    supplier_id: UUID
    seller_id: UUID
    asked_at: datetime
    due_at: datetime | None = None


def evolve(known: Known | None, event: Step) -> Known | None:
    match event, known:
        case QuoteRequested(), _:
            return Known(event.supplier_id, event.seller_id, event.at)
        case ShipmentOpened(due_at=due_at), Known():
            return replace(known, due_at=due_at)
        case _:
            return known


def rows(known: Known | None, event: Step) -> Sequence[SupplierFigures]:
    supplier = evolve(known, event)
    counted = None if supplier is None else figures(supplier, event)
    if supplier is None or not counted:
        return []
    return [SupplierFigures(event.at.astimezone(UTC).date(), supplier.supplier_id, supplier.seller_id, **counted)]


def figures(supplier: Known, event: Step) -> dict[str, int]:
    match event:
        case QuoteRequested():
            return {"asked": 1}
        case QuoteSubmitted(revision=1, at=at):
            return {"answered": 1, "minutes": (at - supplier.asked_at) // timedelta(minutes=1)}
        case QuoteRejected(side="supplier"):
            return {"refused": 1}
        case QuoteLapsed(side="supplier"):
            return {"unanswered": 1}
        case GoodsShipped(quantity=quantity, complete=complete, at=at):
            punctual = complete and supplier.due_at is not None and at <= supplier.due_at
            return {"shipped": quantity, "due": int(complete), "punctual": int(punctual)}
        case ShipmentLapsed():
            return {"due": 1}
        case QualityIssueRaised(quantity=quantity):
            return {"issues": 1, "faulty": quantity}
        case QuoteSubmitted() | QuoteRejected() | QuoteLapsed() | ShipmentOpened():
            return {}


def group_of(event: Step) -> UUID:
    return event.group_id


FIGURES = ("asked", "answered", "minutes", "refused", "unanswered", "due", "punctual", "shipped", "issues", "faulty")

DAILY = Sum("daily", by=("day", "supplier_id", "seller_id"), of=FIGURES)

journal: Journal[SupplierFigures] = Journal(
    "supplier_figures",
    SupplierFigures,
    key=group_of,
    rows=rows,
    events=(QuoteRequested, QuoteSubmitted, QuoteRejected, QuoteLapsed, ShipmentOpened, GoodsShipped, ShipmentLapsed, QualityIssueRaised),
    sums=(DAILY,),
    known=Known,
    evolve=evolve,
)
