"""What has happened between a locked group and its supplier: the quote that is agreed on, and the goods on their way.

Prices are per piece and amounts in minor units of the group's currency.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from domain.values import Erased, Personal, Value

Side = Literal["supplier", "organiser"]
Way = Literal["replacement", "refund"]


class QuoteStatus(StrEnum):
    """Whose turn it is: the supplier's while requested or countered, the organiser's while submitted or requoted, then nobody's."""

    REQUESTED = "requested"
    SUBMITTED = "submitted"
    REQUOTED = "requoted"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class ShipmentStatus(StrEnum):
    """How far a group's goods are; only all of them together are shipped, or have arrived."""

    OPEN = "open"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    ARRIVED = "arrived"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class QuoteRequested(Value, frozen=True):
    """The group asks for `quantity` pieces; its members have paid `price` for each, so that no more can be agreed on."""

    quote_id: UUID
    group_id: UUID
    supplier_id: UUID
    seller_id: UUID
    organiser_id: UUID
    quantity: int
    price: int
    currency: str
    answer_by: datetime
    at: datetime
    listing_id: UUID | None = None
    sku: str = ""


class QuoteSubmitted(Value, frozen=True):
    """What the supplier asks; `revision` 2 is the answer to a counter-quote. `lead_days` count from the acceptance."""

    quote_id: UUID
    group_id: UUID
    supplier_id: UUID
    seller_id: UUID
    organiser_id: UUID
    price: int
    quantity: int
    lead_days: int
    valid_until: datetime
    revision: int
    note: Personal[str | Erased, "by"]
    by: UUID
    at: datetime


class QuoteCountered(Value, frozen=True):
    """What the organiser offers instead, once; the supplier takes it, quotes again or refuses until `answer_by`."""

    quote_id: UUID
    group_id: UUID
    supplier_id: UUID
    seller_id: UUID
    organiser_id: UUID
    price: int
    lead_days: int
    note: Personal[str | Erased, "by"]
    answer_by: datetime
    by: UUID
    at: datetime


class QuoteAccepted(Value, frozen=True):
    quote_id: UUID
    group_id: UUID
    price: int
    lead_days: int
    at: datetime
    side: Side = "organiser"
    by: UUID | None = None


class QuoteRejected(Value, frozen=True):
    quote_id: UUID
    group_id: UUID
    side: Side
    reason: Personal[str | Erased, "by"]
    by: UUID
    at: datetime


class QuoteLapsed(Value, frozen=True):
    """`side` did not answer in time."""

    quote_id: UUID
    group_id: UUID
    at: datetime
    side: Side = "supplier"


class QuoteWithdrawn(Value, frozen=True):
    """The group failed for another reason: nothing is asked of the supplier any more."""

    quote_id: UUID
    group_id: UUID
    at: datetime


QuoteEvent = QuoteRequested | QuoteSubmitted | QuoteCountered | QuoteAccepted | QuoteRejected | QuoteLapsed | QuoteWithdrawn

AFTER_QUOTE: Mapping[type[Value], QuoteStatus] = {
    QuoteRequested: QuoteStatus.REQUESTED,
    QuoteCountered: QuoteStatus.COUNTERED,
    QuoteAccepted: QuoteStatus.ACCEPTED,
    QuoteRejected: QuoteStatus.REJECTED,
    QuoteLapsed: QuoteStatus.LAPSED,
    QuoteWithdrawn: QuoteStatus.WITHDRAWN,
}
"""The status that an event leaves behind; a submitted quote's hangs on whether it is the second."""


def status_after(event: QuoteEvent) -> QuoteStatus:
    if isinstance(event, QuoteSubmitted):
        return QuoteStatus.SUBMITTED if event.revision == 1 else QuoteStatus.REQUOTED
    return AFTER_QUOTE[type(event)]


class ShipmentOpened(Value, frozen=True):
    """The supplier owes `quantity` pieces, worth `amount`, all of them under way by `due_at`, or the group fails."""

    shipment_id: UUID
    group_id: UUID
    supplier_id: UUID
    seller_id: UUID
    organiser_id: UUID
    quantity: int
    amount: int
    currency: str
    due_at: datetime
    at: datetime


class GoodsShipped(Value, frozen=True):
    """Part number `part`, from 1, is under way; `complete` says that with it everything is.

    What `replaces` the pieces of a quality issue goes beyond what was bought, and never completes anything.
    """

    shipment_id: UUID
    group_id: UUID
    part: int
    quantity: int
    carrier: str
    tracking: str
    eta: date
    complete: bool
    by: UUID
    at: datetime
    replaces: UUID | None = None


class GoodsArrived(Value, frozen=True):
    """A part is there; `complete` says that with it everything that was bought is."""

    shipment_id: UUID
    group_id: UUID
    part: int
    quantity: int
    received_by: Personal[str | Erased, "by"]
    complete: bool
    by: UUID
    at: datetime


class QualityIssueRaised(Value, frozen=True):
    """Staff found `quantity` pieces wanting; `photos` are references."""

    shipment_id: UUID
    group_id: UUID
    issue_id: UUID
    quantity: int
    description: str
    photos: tuple[str, ...]
    by: UUID
    at: datetime


class QualityIssueResolved(Value, frozen=True):
    """By a replacement of `quantity` pieces, or by `amount` that the members get back; the other of the two is 0."""

    shipment_id: UUID
    group_id: UUID
    issue_id: UUID
    way: Way
    quantity: int
    amount: int
    by: UUID
    at: datetime


class ShipmentLapsed(Value, frozen=True):
    """Not everything was under way when it was due."""

    shipment_id: UUID
    group_id: UUID
    shipped: int
    at: datetime


class ShipmentCancelled(Value, frozen=True):
    """The group failed: nothing is to be sent any more."""

    shipment_id: UUID
    group_id: UUID
    at: datetime


ShipmentEvent = (
    ShipmentOpened | GoodsShipped | GoodsArrived | QualityIssueRaised | QualityIssueResolved | ShipmentLapsed | ShipmentCancelled
)


def shipment_after(event: ShipmentEvent, was: ShipmentStatus) -> ShipmentStatus:
    """The status that an event leaves behind."""
    match event:
        case ShipmentOpened():
            return ShipmentStatus.OPEN
        case GoodsShipped(replaces=None):
            return ShipmentStatus.SHIPPED if event.complete else ShipmentStatus.PARTLY_SHIPPED
        case GoodsArrived(complete=True):
            return ShipmentStatus.ARRIVED
        case ShipmentLapsed():
            return ShipmentStatus.LAPSED
        case ShipmentCancelled():
            return ShipmentStatus.CANCELLED
        case _:
            return was
