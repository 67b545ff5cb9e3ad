"""How the gathering of a group ends: locked with those who have paid, or failed with everything given back."""

from datetime import datetime

from domain.decider import Rejected
from domain.groups.commands import CancelGroup, CloseGathering, ExtendDeadline, FailGroup, LockGroup
from domain.groups.contributions.contribution import cheaper, closing, everything
from domain.groups.events import (
    DeadlineExtended,
    Failing,
    GroupEvent,
    GroupFailed,
    GroupLocked,
    GroupRejected,
    Leaving,
    Locking,
    MemberLeft,
    Part,
    RefundingBegan,
    Status,
)
from domain.groups.ids import quote_id
from domain.groups.lifecycle import OPEN, UNBOUND
from domain.groups.standing import Opened
from domain.groups.terms import EXTENSION

FAILS_IN = {
    Failing.MINIMUM_MISSED: OPEN,
    Failing.CANCELLED: UNBOUND,
    Failing.SUPPLIER_REFUSED: UNBOUND - OPEN,
    Failing.NO_ANSWER: UNBOUND - OPEN,
    Failing.NOT_SHIPPED: {Status.ACCEPTED, Status.INVOICED, Status.SHIPPED},
}
"""Where each reason still counts; elsewhere the group has moved on before it was told."""


def extend(command: ExtendDeadline, group: Opened) -> list[GroupEvent]:
    if command.deadline == group.deadline:
        return []
    if group.extended:
        raise Rejected("deadline_extended_already", "It is put off once.")
    if command.now >= group.deadline:
        raise Rejected("group_not_gathering", "The deadline has passed.")
    if not group.deadline < command.deadline <= group.deadline + EXTENSION:
        raise Rejected("deadline_invalid", f"It is put off, by {EXTENSION.days} days at most.", pointer="/deadline")
    return [DeadlineExtended(group.group_id, command.deadline, command.now)]


def lock_early(command: LockGroup, group: Opened) -> list[GroupEvent]:
    if group.bought < group.minimum:
        raise Rejected("minimum_not_reached", f"{group.bought} of {group.minimum} pieces are paid for.")
    return lock(group, Locking.ORGANISER, command.now)


def close(command: CloseGathering, group: Opened) -> list[GroupEvent]:
    if group.status not in OPEN or command.now < group.deadline:
        return []
    if group.bought >= group.minimum:
        return lock(group, Locking.DEADLINE, command.now)
    return failed(group, Failing.MINIMUM_MISSED, command.now)


def lock(group: Opened, reason: Locking, now: datetime) -> list[GroupEvent]:
    """Who has not paid is out; the price of all that is paid holds for everybody."""
    price = group.price_for(group.bought)
    parts = tuple(Part(id, each.quantity, each.pickup_id, each.quantity * price) for id, each in group.members.items() if each.paid)
    locked = GroupLocked(
        group.group_id,
        reason,
        group.bought,
        price,
        group.bought * price,
        parts,
        group.supplier_id,
        group.organiser_id,
        group.seller_id,
        group.listing_id,
        group.sku,
        group.currency,
        now,
    )
    return [*let_go(group, now), locked, *cheaper(group, price, now, "price_fell locked")]


def let_go(group: Opened, now: datetime) -> list[GroupEvent]:
    """Those who have not paid, and those who wait for a place."""
    reserved = group.reserved
    out: list[GroupEvent] = []
    for id, each in group.members.items():
        if not each.paid:
            reserved -= each.quantity
            out.append(MemberLeft(group.group_id, id, each.quantity, Leaving.LAPSED, reserved, now))
    out += (MemberLeft(group.group_id, each.member_id, each.quantity, Leaving.LAPSED, reserved, now) for each in group.queue)
    return out


def cancel(command: CancelGroup, group: Opened) -> list[GroupEvent]:
    return failed(group, Failing.CANCELLED, command.now)


def fail(command: FailGroup, group: Opened) -> list[GroupEvent]:
    if group.status not in FAILS_IN[command.reason]:
        return []
    refused = GroupRejected(group.group_id, quote_id(group.group_id), command.reason, command.now)
    told: list[GroupEvent] = [refused] if command.reason is Failing.SUPPLIER_REFUSED else []
    return [*told, *failed(group, command.reason, command.now)]


def failed(group: Opened, reason: Failing, now: datetime) -> list[GroupEvent]:
    over = GroupFailed(group.group_id, reason, now)
    return closing(group, [over, RefundingBegan(group.group_id, everything(group), now)], now)
