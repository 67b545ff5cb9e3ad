"""Joining a group, changing one's mind, leaving: places are given out in turn, and never more than there are."""

from datetime import datetime
from uuid import UUID

from domain.decider import Rejected
from domain.groups.commands import ChangeQuantity, JoinGroup, LapseMember, LeaveGroup
from domain.groups.events import GroupEvent, Leaving, MemberJoined, MemberLeft, MemberQueued, QuantityChanged, Visibility
from domain.groups.lifecycle import MODERATOR, ORGANISER, Membership, relations
from domain.groups.standing import Member, Opened, Waiting, evolve
from domain.groups.terms import PAID_WITHIN
from domain.values import Actor, Role


def join(command: JoinGroup, group: Opened) -> list[GroupEvent]:
    id, quantity, pickup, now = command.member_id, command.quantity, command.pickup_id, command.now
    themselves(id, command.by)
    gathering(group, now)
    if id in group.members or group.queued(id):
        raise Rejected("already_joined", "Change the quantity instead.")
    if id == group.seller_id:
        raise Rejected("own_listing", "Nobody buys from himself.")
    wanted = group.visibility is not Visibility.INVITED or id in group.invited or id == group.organiser_id
    if not wanted or group.gone.get(id) is Leaving.REMOVED:
        raise Rejected("not_invited", "The organiser asks people to this group.")
    within_limits(group, quantity)
    if all(pickup != each.id for each in group.pickups):
        raise Rejected("pickup_unknown", "Goods of this group are not handed over there.", pointer="/pickupId")
    if group.reserved + quantity > group.maximum:
        return [MemberQueued(group.group_id, id, quantity, pickup, now)]
    return [joined(group, Waiting(id, quantity, pickup), group.reserved + quantity, now)]


def change(command: ChangeQuantity, group: Opened) -> list[GroupEvent]:
    """What no longer fits is refused; whoever waits for a place keeps the turn, and gets it where it fits now."""
    id, quantity, now = command.member_id, command.quantity, command.now
    themselves(id, command.by)
    gathering(group, now)
    waiting = group.queued(id)
    member = None if waiting else unpaid(group, id)
    within_limits(group, quantity)
    if waiting:
        asked = MemberQueued(group.group_id, id, quantity, waiting.pickup_id, now)
        return [] if quantity == waiting.quantity else promoting(group, asked, now)
    if member is None or quantity == member.quantity:
        return []
    reserved = group.reserved - member.quantity + quantity
    if reserved > group.maximum:
        raise Rejected("group_full", f"{group.maximum - group.reserved} more pieces are free.")
    return promoting(group, QuantityChanged(group.group_id, id, quantity, member.pay_by, reserved, now), now)


def leave(command: LeaveGroup, group: Opened) -> list[GroupEvent]:
    id, now = command.member_id, command.now
    removed = command.by.id != id
    if removed and relations(group.organiser_id, Membership.NONE, command.by).isdisjoint({ORGANISER, MODERATOR}):
        raise Rejected("not_yours", "Only the organiser takes somebody else out.")
    gathering(group, now)
    reason = Leaving.REMOVED if removed else Leaving.LEFT
    if waiting := group.queued(id):
        return [MemberLeft(group.group_id, id, waiting.quantity, reason, group.reserved, now)]
    return promoting(group, left(group, id, unpaid(group, id), reason, now), now)


def lapse(command: LapseMember, group: Opened) -> list[GroupEvent]:
    """Whoever has paid, left, or joined anew since, stays as he is."""
    member = group.members.get(command.member_id)
    over = member is not None and not member.paid and command.now >= member.pay_by
    if member is None or not over or not group.open_at(min(command.now, member.pay_by)):
        return []
    return promoting(group, left(group, command.member_id, member, Leaving.LAPSED, command.now), command.now)


def left(group: Opened, member_id: UUID, member: Member, reason: Leaving, now: datetime) -> MemberLeft:
    return MemberLeft(group.group_id, member_id, member.quantity, reason, group.reserved - member.quantity, now)


def joined(group: Opened, who: Waiting, reserved: int, now: datetime) -> MemberJoined:
    pay_by = min(now + PAID_WITHIN, group.deadline)
    return MemberJoined(group.group_id, who.member_id, who.quantity, who.pickup_id, pay_by, reserved, now)


def promoting(group: Opened, event: GroupEvent, now: datetime) -> list[GroupEvent]:
    """The event, and who gets a place by it: the first in the queue whose quantity fits, then the next, until nobody's does."""
    after = evolve(group, event)
    if not isinstance(after, Opened) or not after.open_at(now):
        return [event]
    promoted: list[GroupEvent] = []
    reserved = after.reserved
    for each in after.queue:
        if reserved + each.quantity <= after.maximum:
            reserved += each.quantity
            promoted.append(joined(after, each, reserved, now))
    return [event, *promoted]


def gathering(group: Opened, now: datetime) -> None:
    if not group.open_at(now):
        raise Rejected("group_not_gathering", "The deadline has passed.")


def themselves(member_id: UUID, by: Actor) -> None:
    if by.id != member_id and not by.is_any(Role.ADMIN):
        raise Rejected("not_yours", "Nobody joins for somebody else.")


def unpaid(group: Opened, member_id: UUID) -> Member:
    member = group.members.get(member_id)
    if member is None:
        raise Rejected("not_a_member")
    if member.paid:
        raise Rejected("already_paid", "What is paid for stands.")
    return member


def within_limits(group: Opened, quantity: int) -> None:
    if not group.least <= quantity <= group.most:
        raise Rejected("over_limit", f"Each member takes from {group.least} to {group.most} pieces.", pointer="/quantity")
