"""Who has a part in which group: the members of each group, and the groups of each member."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from domain.groups.contributions.events import (
    ContributionPaid,
    ContributionRefunded,
    ContributionRefundFailed,
    ContributionRequested,
    ContributionReturned,
)
from domain.groups.events import (
    MemberCollected,
    MemberJoined,
    MemberLeft,
    MemberQueued,
    QuantityChanged,
)
from domain.groups.ids import contribution_id
from domain.groups.values import Leaving
from domain.values import Money, Value
from projections.sql import Order, Where, equals
from projections.view import View

MemberEvent = (
    MemberQueued
    | MemberJoined
    | QuantityChanged
    | MemberLeft
    | ContributionRequested
    | ContributionPaid
    | ContributionReturned
    | ContributionRefunded
    | ContributionRefundFailed
    | MemberCollected
)


class Standing(StrEnum):
    """How somebody stands to a group: on the waiting list, with a place to be paid for, paid, or out of it."""

    QUEUED = "queued"
    RESERVED = "reserved"
    PAID = "paid"
    LEFT = "left"
    LAPSED = "lapsed"
    REMOVED = "removed"


PRESENT = (Standing.QUEUED, Standing.RESERVED, Standing.PAID)

OUT = {Leaving.LEFT: Standing.LEFT, Leaving.LAPSED: Standing.LAPSED, Leaving.REMOVED: Standing.REMOVED}


class Membership(Value, frozen=True):
    """`pay_by` is set while something is to be paid for; `payment_id` is the payment last asked for.

    `asked` is what that is over and `paid` what counts, in the group's currency; `refunded` is what has arrived back. `refund_failed`
    says that the last try to pay back did not succeed. `collected` pieces were picked up.
    """

    group_id: UUID
    member_id: UUID
    quantity: int
    pickup_id: UUID
    standing: Standing
    joined_at: datetime
    changed_at: datetime
    pay_by: datetime | None = None
    payment_id: UUID | None = None
    asked: Money | None = None
    paid: Money | None = None
    refunded: Money | None = None
    refund_failed: bool = False
    collected: int = 0


def evolve(member: Membership | None, event: MemberEvent) -> Membership | None:
    if isinstance(event, MemberJoined | MemberQueued):
        return taken_in(member, event)
    return None if member is None else replace(change(member, event), changed_at=event.at)


def taken_in(member: Membership | None, event: MemberJoined | MemberQueued) -> Membership:
    """One who comes back begins anew; what he once paid and got back stays told."""
    standing = Standing.RESERVED if isinstance(event, MemberJoined) else Standing.QUEUED
    pay_by = event.pay_by if isinstance(event, MemberJoined) else None
    if member is None or member.standing not in PRESENT:
        member = Membership(
            event.group_id,
            event.member_id,
            event.quantity,
            event.pickup_id,
            standing,
            event.at,
            event.at,
            asked=member and member.asked,
            paid=member and member.paid,
            refunded=member and member.refunded,
        )
    return replace(
        member, quantity=event.quantity, pickup_id=event.pickup_id, standing=standing, pay_by=pay_by, payment_id=None, changed_at=event.at
    )


def change(member: Membership, event: MemberEvent) -> Membership:
    match event:
        case QuantityChanged(quantity=quantity, pay_by=pay_by):
            return replace(member, quantity=quantity, pay_by=pay_by, payment_id=None)
        case MemberLeft(reason=reason):
            return replace(member, standing=OUT[reason], pay_by=None)
        case ContributionRequested(payment_id=payment, amount=amount, currency=currency, pay_by=pay_by):
            return replace(member, payment_id=payment, asked=Money(amount, currency), pay_by=pay_by)
        case ContributionPaid(payment_id=payment, quantity=quantity, amount=amount):
            paid = in_currency_of(member, amount)
            return replace(member, standing=Standing.PAID, quantity=quantity, payment_id=payment, paid=paid, pay_by=None)
        case ContributionReturned():
            return replace(member, refund_failed=False)
        case ContributionRefunded(amount=amount):
            before = member.refunded.amount if member.refunded else 0
            return replace(member, refunded=in_currency_of(member, before + amount), refund_failed=False)
        case ContributionRefundFailed():
            return replace(member, refund_failed=True)
        case MemberCollected(quantity=quantity):
            return replace(member, collected=member.collected + quantity)
        case MemberJoined() | MemberQueued():
            return member


def in_currency_of(member: Membership, amount: int) -> Money | None:
    """Nothing is paid or refunded that was not asked for in a currency."""
    return None if member.asked is None else Money(amount, member.asked.currency)


def membership_of(event: MemberEvent) -> UUID:
    if isinstance(event, ContributionReturned):
        return contribution_id(event.group_id, event.owing.member_id)
    return contribution_id(event.group_id, event.member_id)


view = View(
    "group_members",
    Membership,
    key=membership_of,
    evolve=evolve,
    events=(
        MemberQueued,
        MemberJoined,
        QuantityChanged,
        MemberLeft,
        ContributionRequested,
        ContributionPaid,
        ContributionReturned,
        ContributionRefunded,
        ContributionRefundFailed,
        MemberCollected,
    ),
    columns={"group_id": "uuid", "member_id": "uuid", "standing": "text", "joined_at": "timestamptz"},
    indexes=("group_id, joined_at, key", "member_id, joined_at DESC, key DESC"),
)

OLDEST_FIRST = Order(("joined_at",), descending=False)
NEWEST_FIRST = Order(("joined_at",))


def members_of(group_id: UUID, standing: Standing | None) -> Where:
    """Those who have a part in it or wait for one, or those who stand so."""
    return equals("group_id", group_id) & (among_present() if standing is None else equals("standing", standing))


def parts_of(member_id: UUID) -> Where:
    """The groups that somebody has a part in, or waits for one."""
    return equals("member_id", member_id) & among_present()


def among_present() -> Where:
    return Where("standing = ANY(%(present)s)", {"present": [str(each) for each in PRESENT]})
