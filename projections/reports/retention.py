"""How long recurring orders live: of those begun in a month, how many still brought something one, two, three … months later."""

from collections.abc import Sequence
from datetime import UTC, date
from uuid import UUID

from msgspec.structs import replace

from domain.subscriptions.events import OccurrencePlaced, RecurringOrderEnded, RecurringOrderStarted
from domain.values import Value
from projections.view import Journal, Sum

Step = RecurringOrderStarted | OccurrencePlaced | RecurringOrderEnded

MONTHS = (1, 2, 3, 6, 12)


class Kept(Value, frozen=True):
    """`day` is the first of the month in which the recurring order began; `after_3` counts it where it was used in the third after."""

    day: date
    started: int = 0
    ended: int = 0
    occurrences: int = 0
    after_1: int = 0
    after_2: int = 0
    after_3: int = 0
    after_6: int = 0
    after_12: int = 0


class Life(Value, frozen=True):
    """When it began, and the months after that in which it brought something."""

    began: date
    months: tuple[int, ...] = ()


def evolve(life: Life | None, event: Step) -> Life | None:
    match event, life:
        case RecurringOrderStarted(at=at), _:
            return Life(at.astimezone(UTC).date().replace(day=1))
        case OccurrencePlaced(date=day), Life() if (month := after(life.began, day)) not in life.months:
            return replace(life, months=(*life.months, month))
        case _:
            return life


def rows(life: Life | None, event: Step) -> Sequence[Kept]:
    match event, life:
        case RecurringOrderStarted(at=at), _:
            return [Kept(at.astimezone(UTC).date().replace(day=1), started=1)]
        case RecurringOrderEnded(), Life():
            return [Kept(life.began, ended=1)]
        case OccurrencePlaced(date=day), Life():
            month = after(life.began, day)
            new = {f"after_{month}": 1} if month in MONTHS and month not in life.months else {}
            return [Kept(life.began, occurrences=1, **new)]
        case _:
            return []


def after(began: date, day: date) -> int:
    """How many calendar months later."""
    return 12 * (day.year - began.year) + day.month - began.month


def recurring_of(event: Step) -> UUID:
    return event.recurring_id


MONTHLY = Sum("monthly", by=("day",), of=("started", "ended", "occurrences", *(f"after_{month}" for month in MONTHS)))

journal: Journal[Kept] = Journal(
    "recurring_retention",
    Kept,
    key=recurring_of,
    rows=rows,
    events=(RecurringOrderStarted, OccurrencePlaced, RecurringOrderEnded),
    sums=(MONTHLY,),
    known=Life,
    evolve=evolve,
)
