"""How group buying goes: groups opened, full enough and in which time, bought, picked up, or failed, and what they brought in.

Every figure is counted on the day of its event. A group has ended when all its goods are picked up or the time for it is over, or
when it has failed; what was picked up is counted then.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from domain.groups.events import (
    GroupCompleted,
    GroupFailed,
    GroupLocked,
    GroupOpened,
    GroupSettled,
    MemberCollected,
    MinimumReached,
    PickUpOpened,
)
from domain.values import Value
from projections.view import Journal, Sum

Step = GroupOpened | MinimumReached | GroupLocked | GroupFailed | PickUpOpened | MemberCollected | GroupCompleted | GroupSettled


class GroupFigures(Value, frozen=True):
    """`reached` minimums took `minutes` in all. `locked` groups had so many `members`, `pieces` and `amount`.

    `ended` is `completed` and `failed` together. Of `ready` pieces, `collected` were picked up. `settled` groups paid `revenue`, the
    platform's `fee` in it. Amounts are in minor units.
    """

    day: date
    currency: str
    category: str
    supplier_id: UUID
    seller_id: UUID
    opened: int = 0
    reached: int = 0
    minutes: int = 0
    locked: int = 0
    members: int = 0
    pieces: int = 0
    amount: int = 0
    ended: int = 0
    completed: int = 0
    failed: int = 0
    ready: int = 0
    collected: int = 0
    settled: int = 0
    revenue: int = 0
    fee: int = 0


class Known(Value, frozen=True):
    currency: str
    category: str
    supplier_id: UUID
    seller_id: UUID
    opened_at: datetime
    ready: int = 0
    collected: int = 0


def evolve(known: Known | None, event: Step) -> Known | None:
    match event, known:
        case GroupOpened(), _:
            return Known(event.currency, event.category, event.supplier_id, event.seller_id, event.at)
        case PickUpOpened(parts=parts), Known():
            return replace(known, ready=sum(each.quantity for each in parts))
        case MemberCollected(collected=collected), Known():
            return replace(known, collected=collected)
        case _:
            return known


def rows(known: Known | None, event: Step) -> Sequence[GroupFigures]:
    group = evolve(known, event)
    counted = None if group is None else figures(group, event)
    if group is None or not counted:
        return []
    day = event.at.astimezone(UTC).date()
    return [GroupFigures(day, group.currency, group.category, group.supplier_id, group.seller_id, **counted)]


def figures(group: Known, event: Step) -> dict[str, int]:
    match event:
        case GroupOpened():
            return {"opened": 1}
        case MinimumReached(at=at):
            return {"reached": 1, "minutes": (at - group.opened_at) // timedelta(minutes=1)}
        case GroupLocked(parts=parts, quantity=quantity, amount=amount):
            return {"locked": 1, "members": len(parts), "pieces": quantity, "amount": amount}
        case GroupFailed():
            return {"ended": 1, "failed": 1}
        case GroupCompleted():
            return {"ended": 1, "completed": 1, "ready": group.ready, "collected": group.collected}
        case GroupSettled(amount=amount, fee=fee):
            return {"settled": 1, "revenue": amount, "fee": fee}
        case PickUpOpened() | MemberCollected():
            return {}


def group_of(event: Step) -> UUID:
    return event.group_id


FIGURES = (
    "opened",
    "reached",
    "minutes",
    "locked",
    "members",
    "pieces",
    "amount",
    "ended",
    "completed",
    "failed",
    "ready",
    "collected",
    "settled",
    "revenue",
    "fee",
)

DAILY = Sum("daily", by=("day", "currency", "category", "supplier_id", "seller_id"), of=FIGURES)

journal: Journal[GroupFigures] = Journal(
    "group_figures",
    GroupFigures,
    key=group_of,
    rows=rows,
    events=(GroupOpened, MinimumReached, GroupLocked, GroupFailed, PickUpOpened, MemberCollected, GroupCompleted, GroupSettled),
    sums=(DAILY,),
    known=Known,
    evolve=evolve,
)
