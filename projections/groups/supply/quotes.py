"""Each quote as the supplier and the organiser see it: what is asked for, what each side has named, and whose turn it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec.structs import replace

from domain.groups.ids import shipment_id
from domain.groups.supply.events import (
    QuoteAccepted,
    QuoteCountered,
    QuoteEvent,
    QuoteLapsed,
    QuoteRejected,
    QuoteRequested,
    QuoteStatus,
    QuoteSubmitted,
    QuoteWithdrawn,
    Side,
    status_after,
)
from domain.values import Actor, Money, Role, Value, clear
from projections.sql import ALL, Order, Where, equals
from projections.view import View


class Offer(Value, frozen=True):
    """What one side has named for one piece; it stands until `until`. The `note` is empty once its writer is forgotten."""

    side: Side
    price: Money
    quantity: int
    lead_days: int
    until: datetime
    note: str
    at: datetime


class QuotePage(Value, frozen=True):
    """`held` is what the members have paid for each of the `quantity` pieces, beyond which nothing can be accepted.

    `offers` stand in the order in which they were made; `until` is when the turn ends of whoever's it is. `ended_by` says which side
    ended it, and `reason` why. There is a `shipment_id` once it is accepted.
    """

    id: UUID
    group_id: UUID
    supplier_id: UUID
    seller_id: UUID
    organiser_id: UUID
    listing_id: UUID | None
    sku: str
    quantity: int
    held: Money
    status: QuoteStatus
    until: datetime
    requested_at: datetime
    changed_at: datetime
    offers: tuple[Offer, ...] = ()
    price: Money | None = None
    lead_days: int | None = None
    ended_by: Side | None = None
    reason: str = ""
    shipment_id: UUID | None = None


def evolve(page: QuotePage | None, event: QuoteEvent) -> QuotePage | None:
    if isinstance(event, QuoteRequested):
        return begin(event)
    if page is None:
        return None
    changed = replace(page, status=status_after(event), changed_at=event.at)
    match event:
        case QuoteSubmitted():
            return offered(changed, offer("supplier", changed, event, event.quantity, event.valid_until))
        case QuoteCountered():
            return offered(changed, offer("organiser", changed, event, page.quantity, event.answer_by))
        case QuoteAccepted(price=price, lead_days=lead_days):
            agreed = Money(price, page.held.currency)
            return replace(changed, price=agreed, lead_days=lead_days, ended_by=event.side, shipment_id=shipment_id(page.group_id))
        case QuoteRejected(side=side, reason=reason):
            return replace(changed, ended_by=side, reason=clear(reason))
        case QuoteLapsed(side=side):
            return replace(changed, ended_by=side)
        case QuoteWithdrawn():
            return replace(changed, shipment_id=None)


def begin(event: QuoteRequested) -> QuotePage:
    return QuotePage(
        event.quote_id,
        event.group_id,
        event.supplier_id,
        event.seller_id,
        event.organiser_id,
        event.listing_id,
        event.sku,
        event.quantity,
        Money(event.price, event.currency),
        QuoteStatus.REQUESTED,
        event.answer_by,
        event.at,
        event.at,
    )


def offer(side: Side, page: QuotePage, event: QuoteSubmitted | QuoteCountered, quantity: int, until: datetime) -> Offer:
    return Offer(side, Money(event.price, page.held.currency), quantity, event.lead_days, until, clear(event.note), event.at)


def offered(page: QuotePage, offer: Offer) -> QuotePage:
    return replace(page, offers=(*page.offers, offer), until=offer.until)


def quote_of(event: QuoteEvent) -> UUID:
    return event.quote_id


view = View(
    "quotes",
    QuotePage,
    key=quote_of,
    evolve=evolve,
    events=(QuoteRequested, QuoteSubmitted, QuoteCountered, QuoteAccepted, QuoteRejected, QuoteLapsed, QuoteWithdrawn),
    columns={
        "group_id": "uuid",
        "supplier_id": "uuid",
        "seller_id": "uuid",
        "organiser_id": "uuid",
        "status": "text",
        "requested_at": "timestamptz",
    },
    indexes=(
        "requested_at DESC, key DESC",
        "supplier_id, requested_at DESC, key DESC",
        "organiser_id, requested_at DESC, key DESC",
        "status, requested_at DESC, key DESC",
    ),
)

NEWEST_FIRST = Order(("requested_at",))

SEEING_ALL = (Role.STAFF, Role.ADMIN, Role.AUDITOR)

Box = Literal["supplier", "organiser"]


def visible_to(by: Actor, supplier_id: UUID | None) -> Where:
    """The organiser's and the supplier's own, whose seller is a member of it; staff and auditors see all. Shipments alike."""
    if by.is_any(*SEEING_ALL):
        return ALL
    return supplied_by(by, supplier_id, "organiser_id = %(caller)s OR ")


def supplied_by(by: Actor, supplier_id: UUID | None, otherwise: str = "") -> Where:
    """Those that the caller answers as the seller or for the supplier."""
    return Where(f"{otherwise}seller_id = %(caller)s OR supplier_id = %(supplier)s::uuid", {"caller": by.id, "supplier": supplier_id})


def asked_for(by: Actor, supplier_id: UUID | None, side: Box | None, status: Sequence[QuoteStatus]) -> Where:
    where = {None: ALL, "organiser": equals("organiser_id", by.id), "supplier": supplied_by(by, supplier_id)}[side]
    return where & Where("status = ANY(%(statuses)s)", {"statuses": list(status)}) if status else where
