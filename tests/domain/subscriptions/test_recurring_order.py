"""Orders that repeat: each day for itself, with the next one always scheduled."""

import datetime as dt

from msgspec.structs import replace

from domain.subscriptions import commands as c
from domain.subscriptions import events as e
from domain.subscriptions.recurring_order import SKIPPED_LIMIT, recurring_orders
from domain.subscriptions.schedule import Schedule
from domain.values import SYSTEM, Actor
from tests.bdd import Given
from tests.domain.subscriptions.milk import (
    AGAIN,
    BEN,
    CARA,
    CHECKOUT,
    CREAM,
    FRIDAY_NOON,
    LINES,
    MILK,
    MONDAY,
    NEXT_MONDAY,
    ORDER,
    PLACED,
    SCHEDULE,
    STAN,
    WEDNESDAY,
    ZONE,
    due,
    ended,
    failed,
    paused,
    placed,
    resumed,
    running,
    scheduled,
    skipped,
    start,
    started,
)

MINUTE = dt.timedelta(minutes=1)


def place(day: dt.date = MONDAY, by: Actor = SYSTEM, now: dt.datetime | None = None) -> c.PlaceOccurrence:
    return c.PlaceOccurrence(ORDER, day, CHECKOUT, (PLACED,), by, now or due(day))


def fail(day: dt.date = MONDAY, code: str = "out_of_stock", now: dt.datetime | None = None) -> c.FailOccurrence:
    return c.FailOccurrence(ORDER, day, code, "", SYSTEM, now or due(day))


def retry(by: Actor = STAN, now: dt.datetime | None = None) -> c.RetryOccurrence:
    return c.RetryOccurrence(ORDER, MONDAY, by, now or due(MONDAY) + MINUTE)


def skip(day: dt.date, by: Actor = CARA, now: dt.datetime = FRIDAY_NOON) -> c.SkipOccurrence:
    return c.SkipOccurrence(ORDER, day, by, now)


def change(*lines: e.WantedLine) -> c.ChangeQuantities:
    return c.ChangeQuantities(ORDER, lines, CARA, FRIDAY_NOON)


def retried(attempt: int = 2) -> e.OccurrenceRetried:
    return e.OccurrenceRetried(ORDER, CARA.id, MONDAY, attempt, STAN.id, due(MONDAY) + MINUTE)


def test_starting_schedules_the_first_day():
    Given(recurring_orders).when(start()).then(*running)
    Given(recurring_orders, *running).when(start()).then()


def test_a_first_day_that_is_settled_already_is_left_to_the_next():
    friday = replace(SCHEDULE, rule="FREQ=DAILY", begins_on=FRIDAY_NOON.date())
    began, first = recurring_orders.decide(start(friday), recurring_orders.initial)
    assert isinstance(began, e.RecurringOrderStarted)
    assert isinstance(first, e.OccurrenceScheduled)
    assert first.date == dt.date(2026, 6, 6)


def test_what_cannot_be_is_not_started():
    def refused(code: str, pointer: str | None, command: c.StartRecurringOrder) -> None:
        Given(recurring_orders).when(command).rejected(code, pointer=pointer)

    refused("not_yours", None, start(by=STAN))
    refused("schedule_invalid", "/beginsOn", start(replace(SCHEDULE, begins_on=dt.date(2026, 6, 4))))
    refused("rule_invalid", "/rule", start(replace(SCHEDULE, rule="FREQ=MINUTELY")))
    refused("rule_without_dates", "/rule", start(Schedule("FREQ=DAILY;COUNT=1", "Europe/Zurich", FRIDAY_NOON.date(), dt.time(7), 600)))
    refused("lines_invalid", "/lines", start(lines=()))
    refused("lines_invalid", "/lines/1", start(lines=(*LINES, *LINES)))
    refused("quantity_invalid", "/lines/0/quantity", start(lines=(e.WantedLine(MILK, "", 0),)))
    refused("quantity_invalid", "/lines/0/quantity", start(lines=(e.WantedLine(MILK, "", 10**12),)))
    refused("window_invalid", "/window", replace(start(), zone_id=ZONE))


