"""What has happened to group purchases. Quantities are pieces; amounts are minor units of the group's currency unless said."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from domain.goods import TaxClass, Tier, Unit
from domain.groups.contributions.events import (
    ContributionPaid,
    ContributionRefunded,
    ContributionRefundFailed,
    ContributionRequested,
    ContributionReturned,
)
from domain.groups.values import Failing, Holding, Leaving, Locking, Owing, Part, PickupPlace, Status, Visibility
from domain.values import Value


class GroupOpened(Value, frozen=True):
    """One variant of a wholesale listing is bought together, between `minimum` and `maximum` pieces in all.

    Each member takes from `least` to `most`. A piece costs `price`, or by the group's total what its `tiers` say. `fee_rate` is
    the platform's part of the price, in basis points. `invited` may join where the visibility is `invited`.
    """

    group_id: UUID
    organiser_id: UUID
    supplier_id: UUID
    seller_id: UUID
    listing_id: UUID
    sku: str
    title: str
    category: str
    currency: str
    unit: Unit
    minimum: int
    maximum: int
    least: int
    most: int
    tiers: tuple[Tier, ...]
    price: int
    deadline: datetime
    pickups: tuple[PickupPlace, ...]
    visibility: Visibility
    invited: tuple[UUID, ...]
    fee_rate: int
    tax_class: TaxClass
    lead_days: int
    at: datetime
    content: int = 1


class DeadlineExtended(Value, frozen=True):
    group_id: UUID
    deadline: datetime
    at: datetime


class MemberJoined(Value, frozen=True):
    """A reservation, until `pay_by`. `reserved` is the group's total afterwards, paid and unpaid."""

    group_id: UUID
    member_id: UUID
    quantity: int
    pickup_id: UUID
    pay_by: datetime
    reserved: int
    at: datetime


class MemberQueued(Value, frozen=True):
    """There is no room: the member waits for a place. Said again, the quantity has changed and the turn is kept."""

    group_id: UUID
    member_id: UUID
    quantity: int
    pickup_id: UUID
    at: datetime


class QuantityChanged(Value, frozen=True):
    """A payment that was asked for the former quantity counts no longer. `reserved` as in `MemberJoined`."""

    group_id: UUID
    member_id: UUID
    quantity: int
    pay_by: datetime
    reserved: int
    at: datetime


class MemberLeft(Value, frozen=True):
    """`quantity` is free again; whoever only waited for a place held none. `reserved` is the group's total afterwards."""

    group_id: UUID
    member_id: UUID
    quantity: int
    reason: Leaving
    reserved: int
    at: datetime


class MinimumReached(Value, frozen=True):
    group_id: UUID
    paid: int
    at: datetime


class GroupLocked(Value, frozen=True):
    """Who has paid is in, at the price of the whole quantity. `amount` is quantity times price."""

    group_id: UUID
    reason: Locking
    quantity: int
    price: int
    amount: int
    parts: tuple[Part, ...]
    supplier_id: UUID
    organiser_id: UUID
    seller_id: UUID
    listing_id: UUID
    sku: str
    currency: str
    at: datetime


class SupplierNotified(Value, frozen=True):
    group_id: UUID
    quote_id: UUID
    at: datetime


class GroupQuoted(Value, frozen=True):
    """`price` is what the supplier asks for one piece."""

    group_id: UUID
    quote_id: UUID
    price: int
    at: datetime


class GroupAccepted(Value, frozen=True):
    """Both sides agree on `price` for one piece; `amount` is quantity times price."""

    group_id: UUID
    quote_id: UUID
    price: int
    amount: int
    supplier_id: UUID
    seller_id: UUID
    organiser_id: UUID
    lead_days: int
    currency: str
    quantity: int
    at: datetime


class GroupRejected(Value, frozen=True):
    """The quote came to nothing; the group fails in the same append."""

    group_id: UUID
    quote_id: UUID
    reason: Failing
    at: datetime


class GroupInvoiced(Value, frozen=True):
    group_id: UUID
    invoice_id: UUID
    at: datetime


class GroupShipped(Value, frozen=True):
    group_id: UUID
    shipment_id: UUID
    at: datetime


class GroupDelivered(Value, frozen=True):
    group_id: UUID
    shipment_id: UUID
    at: datetime


class PickUpOpened(Value, frozen=True):
    """The goods lie ready for the members until `ends_at`, a week after the last window. The rest is the group's own, as opened."""

    group_id: UUID
    parts: tuple[Part, ...]
    pickups: tuple[PickupPlace, ...]
    ends_at: datetime
    at: datetime
    organiser_id: UUID | None = None
    title: str = ""
    sku: str = ""
    unit: Unit = Unit.PIECE


class MemberCollected(Value, frozen=True):
    """`collected` is how many pieces of the whole group have been picked up by now."""

    group_id: UUID
    member_id: UUID
    quantity: int
    collected: int
    at: datetime


class GroupCompleted(Value, frozen=True):
    group_id: UUID
    at: datetime


class GroupSettled(Value, frozen=True):
    """All that is held for the group goes to seller and platform: `amount` with the `fee` in it, in the group's currency.

    `holdings` is what that is in the currencies in which the members paid.
    """

    group_id: UUID
    supplier_id: UUID
    seller_id: UUID
    currency: str
    amount: int
    fee: int
    at: datetime
    holdings: tuple[Holding, ...] = ()


class GroupFailed(Value, frozen=True):
    group_id: UUID
    reason: Failing
    at: datetime


class RefundingBegan(Value, frozen=True):
    """Every member gets back all that is still held of him, the fee too."""

    group_id: UUID
    owings: tuple[Owing, ...]
    at: datetime


class GroupClosed(Value, frozen=True):
    """It failed, and nobody is owed anything."""

    group_id: UUID
    at: datetime


GroupEvent = (
    GroupOpened
    | DeadlineExtended
    | MemberJoined
    | MemberQueued
    | QuantityChanged
    | MemberLeft
    | ContributionRequested
    | ContributionPaid
    | ContributionReturned
    | ContributionRefunded
    | ContributionRefundFailed
    | MinimumReached
    | GroupLocked
    | SupplierNotified
    | GroupQuoted
    | GroupAccepted
    | GroupRejected
    | GroupInvoiced
    | GroupShipped
    | GroupDelivered
    | PickUpOpened
    | MemberCollected
    | GroupCompleted
    | GroupSettled
    | GroupFailed
    | RefundingBegan
    | GroupClosed
)

AFTER: Mapping[type[Value], Status] = {
    GroupOpened: Status.GATHERING,
    MinimumReached: Status.MINIMUM_REACHED,
    GroupLocked: Status.LOCKED,
    SupplierNotified: Status.SUPPLIER_NOTIFIED,
    GroupQuoted: Status.QUOTED,
    GroupAccepted: Status.ACCEPTED,
    GroupRejected: Status.REJECTED,
    GroupInvoiced: Status.INVOICED,
    GroupShipped: Status.SHIPPED,
    GroupDelivered: Status.DELIVERED,
    PickUpOpened: Status.PICKING_UP,
    GroupCompleted: Status.COMPLETED,
    GroupFailed: Status.FAILED,
    RefundingBegan: Status.REFUNDING,
    GroupClosed: Status.CLOSED,
}
"""The status that an event leaves behind, save an invoice that comes when the goods are on their way; others leave it as it was."""
