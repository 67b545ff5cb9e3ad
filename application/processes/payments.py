"""What follows from payments by itself: the time to pay ends."""

from datetime import datetime

from application.effects.effect import Deadline
from domain.payments.commands import ExpirePayment
from domain.payments.events import PaymentRequested
from domain.process import Owed


def due(event: PaymentRequested) -> datetime:
    return event.expires_at


def expire(event: PaymentRequested) -> Owed:
    return [(event.payment_id, ExpirePayment(event.payment_id, event.expires_at))]


REACTIONS = (Deadline(PaymentRequested, "expire_payment", due, expire),)
