"""Each day's order is placed once, whatever is interrupted; what cannot be placed concerns that day alone."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.jobs.ports import Skipped
from application.ports import Change, Meta, Result, Row
from domain.deliveries.commands import DeclareZone
from domain.listings import commands as c
from domain.listings.listing import Written, listings
from domain.orders.commands import ConfirmOrder
from domain.orders.events import OrderPlaced
from domain.orders.order import orders
from domain.orders.placed import Placed
from domain.payments.commands import CapturePayment, ExpirePayment, FailPayment, RetryPayment
from domain.payments.events import PaymentRequested
from domain.recorded import Recorded
from domain.stock.state import Stocked
from domain.stock.stock import stock_id, stocks
from domain.subscriptions import commands as s
from domain.subscriptions import events as e
from domain.subscriptions.standing_details import details_id
from domain.values import SYSTEM, Money
from tests.application.jobs.dairy import ANA, CARA, CREAM, FRIDAY_NOON, HOME, MILK, ORDER, TERMS, ZONE, Dairy
from tests.bdd import erased
from tests.fakes.history import FakeHistory

MONDAY, WEDNESDAY, NEXT_MONDAY = dt.date(2026, 6, 8), dt.date(2026, 6, 10), dt.date(2026, 6, 15)


class Memory(FakeHistory):
    """The log in memory, as jobs read it."""

    def stream(self, stream: UUID, upto_version: int | None = None) -> Sequence[Recorded[Any]]:
        return self.streams.get(stream, [])[:upto_version]

    def event(self, stream: UUID, version: int) -> Recorded[Any]:
        return self.streams[stream][version - 1]


class Breaking(Memory):
    """Loses the connection at the n-th append from now, before or after it was written."""

    def __init__(self) -> None:
        super().__init__()
        self.until = -1
        self.written = False

    def append(self, changes: Sequence[Change], meta: Meta, rows: Sequence[Row] = ()) -> list[Result]:
        self.until -= 1
        if self.until == 0 and not self.written:
            raise ConnectionResetError
        results = super().append(changes, meta, rows)
        if self.until == 0:
            raise ConnectionResetError
        return results


@pytest.fixture
def dairy() -> Dairy:
    opened = Dairy(Memory())
    opened.open()
    return opened


def evening_before(day: dt.date) -> dt.datetime:
    """Seven in the evening in UTC is ten hours before seven in the morning in Zürich."""
    return dt.datetime.combine(day - dt.timedelta(days=1), dt.time(19), dt.UTC)


def outcomes(dairy: Dairy, id: UUID = ORDER) -> list[tuple[str, dt.date] | tuple[str, dt.date, str]]:
    found: list[Any] = []
    for event in dairy.told(id):
        match event:
            case e.OccurrencePlaced(date=date):
                found.append(("placed", date))
            case e.OccurrenceFailed(date=date, code=code):
                found.append(("failed", date, code))
            case _:
                pass
    return found


def placed_orders(dairy: Dairy, id: UUID = ORDER) -> list[OrderPlaced]:
    ids = [order for event in dairy.told(id) if isinstance(event, e.OccurrencePlaced) for order in event.order_ids]
    return [event for order in ids if isinstance(event := dairy.told(order)[0], OrderPlaced)]


def left(dairy: Dairy, sku: str = "MILK-1L") -> int:
    stock = stock_id(ANA.id, sku)
    state = dairy.handle.state(stock, stocks)
    assert isinstance(state, Stocked)
    return state.available


def test_the_time_and_the_notice_are_those_of_the_window(dairy: Dairy):
    dairy.order()
    started = dairy.told()[0]
    assert isinstance(started, e.RecurringOrderStarted)
    assert (started.schedule.at, started.schedule.notice, started.schedule.timezone) == (dt.time(7), 600, "Europe/Zurich")
    assert [job.due_at for job in dairy.owed()] == [evening_before(MONDAY)]


def test_nothing_is_placed_before_its_time(dairy: Dairy):
    dairy.order()
    dairy.now = evening_before(MONDAY) - dt.timedelta(seconds=1)
    dairy.do_what_is_due()
    assert outcomes(dairy) == []


def test_each_day_becomes_an_order_with_stock_slot_and_payment(dairy: Dairy):
    dairy.order()
    for day in (MONDAY, WEDNESDAY):
        dairy.now = evening_before(day)
        assert dairy.do_what_is_due()[1:] == []
    assert outcomes(dairy) == [("placed", MONDAY), ("placed", WEDNESDAY)]
    first, second = placed_orders(dairy)
    assert (first.recurring_id, first.occurrence, second.occurrence) == (ORDER, "2026-06-08", "2026-06-10")
    assert (first.buyer_id, first.address, first.contact, first.total) == (CARA.id, HOME, "cara@example.org", 2 * 180 + 300)
    assert first.starts_at == dt.datetime(2026, 6, 8, 5, tzinfo=dt.UTC)
    assert isinstance(dairy.told(first.payment_id)[0], PaymentRequested)
    assert left(dairy) == 96


def test_a_day_that_is_due_twice_is_placed_once(dairy: Dairy):
    dairy.order()
    dairy.now = evening_before(MONDAY)
    (job,) = dairy.owed()
    dairy.do(job)
    with pytest.raises(Skipped):
        dairy.do(job)
    assert outcomes(dairy) == [("placed", MONDAY)]


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("listing", [MILK, CREAM])
def test_a_restart_in_the_middle_repeats_nothing(listing: UUID, written: bool):
    """There is too little cream, so that its failure is interrupted in the same way."""
    log = Breaking()
    dairy = Dairy(log)
    dairy.open()
    dairy.order(listing=listing)
    dairy.now = evening_before(MONDAY)
    (job,) = dairy.owed()
    log.until, log.written = 1, written
    with pytest.raises(ConnectionResetError):
        dairy.do(job)
    restarted = Dairy(log)
    restarted.now = dairy.now
    restarted.do_what_is_due()
    expected = ("placed", MONDAY) if listing == MILK else ("failed", MONDAY, "out_of_stock")
    assert outcomes(restarted) == [expected]
    assert len([each for each in restarted.told() if isinstance(each, e.OccurrenceScheduled)]) == 2


def test_no_stock_fails_that_day_and_no_other(dairy: Dairy):
    dairy.order(listing=CREAM)
    dairy.now = evening_before(MONDAY)
    dairy.do_what_is_due()
    dairy.receive("CREAM", 10)
    dairy.now = evening_before(WEDNESDAY)
    dairy.do_what_is_due()
    assert outcomes(dairy) == [("failed", MONDAY, "out_of_stock"), ("placed", WEDNESDAY)]


def test_a_slot_that_is_no_longer_offered_fails_that_day(dairy: Dairy):
    dairy.order()
    dairy.give(ZONE, DeclareZone(ZONE, replace(TERMS, closed_on=(MONDAY,)), SYSTEM, dairy.now))
    dairy.now = evening_before(MONDAY)
    dairy.do_what_is_due()
    assert outcomes(dairy) == [("failed", MONDAY, "slot_not_found")]


def test_a_product_that_is_sold_in_another_currency_by_now_is_not_bought(dairy: Dairy):
    dairy.order()
    variant = replace(milk(dairy), price=Money(200, "EUR"))
    dairy.give(MILK, c.OfferVariants(MILK, (variant,), ANA, dairy.now))
    dairy.now = evening_before(MONDAY)
    dairy.do_what_is_due()
    assert outcomes(dairy) == [("failed", MONDAY, "currency_mixed")]


def test_a_product_that_is_gone_fails_every_day_until_it_is_back(dairy: Dairy):
    dairy.order()
    dairy.give(MILK, c.PauseListing(MILK, ANA, dairy.now))
    dairy.now = evening_before(MONDAY)
    dairy.do_what_is_due()
    dairy.give(MILK, c.ResumeListing(MILK, ANA, dairy.now))
    dairy.now = evening_before(WEDNESDAY)
    dairy.do_what_is_due()
    assert outcomes(dairy) == [("failed", MONDAY, "not_on_sale"), ("placed", WEDNESDAY)]


def test_after_days_of_silence_what_was_missed_is_told_and_the_next_day_comes(dairy: Dairy):
    dairy.order()
    dairy.now = evening_before(NEXT_MONDAY) + dt.timedelta(minutes=1)
    dairy.do_what_is_due()
    assert outcomes(dairy) == [
        ("failed", MONDAY, "occurrence_missed"),
        ("failed", WEDNESDAY, "occurrence_missed"),
        ("placed", NEXT_MONDAY),
    ]


def test_a_fault_of_ours_is_tried_again_for_an_hour_and_then_stops_no_other_day(dairy: Dairy, monkeypatch: pytest.MonkeyPatch):
    def broken(_asked: Any, _now: dt.datetime) -> Any:
        raise ZeroDivisionError

    dairy.order()
    monkeypatch.setattr(dairy.check_out, "quotes", broken)
    dairy.now = evening_before(MONDAY)
    with pytest.raises(ZeroDivisionError):
        dairy.do_what_is_due()
    dairy.now += dt.timedelta(hours=1)
    dairy.do_what_is_due()
    monkeypatch.undo()
    dairy.now = evening_before(WEDNESDAY)
    dairy.do_what_is_due()
    assert outcomes(dairy) == [("failed", MONDAY, "internal"), ("placed", WEDNESDAY)]


def test_skipped_and_paused_days_are_not_placed(dairy: Dairy):
    dairy.order()
    dairy.give(ORDER, s.SkipOccurrence(ORDER, MONDAY, CARA, dairy.now))
    dairy.now = evening_before(MONDAY)
    assert dairy.do_what_is_due() == ["not_due"]
    dairy.give(ORDER, s.PauseRecurringOrder(ORDER, CARA, dairy.now))
    dairy.now = evening_before(WEDNESDAY)
    assert dairy.do_what_is_due() == ["not_due", "not_due"]
    assert outcomes(dairy) == []


def test_a_failed_day_is_placed_when_it_is_tried_again(dairy: Dairy):
    dairy.order(listing=CREAM)
    dairy.now = evening_before(MONDAY)
    dairy.do_what_is_due()
    dairy.receive("CREAM", 10)
    dairy.give(ORDER, s.RetryOccurrence(ORDER, MONDAY, CARA, dairy.now))
    dairy.do_what_is_due()
    assert outcomes(dairy) == [("failed", MONDAY, "out_of_stock"), ("placed", MONDAY)]
    assert left(dairy, "CREAM") == 9


def test_the_order_of_somebody_who_is_forgotten_ends(dairy: Dairy):
    assert isinstance(dairy.log, Memory)
    dairy.order()
    details = dairy.log.streams[details_id(ORDER)]
    details[0] = replace(details[0], event=erased(details[0].event))
    dairy.now = evening_before(MONDAY)
    assert dairy.do_what_is_due() == ["customer_erased"]
    assert isinstance(dairy.told()[-1], e.RecurringOrderEnded)
    assert outcomes(dairy) == []


def unpaid(dairy: Dairy) -> OrderPlaced:
    """Monday's order is placed, and its payment came to nothing."""
    dairy.order()
    dairy.now = evening_before(MONDAY)
    dairy.do_what_is_due()
    (order,) = placed_orders(dairy)
    dairy.now = order.payment_due
    dairy.give(order.payment_id, ExpirePayment(order.payment_id, dairy.now))
    dairy.do_what_is_due(order.payment_id)
    return order


