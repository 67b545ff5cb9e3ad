"""How deliveries go: attempts that reached the buyer or did not, and whether they kept to the window that was promised."""

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from uuid import UUID

from domain.deliveries.events import DeliveryDelivered, DeliveryFailed, DeliveryReturned
from domain.values import Value
from projections.view import Journal, Sum

Outcome = DeliveryDelivered | DeliveryFailed | DeliveryReturned


class Attempt(Value, frozen=True):
    """`attempts` is `delivered` or `failed`; `first` was delivered at the first. `promised` had a window: kept, or `early` or `late`.

    `minutes_late` counts from the window's end, begun minutes included. `returned` is no attempt: the goods are back.
    """

    day: date
    seller_id: UUID
    courier_id: UUID
    zone_id: UUID | None
    attempts: int = 0
    delivered: int = 0
    first: int = 0
    failed: int = 0
    returned: int = 0
    promised: int = 0
    punctual: int = 0
    early: int = 0
    late: int = 0
    minutes_late: int = 0


def rows(_known: None, event: Outcome) -> Sequence[Attempt]:
    day = event.at.astimezone(UTC).date()
    match event:
        case DeliveryReturned():
            return [Attempt(day, event.seller_id, event.courier_id, None, returned=1)]
        case DeliveryFailed():
            return [Attempt(day, event.seller_id, event.courier_id, event.zone_id, attempts=1, failed=1)]
        case DeliveryDelivered():
            return [delivered(day, event)]


def delivered(day: date, event: DeliveryDelivered) -> Attempt:
    first = int(event.attempt == 1)
    if event.starts_at is None or event.ends_at is None:
        return Attempt(day, event.seller_id, event.courier_id, event.zone_id, attempts=1, delivered=1, first=first)
    early, late = int(event.at < event.starts_at), int(event.at > event.ends_at)
    minutes = max(0, -((event.ends_at - event.at) // timedelta(minutes=1)))
    return Attempt(
        day,
        event.seller_id,
        event.courier_id,
        event.zone_id,
        attempts=1,
        delivered=1,
        first=first,
        promised=1,
        punctual=1 - early - late,
        early=early,
        late=late,
        minutes_late=minutes,
    )


def delivery_of(event: Outcome) -> UUID:
    return event.delivery_id


DAILY = Sum(
    "daily",
    by=("day", "seller_id", "courier_id", "zone_id"),
    of=("attempts", "delivered", "first", "failed", "returned", "promised", "punctual", "early", "late", "minutes_late"),
)

journal: Journal[Attempt] = Journal(
    "delivery_attempts",
    Attempt,
    key=delivery_of,
    rows=rows,
    events=(DeliveryDelivered, DeliveryFailed, DeliveryReturned),
    sums=(DAILY,),
)
