"""Places the orders of recurring orders' days, each in one append with the word that it is placed, so that no restart repeats any."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

import structlog

from application.commands.buying.quotes import SlotChoice
from application.commands.checkouts import CheckOut, Purchase
from application.effects.job import Job
from application.effects.occurrences import FollowPayment, OccurrenceWork, PlaceDay
from application.handler import Given, Handler
from application.jobs.ports import History, Skipped
from application.ports import Clock, Conflict, Meta, Unavailable
from domain.decider import Rejected
from domain.orders.carts.events import CartItem
from domain.orders.commands import CancelOrder
from domain.orders.events import (
    OrderPlaced,
    Reason,
)
from domain.orders.events import Status as OrderStatus
from domain.orders.order import orders
from domain.orders.placed import Placed
from domain.payments.events import PaymentCancelled, PaymentCaptured, PaymentFailed, PaymentRequested
from domain.payments.purposes import ORDER
from domain.subscriptions.commands import EndRecurringOrder, FailOccurrence, PlaceOccurrence
from domain.subscriptions.events import Outcome
from domain.subscriptions.recurring_order import Occurrence, Started, recurring_orders
from domain.subscriptions.schedule import settled_at, starts_at
from domain.subscriptions.standing_details import Given as Details
from domain.subscriptions.standing_details import details_id, standing_details
from domain.values import SYSTEM, Address, Erased, Money, Value

PATIENCE = dt.timedelta(hours=1)
"""How long a fault of ours is tried again, before it becomes a failure of the day like any other: else it would stop the days after."""

logger = structlog.get_logger(__name__)


class Attempt(Value, frozen=True):
    """One try at one day. Every id is made from it, whatever process does it and however often."""

    order: Started
    date: dt.date
    number: int

    @property
    def checkout_id(self) -> UUID:
        return uuid5(self.order.recurring_id, f"{self.date} {self.number}")

    def meta(self, step: str, job: Job) -> Meta:
        return Meta(uuid5(self.checkout_id, step), SYSTEM.id, job.correlation_id, job.event_id)


class OccurrenceJobs:
    """The jobs of recurring orders."""

    def __init__(self, handle: Handler, check_out: CheckOut, history: History, clock: Clock) -> None:
        self._handle = handle
        self._check_out = check_out
        self._history = history
        self._clock = clock

    def __call__(self, job: Job, work: OccurrenceWork) -> None:
        """Raises `Skipped` where nothing is to be done any more; what is refused is an event of that day and ends the job well."""
        match work:
            case PlaceDay(recurring_id, date):
                self._place(job, recurring_id, date)
            case FollowPayment(payment_id):
                self._follow(job, payment_id)

    def _place(self, job: Job, recurring_id: UUID, date: dt.date) -> None:
        found = self._handle.states([(recurring_id, recurring_orders), (details_id(recurring_id), standing_details)])
        order, details = found[recurring_id], found[details_id(recurring_id)]
        attempt = due(order, date)
        now = self._clock()
        if not isinstance(details, Details) or isinstance(details.address, Erased) or isinstance(details.method, Erased):
            self._handle(recurring_id, EndRecurringOrder(recurring_id, SYSTEM, now), attempt.meta("end", job))
            raise Skipped("customer_erased")
        try:
            self._try(job, attempt, details, details.address, details.method, now)
        except Rejected as refused:
            if refused.stream == recurring_id:
                raise Skipped(refused.code) from None  # skipped, paused or placed at this very moment
            self._fail(job, attempt, refused.code, refused.detail, now)
        except (Conflict, Unavailable):
            raise
        except Exception as error:
            if now < settled_at(order.schedule, date) + PATIENCE:
                raise
            logger.exception("a recurring order's day given up", recurring_id=str(recurring_id), date=str(date))
            self._fail(job, attempt, "internal", type(error).__name__, now)

    def _fail(self, job: Job, attempt: Attempt, code: str, detail: str, now: dt.datetime) -> None:
        recurring_id = attempt.order.recurring_id
        failed = FailOccurrence(recurring_id, attempt.date, code, detail, SYSTEM, now)
        self._handle(recurring_id, failed, attempt.meta("fail", job))

    def _try(self, job: Job, attempt: Attempt, details: Details, address: Address, method: str, now: dt.datetime) -> None:
        order, date = attempt.order, attempt.date
        if starts_at(order.schedule, date) <= now:
            raise Rejected("occurrence_missed", "The service was not there in time.")
        earlier = self._earlier(order.settled.get(date))
        if any(each.status not in {OrderStatus.CREATED, OrderStatus.CANCELLED} for each in earlier):
            return self._paid(job, attempt, earlier, now)
        purchase = Purchase(
            order.customer_id,
            address,
            details.provider,
            method,
            items=items(order),
            contact="" if isinstance(details.contact, Erased) else details.contact,
            slot=SlotChoice(order.zone_id, date, order.window) if order.zone_id and order.window else None,
            recurring_id=order.recurring_id,
            occurrence=date.isoformat(),
        )
        unpaid = [each for each in earlier if each.status is OrderStatus.CREATED]

        def beside(order_ids: Sequence[UUID]) -> Given:
            placed = PlaceOccurrence(order.recurring_id, date, attempt.checkout_id, tuple(order_ids), SYSTEM, now)
            return [
                (order.recurring_id, placed),
                *((each.order_id, CancelOrder(each.order_id, Reason.UNPAID, SYSTEM, now)) for each in unpaid),
            ]

        self._check_out(purchase, attempt.checkout_id, now, attempt.meta("place", job), beside)
        return None

    def _earlier(self, known: Occurrence | None) -> list[Placed]:
        """The orders of the attempt before, which may be paid after all, or have to go."""
        if known is None or not known.order_ids:
            return []
        found = self._handle.states([(each, orders) for each in known.order_ids])
        return [each for each in found.values() if isinstance(each, Placed)]

    def _paid(self, job: Job, attempt: Attempt, earlier: Sequence[Placed], now: dt.datetime) -> None:
        ids = tuple(each.order_id for each in earlier)
        placed = PlaceOccurrence(attempt.order.recurring_id, attempt.date, earlier[0].checkout_id, ids, SYSTEM, now)
        self._handle(attempt.order.recurring_id, placed, attempt.meta("paid", job))

    def _follow(self, job: Job, payment_id: UUID) -> None:
        """Whatever has come of the payment by now: told once, whichever of its events is heard first."""
        told = [each.event for each in self._history.stream(payment_id)]
        placed = self._order_of(told)
        if placed.recurring_id is None or placed.occurrence is None:
            raise Skipped("not_recurring")
        command = self._outcome(told, placed.recurring_id, dt.date.fromisoformat(placed.occurrence), placed.checkout_id)
        meta = Meta(uuid5(job.event_id, "follow"), SYSTEM.id, job.correlation_id, job.event_id)
        self._handle(placed.recurring_id, command, meta)

    def _order_of(self, told: Sequence[Any]) -> OrderPlaced:
        requested = told[0]
        if not isinstance(requested, PaymentRequested):
            raise Skipped("no_payment")
        if requested.purpose != ORDER:
            raise Skipped("no_order")
        first = self._history.event(requested.shares[0].order_id, 1).event
        if not isinstance(first, OrderPlaced):
            raise Skipped("no_order")
        return first

    def _outcome(self, told: Sequence[Any], recurring_id: UUID, date: dt.date, checkout_id: UUID) -> PlaceOccurrence | FailOccurrence:
        now = self._clock()
        for event in reversed(told):
            match event:
                case PaymentCaptured(shares=shares):
                    return PlaceOccurrence(recurring_id, date, checkout_id, tuple(each.order_id for each in shares), SYSTEM, now)
                case PaymentFailed(code=code):
                    return FailOccurrence(recurring_id, date, "payment_failed", code, SYSTEM, now, checkout_id)
                case PaymentCancelled():
                    return FailOccurrence(recurring_id, date, "payment_expired", "", SYSTEM, now, checkout_id)
                case _:
                    pass
        raise Skipped("payment_open")


def items(order: Started) -> list[CartItem]:
    """As a cart has them. Who sells them for how much is the checkout's to find out: in the currency that was agreed to, or not at all."""
    return [CartItem(each.listing_id, each.sku, SYSTEM.id, each.quantity, Money(0, order.currency)) for each in order.lines]


def due(order: Any, date: dt.date) -> Attempt:
    """The attempt that is due for this day. Raises `Skipped` where none is: skipped, paused, ended, or settled by another worker."""
    if not isinstance(order, Started):
        raise Skipped("no_recurring_order")
    match order.settled.get(date):
        case Occurrence(outcome=Outcome.RETRYING, attempt=attempt):
            return Attempt(order, date, attempt)
        case None if order.scheduled == date:
            return Attempt(order, date, 1)
        case _:
            raise Skipped("not_due")
