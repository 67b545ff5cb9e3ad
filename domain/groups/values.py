"""The words and values that are spoken of groups: where one stands, why it ends, who takes what, who is owed what."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.values import Place, Value


class Status(StrEnum):
    """Where a group stands on its way from the first pledge to the last pick-up."""

    GATHERING = "gathering"
    MINIMUM_REACHED = "minimum_reached"
    LOCKED = "locked"
    SUPPLIER_NOTIFIED = "supplier_notified"
    QUOTED = "quoted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    INVOICED = "invoiced"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    PICKING_UP = "picking_up"
    COMPLETED = "completed"
    FAILED = "failed"
    REFUNDING = "refunding"
    CLOSED = "closed"


class Visibility(StrEnum):
    """Public groups are listed; one by link is joined by whoever has its id; another by the invited alone."""

    PUBLIC = "public"
    LINK = "link"
    INVITED = "invited"


class Leaving(StrEnum):
    """Why somebody has no part in a group any more."""

    LEFT = "left"
    LAPSED = "lapsed"
    REMOVED = "removed"


class Returning(StrEnum):
    """Why a member gets money back."""

    LATE = "late"
    PRICE_FELL = "price_fell"
    FAILED = "failed"
    COMPENSATION = "compensation"
    LEFT = "left"


class Locking(StrEnum):
    """What ended the gathering well."""

    DEADLINE = "deadline"
    FULL = "full"
    ORGANISER = "organiser"


class Failing(StrEnum):
    """Why a group came to nothing."""

    MINIMUM_MISSED = "minimum_missed"
    CANCELLED = "cancelled"
    SUPPLIER_REFUSED = "supplier_refused"
    NO_ANSWER = "no_answer"
    NOT_SHIPPED = "not_shipped"


class PickupPlace(Value, frozen=True):
    """Where and when goods are handed over: a public place, shown to everybody who may see the group."""

    id: UUID
    name: str
    address: str
    place: Place
    opens_at: datetime
    closes_at: datetime


class Part(Value, frozen=True):
    """What one member has paid for; `amount` is what of his money the group keeps."""

    member_id: UUID
    quantity: int
    pickup_id: UUID
    amount: int


class Owing(Value, frozen=True):
    """One refund that a member is owed: `amount` in the group's currency, `refund` in `currency`, which is the payment's."""

    member_id: UUID
    payment_id: UUID
    refund_id: UUID
    amount: int
    currency: str = ""
    refund: int = 0


class Holding(Value, frozen=True):
    """What a group held in the currency of payments; `fee` is the platform's part of the amount."""

    currency: str
    amount: int
    fee: int
