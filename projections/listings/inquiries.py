"""The questions that people have sent to sellers, seen by both."""

from datetime import datetime
from uuid import UUID

from domain.listings.events import InquirySent
from domain.values import Value, clear
from projections.sql import Order, Where
from projections.view import View


class Inquiry(Value, frozen=True):
    """`message` is empty once its sender is forgotten."""

    id: UUID
    listing_id: UUID
    seller_id: UUID
    sender_id: UUID
    message: str
    sent_at: datetime


def evolve(_inquiry: Inquiry | None, event: InquirySent) -> Inquiry:
    return Inquiry(event.inquiry_id, event.listing_id, event.seller_id, event.sender_id, clear(event.message), event.at)


def inquiry_of(event: InquirySent) -> UUID:
    return event.inquiry_id


view = View(
    "inquiries",
    Inquiry,
    key=inquiry_of,
    evolve=evolve,
    events=(InquirySent,),
    columns={"seller_id": "uuid", "sender_id": "uuid", "listing_id": "uuid", "sent_at": "timestamptz"},
    indexes=("seller_id, sent_at DESC, key DESC", "sender_id, sent_at DESC, key DESC"),
)

NEWEST_FIRST = Order(("sent_at",))


def received_by(user_id: UUID) -> Where:
    return Where("seller_id = %(caller)s", {"caller": user_id})


def sent_by(user_id: UUID) -> Where:
    return Where("sender_id = %(caller)s", {"caller": user_id})


def either(user_id: UUID) -> Where:
    return Where("seller_id = %(caller)s OR sender_id = %(caller)s", {"caller": user_id})
