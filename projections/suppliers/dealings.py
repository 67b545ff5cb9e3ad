"""How suppliers do: quotes that they answered and when, goods that they sent and when, what was complained of, and their stars."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
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
from domain.suppliers.events import SupplierRated
from domain.values import Value
from projections.view import Journal, Sum

DealingEvent = (
    QuoteRequested
    | QuoteSubmitted
    | QuoteRejected
    | QuoteLapsed
    | ShipmentOpened
    | GoodsShipped
    | ShipmentLapsed
    | QualityIssueRaised
    | SupplierRated
)


class Dealing(Value, frozen=True):
    """Counts of one day with one group; `answered` are first answers, `refused` those of them that say no.

    `due` shipments are those that were agreed on, `shipped` when all of one is under way: `punctual` by then, or late.
    What lapsed is `missed`.
    """

    day: date
    supplier_id: UUID
    group_id: UUID
    asked: int = 0
    answered: int = 0
    answered_in_time: int = 0
    refused: int = 0
    unanswered: int = 0
    due: int = 0
    shipped: int = 0
    punctual: int = 0
    missed: int = 0
    pieces: int = 0
    issues: int = 0
    faulty: int = 0
    ratings: int = 0
    stars: int = 0


class Deal(Value, frozen=True):
    """What of a group's dealings with its supplier has to be known to judge what comes next."""

    supplier_id: UUID
    answer_by: datetime
    answered: bool = False
    due_at: datetime | None = None


def evolve(deal: Deal | None, event: DealingEvent) -> Deal | None:
    if isinstance(event, QuoteRequested):
        return Deal(event.supplier_id, event.answer_by)
    if deal is None:
        return None
    match event:
        case QuoteSubmitted() | QuoteRejected(side="supplier"):
            return replace(deal, answered=True)
        case ShipmentOpened(due_at=due_at):
            return replace(deal, due_at=due_at)
        case _:
            return deal


def rows(deal: Deal | None, event: DealingEvent) -> Sequence[Dealing]:
    match event:
        case QuoteRequested() | SupplierRated():
            return [first(event)]
        case _:
            return [] if deal is None else [each for each in [later(deal, event)] if each is not None]


def first(event: QuoteRequested | SupplierRated) -> Dealing:
    """What says by itself whom it is about."""
    of = (day_of(event.at), event.supplier_id, event.group_id)
    return Dealing(*of, asked=1) if isinstance(event, QuoteRequested) else Dealing(*of, ratings=1, stars=event.stars)


def later(deal: Deal, event: DealingEvent) -> Dealing | None:
    none = Dealing(day_of(event.at), deal.supplier_id, event.group_id)
    match event:
        case QuoteSubmitted() | QuoteRejected(side="supplier"):
            in_time = int(event.at <= deal.answer_by)
            refused = int(isinstance(event, QuoteRejected))
            return None if deal.answered else replace(none, answered=1, answered_in_time=in_time, refused=refused)
        case QuoteLapsed(side="supplier"):
            return None if deal.answered else replace(none, unanswered=1)
        case ShipmentOpened():
            return replace(none, due=1)
        case GoodsShipped():
            in_time = int(deal.due_at is None or event.at <= deal.due_at)
            return replace(none, pieces=event.quantity, shipped=int(event.complete), punctual=in_time if event.complete else 0)
        case ShipmentLapsed():
            return replace(none, missed=1)
        case QualityIssueRaised():
            return replace(none, issues=1, faulty=event.quantity)
        case _:
            return None


def day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def group_of(event: DealingEvent) -> UUID:
    return event.group_id


COUNTS = (
    "asked",
    "answered",
    "answered_in_time",
    "refused",
    "unanswered",
    "due",
    "shipped",
    "punctual",
    "missed",
    "pieces",
    "issues",
    "faulty",
    "ratings",
    "stars",
)
OVERALL = Sum("overall", by=("supplier_id",), of=COUNTS)
DAILY = Sum("daily", by=("day", "supplier_id"), of=COUNTS)

journal: Journal[Dealing] = Journal(
    "supplier_dealings",
    Dealing,
    key=group_of,
    rows=rows,
    events=(
        QuoteRequested,
        QuoteSubmitted,
        QuoteRejected,
        QuoteLapsed,
        ShipmentOpened,
        GoodsShipped,
        ShipmentLapsed,
        QualityIssueRaised,
        SupplierRated,
    ),
    sums=(OVERALL, DAILY),
    known=Deal,
    evolve=evolve,
)
