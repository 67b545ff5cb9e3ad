"""A group purchase: traders pay together for what a supplier sells only in bulk, and each picks up a part.

Payments, quotes, shipments and passes are other streams: the group says what follows for its members, and says it once.
"""

from typing import Any

from domain.decider import Decider, Rejected
from domain.groups import fulfilment, gathering, members
from domain.groups.commands import (
    AcceptGroup,
    CancelGroup,
    ChangeGathering,
    ChangeGroup,
    ChangeMembership,
    ChangeQuantity,
    ChangeRefunds,
    ChangeSupply,
    CloseGathering,
    CompensateMembers,
    ConfirmContribution,
    EndPickUp,
    ExtendDeadline,
    FailGroup,
    FailMemberRefund,
    GroupCommand,
    JoinGroup,
    LapseMember,
    LeaveGroup,
    LockGroup,
    NoteCollected,
    NoteInvoice,
    NoteQuote,
    NoteShipment,
    OpenGroup,
    RecordRefund,
    RequestContribution,
    RetryRefund,
)
from domain.groups.contributions import contribution
from domain.groups.events import GroupEvent, Leaving, Locking
from domain.groups.lifecycle import LIFECYCLE, Membership, next_actions, outsider, relations
from domain.groups.standing import Group, Opened, Unopened, evolve
from domain.groups.terms import opened
from domain.values import Actor


def decide(command: GroupCommand, group: Group) -> list[GroupEvent]:
    match command, group:
        case OpenGroup(), Unopened():
            return [opened(command)]
        case OpenGroup(), Opened():
            return []  # asked twice: already so
        case _, Unopened():
            raise Rejected("group_not_found")
        case _, Opened():
            LIFECYCLE.check(command, group.status, related(group, command.by))
            return change(command, group)


def change(command: ChangeGroup, group: Opened) -> list[GroupEvent]:
    """What a command that the lifecycle allows leads to."""
    if isinstance(command, ChangeMembership):
        return membership(command, group)
    if isinstance(command, ChangeGathering):
        return ending(command, group)
    if isinstance(command, ChangeSupply):
        return supplied(command, group)
    return refunded(command, group)


def membership(command: ChangeMembership, group: Opened) -> list[GroupEvent]:
    match command:
        case JoinGroup():
            return members.join(command, group)
        case ChangeQuantity():
            return members.change(command, group)
        case LeaveGroup():
            return members.leave(command, group)
        case LapseMember():
            return members.lapse(command, group)
        case RequestContribution():
            return contribution.request(command, group)
        case ConfirmContribution():
            return full(contribution.confirm(command, group), command, group)


def full(events: list[GroupEvent], command: ConfirmContribution, group: Opened) -> list[GroupEvent]:
    """The payment of the last piece locks the group in the same append."""
    after = groups.fold(events, group)
    if isinstance(after, Opened) and after.bought == after.maximum > group.bought:
        return [*events, *gathering.lock(after, Locking.FULL, command.now)]
    return events


def ending(command: ChangeGathering, group: Opened) -> list[GroupEvent]:
    match command:
        case ExtendDeadline():
            return gathering.extend(command, group)
        case LockGroup():
            return gathering.lock_early(command, group)
        case CancelGroup():
            return gathering.cancel(command, group)
        case CloseGathering():
            return gathering.close(command, group)


def supplied(command: ChangeSupply, group: Opened) -> list[GroupEvent]:
    match command:
        case NoteQuote():
            return fulfilment.note_quote(command, group)
        case AcceptGroup():
            return fulfilment.accept(command, group)
        case FailGroup():
            return gathering.fail(command, group)
        case NoteInvoice():
            return fulfilment.note_invoice(command, group)
        case NoteShipment():
            return fulfilment.note_shipment(command, group)
        case NoteCollected():
            return fulfilment.note_collected(command, group)
        case EndPickUp():
            return fulfilment.end_pick_up(command, group)


def refunded(command: ChangeRefunds, group: Opened) -> list[GroupEvent]:
    match command:
        case CompensateMembers():
            return contribution.compensate(command, group)
        case RecordRefund():
            return contribution.record(command, group)
        case FailMemberRefund():
            return contribution.fail(command, group)
        case RetryRefund():
            return contribution.retry(command, group)


def related(group: Opened, by: Actor) -> frozenset[str]:
    return relations(group.organiser_id, membership_of(group, by), by, extended=group.extended, stuck=group.stuck)


def membership_of(group: Opened, by: Actor) -> Membership:
    member = group.members.get(by.id)
    if member is not None:
        return Membership.PAID if member.paid else Membership.JOINED
    if group.queued(by.id):
        return Membership.QUEUED
    removed = group.gone.get(by.id) is Leaving.REMOVED
    return outsider(by.id, group.organiser_id, group.seller_id, group.visibility, group.invited, removed=removed)


def actions(group: Any, by: Actor) -> list[str]:
    if not isinstance(group, Opened):
        return []
    return next_actions(group.organiser_id, group.status, membership_of(group, by), by, extended=group.extended, stuck=group.stuck)


groups = Decider("group", Unopened(), decide, evolve, actions=actions, contended=True, snapshot_every=20)
