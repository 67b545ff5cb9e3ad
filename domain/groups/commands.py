"""What can be asked of group purchases. Quantities are pieces; amounts are minor units of the group's currency unless said."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.goods import TaxClass, Tier, Unit
from domain.groups.events import Failing, PickupPlace, Visibility
from domain.values import SYSTEM, Actor, Value


class OpenGroup(Value, frozen=True):
    """Fields as in `GroupOpened`; what is bought was looked up in the listing, whose smallest order is `least_order`."""

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
    by: Actor
    now: datetime
    content: int = 1
    least_order: int = 1


class ExtendDeadline(Value, frozen=True):
    group_id: UUID
    deadline: datetime
    by: Actor
    now: datetime


class LockGroup(Value, frozen=True):
    group_id: UUID
    by: Actor
    now: datetime


class CancelGroup(Value, frozen=True):
    group_id: UUID
    by: Actor
    now: datetime


class CloseGathering(Value, frozen=True):
    """The deadline has passed, if it was not put off."""

    group_id: UUID
    now: datetime
    by: Actor = SYSTEM


class JoinGroup(Value, frozen=True):
    group_id: UUID
    member_id: UUID
    quantity: int
    pickup_id: UUID
    by: Actor
    now: datetime


class ChangeQuantity(Value, frozen=True):
    group_id: UUID
    member_id: UUID
    quantity: int
    by: Actor
    now: datetime


class LeaveGroup(Value, frozen=True):
    """By the member, or by who removes him: the organiser or a moderator."""

    group_id: UUID
    member_id: UUID
    by: Actor
    now: datetime


class LapseMember(Value, frozen=True):
    """The time to pay is over, if nothing was paid. `now` is when that is found out: the time of who waits begins then."""

    group_id: UUID
    member_id: UUID
    now: datetime
    by: Actor = SYSTEM


class RequestContribution(Value, frozen=True):
    """Goes with `RequestPayment` in one append. `paid_amount` is what the payment asks for, in `paid_currency`.

    `amount` is what it was made of, in the group's currency: where that has changed meanwhile, it is `price_changed`.
    """

    group_id: UUID
    member_id: UUID
    payment_id: UUID
    paid_currency: str
    paid_amount: int
    rate: str | None
    now: datetime
    by: Actor = SYSTEM
    amount: int | None = None


class ConfirmContribution(Value, frozen=True):
    """A payment was captured; `amount` and `currency` are the payment's."""

    group_id: UUID
    member_id: UUID
    payment_id: UUID
    amount: int
    currency: str
    now: datetime
    by: Actor = SYSTEM


class NoteQuote(Value, frozen=True):
    """The supplier was asked, or has named a price for one piece."""

    group_id: UUID
    quote_id: UUID
    status: Literal["requested", "submitted"]
    price: int | None
    now: datetime
    by: Actor = SYSTEM


class AcceptGroup(Value, frozen=True):
    group_id: UUID
    quote_id: UUID
    price: int
    lead_days: int
    now: datetime
    by: Actor = SYSTEM


class FailGroup(Value, frozen=True):
    """Because of what is no longer so when it arrives, nothing fails."""

    group_id: UUID
    reason: Failing
    now: datetime
    by: Actor = SYSTEM


class NoteInvoice(Value, frozen=True):
    group_id: UUID
    invoice_id: UUID
    now: datetime
    by: Actor = SYSTEM


class NoteShipment(Value, frozen=True):
    """Everything was shipped, or has arrived."""

    group_id: UUID
    shipment_id: UUID
    status: Literal["shipped", "delivered"]
    now: datetime
    by: Actor = SYSTEM


class NoteCollected(Value, frozen=True):
    group_id: UUID
    member_id: UUID
    pass_id: UUID
    quantity: int
    now: datetime
    by: Actor = SYSTEM


class EndPickUp(Value, frozen=True):
    """Nobody is waited for any longer."""

    group_id: UUID
    now: datetime
    by: Actor = SYSTEM


class CompensateMembers(Value, frozen=True):
    """Give back `amount` of what is held, to each member by his part of the goods."""

    group_id: UUID
    issue_id: UUID
    amount: int
    now: datetime
    by: Actor = SYSTEM


class RecordRefund(Value, frozen=True):
    """`by_bank`: the member's bank had given it back itself."""

    group_id: UUID
    member_id: UUID
    payment_id: UUID
    refund_id: UUID
    now: datetime
    by: Actor = SYSTEM
    by_bank: bool = False


class FailMemberRefund(Value, frozen=True):
    group_id: UUID
    member_id: UUID
    payment_id: UUID
    refund_id: UUID
    now: datetime
    code: str = ""
    by: Actor = SYSTEM


class RetryRefund(Value, frozen=True):
    """By staff: pay again what failed."""

    group_id: UUID
    refund_id: UUID
    by: Actor
    now: datetime


ChangeMembership = JoinGroup | ChangeQuantity | LeaveGroup | LapseMember | RequestContribution | ConfirmContribution
ChangeGathering = ExtendDeadline | LockGroup | CancelGroup | CloseGathering
ChangeSupply = NoteQuote | AcceptGroup | FailGroup | NoteInvoice | NoteShipment | NoteCollected | EndPickUp
ChangeRefunds = CompensateMembers | RecordRefund | FailMemberRefund | RetryRefund
ChangeGroup = ChangeMembership | ChangeGathering | ChangeSupply | ChangeRefunds
GroupCommand = OpenGroup | ChangeGroup
