"""Each shipment as supplier, organiser, members and staff see it: the parts under way and arrived, and what is wrong with the goods."""

from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace

from domain.groups.supply.events import (
    GoodsArrived,
    GoodsShipped,
    QualityIssueRaised,
    QualityIssueResolved,
    ShipmentCancelled,
    ShipmentEvent,
    ShipmentLapsed,
    ShipmentOpened,
    ShipmentStatus,
    Way,
    shipment_after,
)
from domain.values import Money, Value, clear
from projections.view import View


class ShippedPart(Value, frozen=True):
    """What was sent at once; `eta` is when it is expected. It may replace the pieces of a quality issue."""

    part: int
    quantity: int
    carrier: str
    tracking: str
    eta: date
    shipped_at: datetime
    replaces: UUID | None = None
    arrived_at: datetime | None = None
    received_by: str = ""


class QualityIssue(Value, frozen=True):
    """Pieces found wanting; `way` is null until it is settled, `replaced` counts what was sent in their place."""

    id: UUID
    quantity: int
    description: str
    photos: tuple[str, ...]
    raised_at: datetime
    way: Way | None = None
    amount: Money | None = None
    replaced: int = 0
    resolved_at: datetime | None = None

    @property
    def owed(self) -> int:
        return self.quantity - self.replaced if self.way == "replacement" else 0


class ShipmentPage(Value, frozen=True):
    """`due_at` is when everything must be under way.

    `owed` pieces are still to be sent, `under_way` are, `arrived` are there; `unquestioned` of those nobody has complained of.
    `refunded` is what the members got back for their quality.
    """

    id: UUID
    group_id: UUID
    supplier_id: UUID
    seller_id: UUID
    organiser_id: UUID
    quantity: int
    amount: Money
    due_at: datetime
    status: ShipmentStatus
    opened_at: datetime
    changed_at: datetime
    refunded: Money
    parts: tuple[ShippedPart, ...] = ()
    issues: tuple[QualityIssue, ...] = ()
    owed: int = 0
    under_way: int = 0
    arrived: int = 0
    unquestioned: int = 0
    open_issues: int = 0


def evolve(page: ShipmentPage | None, event: ShipmentEvent) -> ShipmentPage | None:
    if isinstance(event, ShipmentOpened):
        return counted(begin(event))
    if page is None:
        return None
    changed = replace(page, status=shipment_after(event, page.status), changed_at=event.at)
    return counted(further(changed, event))


def begin(event: ShipmentOpened) -> ShipmentPage:
    return ShipmentPage(
        event.shipment_id,
        event.group_id,
        event.supplier_id,
        event.seller_id,
        event.organiser_id,
        event.quantity,
        Money(event.amount, event.currency),
        event.due_at,
        ShipmentStatus.OPEN,
        event.at,
        event.at,
        Money(0, event.currency),
    )


def further(page: ShipmentPage, event: ShipmentEvent) -> ShipmentPage:
    match event:
        case GoodsShipped():
            return sent(page, event)
        case GoodsArrived():
            there = {"arrived_at": event.at, "received_by": clear(event.received_by)}
            return replace(page, parts=tuple(replace(each, **there) if each.part == event.part else each for each in page.parts))
        case QualityIssueRaised():
            issue = QualityIssue(event.issue_id, event.quantity, event.description, event.photos, event.at)
            return replace(page, issues=(*page.issues, issue))
        case QualityIssueResolved():
            amount = Money(event.amount, page.amount.currency) if event.way == "refund" else None
            settled = {"way": event.way, "amount": amount, "resolved_at": event.at}
            issues = tuple(replace(each, **settled) if each.id == event.issue_id else each for each in page.issues)
            return replace(page, issues=issues, refunded=Money(page.refunded.amount + event.amount, page.amount.currency))
        case ShipmentOpened() | ShipmentLapsed() | ShipmentCancelled():
            return page


def sent(page: ShipmentPage, event: GoodsShipped) -> ShipmentPage:
    part = ShippedPart(event.part, event.quantity, event.carrier, event.tracking, event.eta, event.at, event.replaces)
    issues = tuple(replace(each, replaced=each.replaced + event.quantity) if each.id == event.replaces else each for each in page.issues)
    return replace(page, parts=(*page.parts, part), issues=issues)


def counted(page: ShipmentPage) -> ShipmentPage:
    """What there is to do, which the caller's next steps hang on."""
    bought = sum(each.quantity for each in page.parts if each.replaces is None)
    arrived = sum(each.quantity for each in page.parts if each.arrived_at)
    return replace(
        page,
        owed=page.quantity - bought + sum(each.owed for each in page.issues),
        under_way=sum(each.quantity for each in page.parts if not each.arrived_at),
        arrived=arrived,
        unquestioned=arrived - sum(each.quantity for each in page.issues),
        open_issues=sum(each.way is None or each.owed > 0 for each in page.issues),
    )


def shipment_of(event: ShipmentEvent) -> UUID:
    return event.shipment_id


view = View(
    "shipments",
    ShipmentPage,
    key=shipment_of,
    evolve=evolve,
    events=(ShipmentOpened, GoodsShipped, GoodsArrived, QualityIssueRaised, QualityIssueResolved, ShipmentLapsed, ShipmentCancelled),
    columns={
        "group_id": "uuid",
        "supplier_id": "uuid",
        "seller_id": "uuid",
        "organiser_id": "uuid",
        "status": "text",
        "owed": "integer",
        "under_way": "integer",
        "unquestioned": "integer",
        "open_issues": "integer",
    },
    indexes=("supplier_id", "organiser_id"),
)