def test_a_payment_that_is_given_up_fails_its_day(dairy: Dairy):
    order = unpaid(dairy)
    assert outcomes(dairy) == [("placed", MONDAY), ("failed", MONDAY, "payment_expired")]
    dairy.do_what_is_due(order.payment_id)
    assert len(outcomes(dairy)) == 2


def test_a_day_that_is_tried_again_gives_up_its_unpaid_order(dairy: Dairy):
    before = unpaid(dairy)
    dairy.give(ORDER, s.RetryOccurrence(ORDER, MONDAY, CARA, dairy.now))
    dairy.do_what_is_due()
    _, after = placed_orders(dairy)
    assert after.order_id != before.order_id
    assert status(dairy, before.order_id) == "CANCELLED"
    assert status(dairy, after.order_id) == "CREATED"


def test_a_day_that_was_paid_after_all_is_not_placed_again(dairy: Dairy):
    before = unpaid(dairy)
    dairy.give(before.order_id, ConfirmOrder(before.order_id, before.payment_id, SYSTEM, dairy.now))
    dairy.give(ORDER, s.RetryOccurrence(ORDER, MONDAY, CARA, dairy.now))
    dairy.do_what_is_due()
    assert {order.order_id for order in placed_orders(dairy)} == {before.order_id}
    assert outcomes(dairy)[-1] == ("placed", MONDAY)


