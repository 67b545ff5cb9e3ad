"""Who may do what with a group, and when: declared once, asked by its decider and by every query."""

from collections.abc import Container
from enum import StrEnum
from uuid import UUID

from domain.groups.commands import (
    CancelGroup,
    ChangeQuantity,
    ExtendDeadline,
    JoinGroup,
    LeaveGroup,
    LockGroup,
    RequestContribution,
    RetryRefund,
)
from domain.groups.events import Status, Visibility
from domain.lifecycle import UNASKED, Lifecycle, step
from domain.values import SYSTEM, Actor, Role


class Membership(StrEnum):
    """What part somebody has in a group. `BARRED` has none and gets none: the seller, who was not invited, who was taken out."""

    NONE = "none"
    BARRED = "barred"
    QUEUED = "queued"
    JOINED = "joined"
    PAID = "paid"


ORGANISER = "organiser"
EXTENDER = "organiser who has not put the deadline off"
MODERATOR = "moderator"
REPAYER = "staff, while a refund has failed"
STAFF = "staff"
SERVICE = "service"

ANYBODY = set(Membership)
OPEN = {Status.GATHERING, Status.MINIMUM_REACHED}
UNBOUND = {*OPEN, Status.LOCKED, Status.SUPPLIER_NOTIFIED, Status.QUOTED}
"""While nothing is agreed on with the supplier."""

LIFECYCLE = Lifecycle(
    "group",
    [
        step("join", JoinGroup, OPEN, {Membership.NONE}, "group_not_gathering"),
        step(UNASKED, JoinGroup, OPEN, ANYBODY, "group_not_gathering"),
        step("contributions", RequestContribution, OPEN, {Membership.JOINED}, "group_not_gathering"),
        step(UNASKED, RequestContribution, OPEN, {*ANYBODY, SERVICE}, "group_not_gathering"),
        step("quantity", ChangeQuantity, OPEN, {Membership.QUEUED, Membership.JOINED}, "group_not_gathering"),
        step(UNASKED, ChangeQuantity, OPEN, ANYBODY, "group_not_gathering"),
        step("leave", LeaveGroup, OPEN, {Membership.QUEUED, Membership.JOINED}, "group_not_gathering"),
        step(UNASKED, LeaveGroup, OPEN, ANYBODY, "group_not_gathering"),
        step("extend", ExtendDeadline, OPEN, {EXTENDER}, "group_not_gathering"),
        step(UNASKED, ExtendDeadline, OPEN, {ORGANISER}, "group_not_gathering"),
        step("lock", LockGroup, {Status.MINIMUM_REACHED}, {ORGANISER}, "group_not_gathering"),
        step(UNASKED, LockGroup, {Status.GATHERING}, {ORGANISER}, "group_not_gathering"),
        step("cancel", CancelGroup, UNBOUND, {ORGANISER, MODERATOR}, "group_not_cancellable"),
        step("retry-refund", RetryRefund, set(Status), {REPAYER}, "refund_not_failed"),
        step(UNASKED, RetryRefund, set(Status), {STAFF}, "refund_not_failed"),
    ],
)


def outsider(
    member_id: UUID, organiser_id: UUID, seller_id: UUID, visibility: Visibility, invited: Container[UUID], *, removed: bool
) -> Membership:
    """What somebody without a part in it is: he may join, or never."""
    asked = visibility is not Visibility.INVITED or member_id == organiser_id or member_id in invited
    return Membership.NONE if asked and not removed and member_id != seller_id else Membership.BARRED


def relations(organiser_id: UUID, membership: Membership, by: Actor, *, extended: bool = False, stuck: bool = False) -> frozenset[str]:
    """What `by`, whose membership this is, is to it. `stuck`: a refund has failed and was not tried again."""
    if by == SYSTEM:
        return frozenset({SERVICE})
    found: set[str] = {membership}
    if by.id == organiser_id:
        found |= {ORGANISER} if extended else {ORGANISER, EXTENDER}
    if by.is_any(Role.MODERATOR, Role.ADMIN):
        found.add(MODERATOR)
    if by.is_any(Role.STAFF, Role.ADMIN):
        found |= {STAFF, REPAYER} if stuck else {STAFF}
    return frozenset(found)


def next_actions(
    organiser_id: UUID, status: str, membership: Membership, by: Actor, *, extended: bool = False, stuck: bool = False
) -> list[str]:
    """What `by` may do next with a group in this status: for queries, from a read model's row."""
    return LIFECYCLE.actions(status, relations(organiser_id, membership, by, extended=extended, stuck=stuck))
