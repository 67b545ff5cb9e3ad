"""From the supplier's quote to the last piece picked up: what a locked group is told of, and how it is settled."""

from datetime import datetime

from domain.decider import Rejected
from domain.groups.commands import AcceptGroup, EndPickUp, NoteCollected, NoteInvoice, NoteQuote, NoteShipment
from domain.groups.contributions.contribution import SHARED, cheaper
from domain.groups.events import (
    GroupAccepted,
    GroupCompleted,
    GroupDelivered,
    GroupEvent,
    GroupInvoiced,
    GroupQuoted,
    GroupSettled,
    GroupShipped,
    Holding,
    MemberCollected,
    Part,
    PickUpOpened,
    Status,
    SupplierNotified,
)
from domain.groups.standing import Opened, ends
from domain.groups.terms import PICKED_UP_WITHIN, fee_of

AGREEING = {Status.LOCKED, Status.SUPPLIER_NOTIFIED, Status.QUOTED}
AWAITED = {Status.ACCEPTED, Status.INVOICED}
"""What is told out of turn changes nothing: the group has moved on before."""


def note_quote(command: NoteQuote, group: Opened) -> list[GroupEvent]:
    id, quote, now = group.group_id, command.quote_id, command.now
    if group.status not in AGREEING:
        return []
    asked: list[GroupEvent] = [SupplierNotified(id, quote, now)] if group.status is Status.LOCKED else []
    return asked if command.price is None else [*asked, GroupQuoted(id, quote, command.price, now)]


def accept(command: AcceptGroup, group: Opened) -> list[GroupEvent]:
    if group.status not in AGREEING:
        return []
    if command.price > group.agreed:
        raise Rejected("quote_above_held", f"The members have paid {group.agreed} for each piece.")
    accepted = GroupAccepted(
        group.group_id,
        command.quote_id,
        command.price,
        command.price * group.bought,
        group.supplier_id,
        group.seller_id,
        group.organiser_id,
        command.lead_days,
        group.currency,
        group.bought,
        command.now,
    )
    return [accepted, *cheaper(group, command.price, command.now, "price_fell accepted")]


def note_invoice(command: NoteInvoice, group: Opened) -> list[GroupEvent]:
    known = group.invoiced or group.status not in {*SHARED, Status.COMPLETED}
    return [] if known else [GroupInvoiced(group.group_id, command.invoice_id, command.now)]


def note_shipment(command: NoteShipment, group: Opened) -> list[GroupEvent]:
    """What has arrived was shipped, and lies ready to be picked up."""
    id, shipment, now = group.group_id, command.shipment_id, command.now
    if group.status not in {*AWAITED, Status.SHIPPED}:
        return []
    shipped: list[GroupEvent] = [GroupShipped(id, shipment, now)] if group.status in AWAITED else []
    if command.status == "shipped":
        return shipped
    parts = tuple(Part(each, one.quantity, one.pickup_id, one.amount) for each, one in group.members.items() if one.paid)
    ends_at = ends(group, now, PICKED_UP_WITHIN)
    ready = PickUpOpened(id, parts, group.pickups, ends_at, now, group.organiser_id, group.title, group.sku, group.unit)
    return [*shipped, GroupDelivered(id, shipment, now), ready]


def note_collected(command: NoteCollected, group: Opened) -> list[GroupEvent]:
    """Never more than the member has paid for; also after the end, from whoever still has the goods."""
    member = group.members.get(command.member_id)
    if member is None or group.status not in {Status.PICKING_UP, Status.COMPLETED}:
        return []
    quantity = min(command.quantity, member.quantity - member.collected)
    if quantity <= 0:
        return []
    collected = group.collected + quantity
    taken = MemberCollected(group.group_id, command.member_id, quantity, collected, command.now)
    last = collected == group.bought and group.status is Status.PICKING_UP
    return [taken, *(complete(group, command.now) if last else [])]


def end_pick_up(command: EndPickUp, group: Opened) -> list[GroupEvent]:
    over = group.status is Status.PICKING_UP and group.ends_at is not None and command.now >= group.ends_at
    return complete(group, command.now) if over else []


def complete(group: Opened, now: datetime) -> list[GroupEvent]:
    """All that is held goes to the seller, less the platform's part of it."""
    by_currency: dict[str, int] = {}
    for each in group.members.values():
        if each.held:
            by_currency[each.currency] = by_currency.get(each.currency, 0) + each.held
    holdings = tuple(Holding(currency, held, fee_of(held, group.fee_rate)) for currency, held in sorted(by_currency.items()))
    settled = GroupSettled(
        group.group_id,
        group.supplier_id,
        group.seller_id,
        group.currency,
        group.held,
        fee_of(group.held, group.fee_rate),
        now,
        holdings,
    )
    return [GroupCompleted(group.group_id, now), settled]
