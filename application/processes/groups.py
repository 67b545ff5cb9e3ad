"""What becomes of a group by the passing of time: places that nobody paid for are free again, gathering and picking up end."""

from datetime import datetime

from application.effects.effect import Deadline
from domain.groups.commands import CloseGathering, EndPickUp, LapseMember
from domain.groups.events import DeadlineExtended, GroupOpened, MemberJoined, PickUpOpened
from domain.process import Owed


def close(event: GroupOpened | DeadlineExtended) -> Owed:
    return [(event.group_id, CloseGathering(event.group_id, event.deadline))]


def deadline(event: GroupOpened | DeadlineExtended) -> datetime:
    return event.deadline


def lapse(event: MemberJoined) -> Owed:
    """Changing the quantity gives no more time, so that nothing is due for it.

    The place goes to the next who waits, whose half hour begins when he gets it, however late that is.
    """
    return [(event.group_id, LapseMember(event.group_id, event.member_id, event.pay_by))]


def pay_by(event: MemberJoined) -> datetime:
    return event.pay_by


def end(event: PickUpOpened) -> Owed:
    return [(event.group_id, EndPickUp(event.group_id, event.ends_at))]


def ends_at(event: PickUpOpened) -> datetime:
    return event.ends_at


REACTIONS = (
    Deadline(GroupOpened, "close_gathering", deadline, close),
    Deadline(DeadlineExtended, "close_gathering", deadline, close),
    Deadline(MemberJoined, "lapse_member", pay_by, lapse, from_then=True),
    Deadline(PickUpOpened, "end_pick_up", ends_at, end),
)
