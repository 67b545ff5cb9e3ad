"""A shipment: an accepted group's goods on their way in one or several parts, and what is wrong with them when they are there."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.groups.supply.commands import (
    CancelShipment,
    ChangeShipment,
    LapseShipment,
    OpenShipment,
    RaiseQualityIssue,
    RecordArrival,
    ResolveQualityIssue,
    ShipGoods,
    ShipmentCommand,
)
from domain.groups.supply.events import (
    GoodsArrived,
    GoodsShipped,
    QualityIssueRaised,
    QualityIssueResolved,
    ShipmentCancelled,
    ShipmentEvent,
    ShipmentLapsed,
    ShipmentOpened,
    shipment_after,
)
from domain.groups.supply.quote import SUPPLIER, relations
from domain.groups.supply.standing import AWAITED, LIFECYCLE, Issue, Opened, Part, Shipment, Unopened, offered
from domain.text import line, said
from domain.values import Actor

GRACE = timedelta(days=14)
"""How long after the agreed lead time everything must be under way."""
LOST = timedelta(days=30)
"""How long after their estimated arrival goods that nobody has seen count as never sent."""
LONGEST_WAY = timedelta(days=365)
NAME_LIMIT = 100
TEXT_LIMIT = 2000
MOST_PHOTOS = 10
PHOTO_LIMIT = 300
MOST_PARTS = 50
MOST_ISSUES = 50


def decide(command: ShipmentCommand, shipment: Shipment) -> list[ShipmentEvent]:
    match command, shipment:
        case OpenShipment(), Unopened():
            return [opened(command)]
        case OpenShipment(), Opened():
            return []  # asked twice: already so
        case ((LapseShipment() | CancelShipment()), Unopened()):
            return []
        case _, Unopened():
            raise Rejected("shipment_not_found")
        case _, Opened():
            return change(command, shipment)


def opened(command: OpenShipment) -> ShipmentOpened:
    return ShipmentOpened(
        command.shipment_id,
        command.group_id,
        command.supplier_id,
        command.seller_id,
        command.organiser_id,
        command.quantity,
        command.amount,
        command.currency,
        command.due_at,
        command.now,
    )


def change(command: ChangeShipment, shipment: Opened) -> list[ShipmentEvent]:
    id, group = shipment.shipment_id, shipment.group_id
    match command:
        case LapseShipment(now=now):
            over = shipment.status in AWAITED and now >= shipment.due_at
            return [ShipmentLapsed(id, group, shipment.shipped, now)] if over else []
        case CancelShipment(now=now):
            return [ShipmentCancelled(id, group, now)] if shipment.status in AWAITED else []
        case ShipGoods() | RecordArrival() | RaiseQualityIssue() | ResolveQualityIssue():
            held = relations(shipment.seller_id, shipment.organiser_id, command.by, for_supplier=command.for_supplier)
            LIFECYCLE.check(command, shipment.status, held)
            match command:
                case ShipGoods():
                    return [shipped(command, shipment)]
                case RecordArrival():
                    return arrived(command, shipment, held)
                case RaiseQualityIssue():
                    return raised(command, shipment)
                case ResolveQualityIssue():
                    return [resolved(command, shipment)]


def shipped(command: ShipGoods, shipment: Opened) -> GoodsShipped:
    left = to_send(command.replaces, shipment)
    if not 1 <= command.quantity <= left:
        raise Rejected("over_shipped", f"{left} pieces are to be sent.", pointer="/quantity")
    if len(shipment.parts) >= MOST_PARTS:
        raise Rejected("over_shipped", f"At most {MOST_PARTS} parts.")
    if not command.now.date() <= command.eta <= (command.now + LONGEST_WAY).date():
        raise Rejected("eta_invalid", "From today on, within a year.", pointer="/eta")
    return GoodsShipped(
        shipment.shipment_id,
        shipment.group_id,
        len(shipment.parts) + 1,
        command.quantity,
        line(said(command.carrier, NAME_LIMIT, "/carrier"), NAME_LIMIT, "/carrier"),
        line(command.tracking, NAME_LIMIT, "/tracking"),
        command.eta,
        command.replaces is None and shipment.shipped + command.quantity == shipment.quantity,
        command.by.id,
        command.now,
        command.replaces,
    )


def to_send(replaces: UUID | None, shipment: Opened) -> int:
    """Pieces of what was bought, or of what is to be replaced."""
    if replaces is None:
        return shipment.quantity - shipment.shipped
    issue = shipment.issues.get(replaces)
    if issue is None:
        raise Rejected("issue_not_found", pointer="/replaces")
    return issue.owed


def arrived(command: RecordArrival, shipment: Opened, held: frozenset[str]) -> list[ShipmentEvent]:
    if not 1 <= command.part <= len(shipment.parts):
        raise Rejected("part_not_found", pointer="/part")
    part = shipment.parts[command.part - 1]
    if part.arrived:
        return []  # recorded twice: already so
    if held == frozenset({SUPPLIER}) and not command.received_by.strip():
        raise Rejected("proof_required", "Say who took it in.", pointer="/receivedBy")
    bought = part.replaces is None
    there = sum(each.quantity for each in shipment.parts if each.arrived and each.replaces is None)
    return [
        GoodsArrived(
            shipment.shipment_id,
            shipment.group_id,
            command.part,
            part.quantity,
            line(command.received_by, NAME_LIMIT, "/receivedBy"),
            bought and there + part.quantity == shipment.quantity,
            command.by.id,
            command.now,
        )
    ]


def raised(command: RaiseQualityIssue, shipment: Opened) -> list[ShipmentEvent]:
    if command.issue_id in shipment.issues:
        return []  # raised twice: already so
    left = shipment.unquestioned
    if not 1 <= command.quantity <= left:
        raise Rejected("quantity_invalid", f"{left} pieces are there that nobody has complained about.", pointer="/quantity")
    if len(shipment.issues) >= MOST_ISSUES or len(command.photos) > MOST_PHOTOS:
        raise Rejected("too_many", f"At most {MOST_ISSUES} issues, with {MOST_PHOTOS} photos each.")
    return [
        QualityIssueRaised(
            shipment.shipment_id,
            shipment.group_id,
            command.issue_id,
            command.quantity,
            said(command.description, TEXT_LIMIT, "/description"),
            tuple(line(each, PHOTO_LIMIT, f"/photos/{n}") for n, each in enumerate(command.photos)),
            command.by.id,
            command.now,
        )
    ]


def resolved(command: ResolveQualityIssue, shipment: Opened) -> QualityIssueResolved:
    issue = shipment.issues.get(command.issue_id)
    if issue is None:
        raise Rejected("issue_not_found", pointer="/issueId")
    if not issue.open or command.way == issue.way:
        raise Rejected("issue_resolved", "It has been settled.")
    left = shipment.amount - shipment.refunded
    if command.way == "refund" and not 1 <= command.amount <= left:
        raise Rejected("amount_invalid", f"{left} is left of what was agreed on.", pointer="/amount")
    if command.way == "replacement" and command.amount:
        raise Rejected("amount_invalid", "A replacement costs nothing.", pointer="/amount")
    quantity = issue.quantity if command.way == "replacement" else 0
    id, group, by = shipment.shipment_id, shipment.group_id, command.by.id
    return QualityIssueResolved(id, group, command.issue_id, command.way, quantity, command.amount, by, command.now)


def evolve(shipment: Shipment, event: ShipmentEvent) -> Shipment:
    match event, shipment:
        case ShipmentOpened(), _:
            return Opened(
                event.shipment_id,
                event.group_id,
                event.supplier_id,
                event.seller_id,
                event.organiser_id,
                event.quantity,
                event.amount,
                event.due_at,
            )
        case _, Opened():
            return further(replace(shipment, status=shipment_after(event, shipment.status)), event)
        case _:
            return shipment


def further(shipment: Opened, event: ShipmentEvent) -> Opened:
    match event:
        case GoodsShipped(replaces=None):
            due_at = arrival_due(event) if event.complete else shipment.due_at
            return replace(shipment, parts=(*shipment.parts, Part(event.quantity)), due_at=due_at)
        case GoodsShipped(replaces=UUID() as id):
            was = shipment.issues[id]
            issues = {**shipment.issues, id: replace(was, replaced=was.replaced + event.quantity)}
            return replace(shipment, parts=(*shipment.parts, Part(event.quantity, replaces=id)), issues=issues)
        case GoodsArrived(part=number):
            parts = tuple(replace(each, arrived=True) if n == number else each for n, each in enumerate(shipment.parts, 1))
            return replace(shipment, parts=parts)
        case QualityIssueRaised():
            return replace(shipment, issues={**shipment.issues, event.issue_id: Issue(event.quantity)})
        case QualityIssueResolved():
            issues = {**shipment.issues, event.issue_id: replace(shipment.issues[event.issue_id], way=event.way)}
            return replace(shipment, issues=issues, refunded=shipment.refunded + event.amount)
        case _:
            return shipment


def arrival_due(event: GoodsShipped) -> datetime:
    """When goods that nobody has seen are lost."""
    return datetime.combine(event.eta, event.at.timetz()) + LOST


def actions(shipment: Any, by: Actor, *, for_supplier: bool = False) -> list[str]:
    if not isinstance(shipment, Opened):
        return []
    held = relations(shipment.seller_id, shipment.organiser_id, by, for_supplier=for_supplier)
    return offered(
        shipment.status,
        held,
        owed=shipment.owed,
        under_way=shipment.under_way,
        unquestioned=shipment.unquestioned,
        open_issues=shipment.open_issues,
    )


shipments = Decider("shipment", Unopened(), decide, evolve, actions=actions)