def test_a_second_card_saves_the_day_that_the_first_had_failed(dairy: Dairy):
    dairy.order()
    dairy.now = evening_before(MONDAY)
    dairy.do_what_is_due()
    (order,) = placed_orders(dairy)
    payment = order.payment_id
    dairy.give(payment, FailPayment(payment, 1, "card_declined", dairy.now))
    dairy.do_what_is_due(payment)
    assert outcomes(dairy)[-1] == ("failed", MONDAY, "payment_failed")
    dairy.give(payment, RetryPayment(payment, "sandbox", "4242424242424242", CARA, dairy.now))
    dairy.give(payment, CapturePayment(payment, 2, "ch_2", "CHF", order.total, 20, dairy.now))
    dairy.do_what_is_due(payment)
    assert outcomes(dairy)[-1] == ("placed", MONDAY)


def test_what_is_wanted_must_be_on_sale_in_one_currency(dairy: Dairy):
    def refused(code: str, pointer: str, **wish: Any) -> None:
        with pytest.raises(Exception, match=code) as refusal:
            dairy.order(**wish)
        assert getattr(refusal.value, "pointer", None) == pointer

    refused("window_invalid", "/delivery/window", window="08:00")
    refused("window_invalid", "/timezone", timezone="Europe/Berlin")
    refused("window_invalid", "/time", at=dt.time(7))
    refused("zone_not_found", "/delivery/zoneId", zone_id=ORDER)
    dairy.give(MILK, c.PauseListing(MILK, ANA, FRIDAY_NOON))
    refused("not_on_sale", "/lines/0/listingId")


def test_a_lost_answer_is_no_second_order(dairy: Dairy):
    assert isinstance(dairy.log, Memory)
    dairy.order()
    dairy.now = evening_before(MONDAY)
    dairy.log.lost = 1
    dairy.do_what_is_due()
    assert outcomes(dairy) == [("placed", MONDAY)]
    assert left(dairy) == 98


def milk(dairy: Dairy) -> Any:
    state = dairy.handle.state(MILK, listings)
    assert isinstance(state, Written)
    return state.variants[0]


def status(dairy: Dairy, order_id: UUID) -> str:
    state = dairy.handle.state(order_id, orders)
    assert isinstance(state, Placed)
    return state.status