def test_an_order_placed_schedules_the_next_day():
    Given(recurring_orders, *running).when(place()).then(placed(MONDAY), scheduled(WEDNESDAY, due(MONDAY)))


def test_a_failure_schedules_the_next_day_too():
    Given(recurring_orders, *running).when(fail()).then(failed(MONDAY), scheduled(WEDNESDAY, due(MONDAY)))


def test_a_day_is_placed_once():
    after = (*running, placed(MONDAY), scheduled(WEDNESDAY, due(MONDAY)))
    Given(recurring_orders, *after).when(place()).then()
    Given(recurring_orders, *after).when(replace(place(), checkout_id=AGAIN)).rejected("occurrence_not_due")
    Given(recurring_orders, *after).when(fail()).then()


def test_only_the_service_says_what_became_of_a_day():
    for by in (CARA, STAN, BEN):
        Given(recurring_orders, *running).when(place(by=by)).rejected("not_yours")


def test_a_day_skipped_in_time_gives_way_to_the_next():
    Given(recurring_orders, *running).when(skip(MONDAY)).then(skipped(MONDAY), scheduled(WEDNESDAY))
    Given(recurring_orders, *running, skipped(MONDAY), scheduled(WEDNESDAY)).when(place(MONDAY)).rejected("occurrence_not_due")


def test_a_day_further_ahead_is_skipped_when_it_comes():
    ahead = (*running, skipped(WEDNESDAY))
    Given(recurring_orders, *running).when(skip(WEDNESDAY)).then(skipped(WEDNESDAY))
    Given(recurring_orders, *ahead).when(skip(WEDNESDAY)).then()
    Given(recurring_orders, *ahead).when(place()).then(placed(MONDAY), scheduled(NEXT_MONDAY, due(MONDAY)))


def test_only_days_of_the_rule_that_are_not_settled_can_be_skipped():
    Given(recurring_orders, *running).when(skip(dt.date(2026, 6, 9))).rejected("date_invalid", pointer="/date")
    Given(recurring_orders, *running).when(skip(MONDAY, now=due(MONDAY))).rejected("occurrence_settled")
    Given(recurring_orders, *running, failed(MONDAY)).when(skip(MONDAY)).rejected("occurrence_settled")
    Given(recurring_orders, *running).when(skip(MONDAY, BEN)).rejected("not_yours")


def test_nobody_skips_without_end():
    mondays = [skipped(MONDAY + dt.timedelta(weeks=week)) for week in range(1, SKIPPED_LIMIT + 1)]
    Given(recurring_orders, *running, *mondays).when(skip(WEDNESDAY)).rejected("too_many_skipped")


def test_while_paused_no_day_is_due_and_resuming_goes_on_with_the_next_one_open():
    Given(recurring_orders, *running).when(c.PauseRecurringOrder(ORDER, CARA, FRIDAY_NOON)).then(paused)
    Given(recurring_orders, *running, paused).when(place()).rejected("occurrence_not_due")
    late = c.ResumeRecurringOrder(ORDER, CARA, due(MONDAY))
    Given(recurring_orders, *running, paused).when(late).then(replace(resumed, at=due(MONDAY)), scheduled(WEDNESDAY, due(MONDAY)))
    Given(recurring_orders, *running).when(late).rejected("recurring_order_not_paused")


def test_changed_quantities_hold_from_the_next_day_on():
    Given(recurring_orders, *running).when(change(e.WantedLine(MILK, "MILK-1L", 3), e.WantedLine(CREAM, "", 1))).then(
        e.QuantitiesChanged(ORDER, CARA.id, (e.WantedLine(MILK, "MILK-1L", 3), e.WantedLine(CREAM, "", 1)), CARA.id, FRIDAY_NOON)
    )
    Given(recurring_orders, *running).when(change(*LINES)).then()
    Given(recurring_orders, *running).when(change()).rejected("lines_invalid", pointer="/lines")


