"""What has happened to a group, step by step, without saying who did it: for everybody who may see the group."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from domain.groups.contributions.events import ContributionPaid
from domain.groups.events import (
    DeadlineExtended,
    GroupAccepted,
    GroupClosed,
    GroupCompleted,
    GroupDelivered,
    GroupFailed,
    GroupInvoiced,
    GroupLocked,
    GroupOpened,
    GroupQuoted,
    GroupRejected,
    GroupShipped,
    MemberCollected,
    MemberJoined,
    MemberLeft,
    MemberQueued,
    MinimumReached,
    PickUpOpened,
    QuantityChanged,
    RefundingBegan,
    SupplierNotified,
)
from domain.values import Value
from projections.groups.page import group_of
from projections.sql import Where, equals
from projections.view import Journal

TimelineEvent = (
    GroupOpened
    | DeadlineExtended
    | MemberJoined
    | MemberQueued
    | QuantityChanged
    | MemberLeft
    | ContributionPaid
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
    | GroupFailed
    | RefundingBegan
    | GroupClosed
)

WORDS: dict[type[Value], str] = {
    GroupOpened: "opened",
    DeadlineExtended: "deadline_extended",
    MemberJoined: "joined",
    MemberQueued: "queued",
    QuantityChanged: "quantity_changed",
    MemberLeft: "left",
    ContributionPaid: "paid",
    MinimumReached: "minimum_reached",
    GroupLocked: "locked",
    SupplierNotified: "supplier_notified",
    GroupQuoted: "quoted",
    GroupAccepted: "accepted",
    GroupRejected: "rejected",
    GroupInvoiced: "invoiced",
    GroupShipped: "shipped",
    GroupDelivered: "delivered",
    PickUpOpened: "pick_up_opened",
    MemberCollected: "collected",
    GroupCompleted: "completed",
    GroupFailed: "failed",
    RefundingBegan: "refunding",
    GroupClosed: "closed",
}


class GroupStep(Value, frozen=True, omit_defaults=True):
    """`quantity` are the pieces that this step is about, `reserved`, `paid` and `collected` those of the whole group afterwards.

    `price` is of one piece, in minor units of the group's currency. What a step says nothing of is left out.
    """

    group_id: UUID
    what: str
    at: datetime
    quantity: int | None = None
    reserved: int | None = None
    paid: int | None = None
    collected: int | None = None
    price: int | None = None
    reason: str | None = None
    until: datetime | None = None


TOLD = ("quantity", "reserved", "paid", "collected", "price", "reason")


def rows(_known: None, event: TimelineEvent) -> Sequence[GroupStep]:
    until: datetime | None = getattr(event, "deadline", None) or getattr(event, "ends_at", None)
    said = {name: getattr(event, name, None) for name in TOLD}
    return [GroupStep(event.group_id, WORDS[type(event)], event.at, **said, until=until)]


journal: Journal[GroupStep] = Journal(
    "group_steps",
    GroupStep,
    key=group_of,
    rows=rows,
    events=tuple(WORDS),
    indexes=("group_id, position, ordinal",),
)


def steps_of(group_id: UUID) -> Where:
    return equals("group_id", group_id)
