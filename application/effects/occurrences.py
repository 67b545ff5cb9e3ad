"""Work on the days of recurring orders."""

import datetime as dt
from uuid import UUID

from domain.values import Value


class PlaceDay(Value, frozen=True, tag="place_day"):
    """Place the order of a day, or say why there is none."""

    recurring_id: UUID
    date: dt.date


class FollowPayment(Value, frozen=True, tag="follow_payment"):
    """Tell a recurring order what has come of the payment for one of its days, where that is what was paid for."""

    payment_id: UUID


OccurrenceWork = PlaceDay | FollowPayment