def test_what_has_ended_stays_ended():
    Given(recurring_orders, *running).when(c.EndRecurringOrder(ORDER, CARA, FRIDAY_NOON)).then(ended)
    for command in (c.ResumeRecurringOrder(ORDER, CARA, FRIDAY_NOON), c.PauseRecurringOrder(ORDER, CARA, FRIDAY_NOON)):
        code = "recurring_order_not_paused" if isinstance(command, c.ResumeRecurringOrder) else "recurring_order_not_active"
        Given(recurring_orders, *running, ended).when(command).rejected(code)
    Given(recurring_orders, *running, ended).when(place()).rejected("occurrence_not_due")


def test_it_ends_by_itself_with_the_last_day_of_its_rule():
    once = Schedule("FREQ=DAILY;COUNT=1", "Europe/Zurich", MONDAY, dt.time(7), 600)
    last = e.RecurringOrderEnded(ORDER, CARA.id, None, due(MONDAY))
    Given(recurring_orders, replace(started, schedule=once), scheduled(MONDAY)).when(place()).then(placed(MONDAY), last)


def test_a_failed_day_is_tried_again_and_concerns_no_other():
    after = (*running, failed(MONDAY), scheduled(WEDNESDAY, due(MONDAY)))
    Given(recurring_orders, *after).when(retry()).then(retried())
    Given(recurring_orders, *after, retried()).when(place()).then(placed(MONDAY, attempt=2))
    Given(recurring_orders, *after, retried()).when(fail()).then(failed(MONDAY, attempt=2))
    Given(recurring_orders, *after, retried()).when(retry()).rejected("occurrence_not_failed")
    Given(recurring_orders, *after, retried(), placed(MONDAY)).when(retry()).rejected("occurrence_not_failed")


def test_nothing_is_tried_again_that_never_failed_or_whose_time_is_over():
    after = (*running, failed(MONDAY), scheduled(WEDNESDAY, due(MONDAY)))
    Given(recurring_orders, *running).when(retry()).rejected("occurrence_not_found")
    Given(recurring_orders, *after).when(retry(now=due(MONDAY) + dt.timedelta(hours=10))).rejected("occurrence_missed")
    Given(recurring_orders, *after).when(retry(BEN)).rejected("not_yours")


def test_a_payment_that_fails_later_fails_the_day_that_it_was_for():
    after = (*running, placed(MONDAY), scheduled(WEDNESDAY, due(MONDAY)))
    unpaid = replace(fail(code="card_declined"), checkout_id=CHECKOUT)
    Given(recurring_orders, *after).when(unpaid).then(failed(MONDAY, "card_declined"))
    Given(recurring_orders, *after).when(replace(unpaid, checkout_id=AGAIN)).then()
    Given(recurring_orders, *after, failed(MONDAY, "card_declined")).when(unpaid).then()


def test_a_day_that_is_paid_after_all_is_placed_after_all():
    after = (*running, placed(MONDAY), scheduled(WEDNESDAY, due(MONDAY)), failed(MONDAY, "card_declined"))
    Given(recurring_orders, *after).when(place()).then(placed(MONDAY))


def test_days_long_over_are_forgotten_here():
    later = due(MONDAY) + dt.timedelta(days=7)
    after = (*running, failed(MONDAY), scheduled(WEDNESDAY), failed(WEDNESDAY), scheduled(NEXT_MONDAY), placed(NEXT_MONDAY, at=later))
    Given(recurring_orders, *after).when(retry()).rejected("occurrence_not_found")


def test_who_may_do_what():
    Given(recurring_orders, *running).offers(CARA, "pause", "skip", "change", "end")
    Given(recurring_orders, *running).offers(STAN, "pause", "skip", "change", "end")
    Given(recurring_orders, *running, paused).offers(CARA, "resume", "skip", "change", "end")
    Given(recurring_orders, *running).offers(BEN)
    Given(recurring_orders, *running, ended).offers(CARA)
