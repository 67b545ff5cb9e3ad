"""What customers and staff see of recurring orders."""

import datetime as dt

from msgspec.structs import replace

from domain.subscriptions import events as e
from domain.values import Address
from projections.subscriptions import details, occurrences, recurring
from projections.subscriptions.details import StandingDetailsPage
from projections.subscriptions.occurrences import OccurrencePage
from tests.bdd import Shown, erased
from tests.domain.subscriptions.milk import (
    CARA,
    CHECKOUT,
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
    due,
    ended,
    failed,
    paused,
    placed,
    resumed,
    running,
    scheduled,
    skipped,
)

HOME = Address("Cara", ("Seestrasse 1",), "Zürich", "8001", "CH")
given = e.StandingDetailsGiven(ORDER, CARA.id, HOME, "cara@example.org", "sandbox", "tok_visa", FRIDAY_NOON)


def test_a_running_order_shows_its_next_day():
    page = Shown(recurring.view, *running).one
    assert (page.status, page.lines, page.schedule) == (e.Status.ACTIVE, LINES, SCHEDULE)
    assert (page.next_date, page.due_at, page.last_date) == (MONDAY, due(MONDAY), None)
    after = Shown(recurring.view, *running, placed(MONDAY), scheduled(WEDNESDAY)).one
    assert (after.next_date, after.last_date) == (WEDNESDAY, MONDAY)


def test_paused_and_ended_orders_have_no_next_day():
    stopped = Shown(recurring.view, *running, paused).one
    assert (stopped.status, stopped.next_date, stopped.starts_at, stopped.due_at) == (e.Status.PAUSED, None, None, None)
    assert Shown(recurring.view, *running, paused, resumed, scheduled(WEDNESDAY)).one.next_date == WEDNESDAY
    assert Shown(recurring.view, *running, ended).one.status == e.Status.ENDED


def test_skipped_days_are_shown_until_they_are_over():
    assert Shown(recurring.view, *running, skipped(NEXT_MONDAY), skipped(WEDNESDAY)).one.skipped == (WEDNESDAY, NEXT_MONDAY)
    passed = Shown(recurring.view, *running, skipped(WEDNESDAY), placed(MONDAY), scheduled(NEXT_MONDAY)).one
    assert passed.skipped == ()


def test_a_skipped_next_day_is_over_at_once():
    page = Shown(recurring.view, *running, skipped(MONDAY), scheduled(WEDNESDAY)).one
    assert (page.next_date, page.last_date, page.skipped) == (WEDNESDAY, MONDAY, ())


def test_changed_lines_are_shown_as_they_will_be():
    more = (e.WantedLine(MILK, "MILK-1L", 3),)
    assert Shown(recurring.view, *running, e.QuantitiesChanged(ORDER, CARA.id, more, CARA.id, due(MONDAY))).one.lines == more


def test_each_day_shows_what_became_of_it():
    Shown(occurrences.view, placed(MONDAY), failed(WEDNESDAY, "slot_full")).then(
        OccurrencePage(ORDER, CARA.id, MONDAY, e.Outcome.PLACED, 1, due(MONDAY), checkout_id=CHECKOUT, order_ids=(PLACED,)),
        OccurrencePage(
            ORDER,
            CARA.id,
            WEDNESDAY,
            e.Outcome.FAILED,
            1,
            due(WEDNESDAY),
            "slot_full",
            starts_at=due(WEDNESDAY) + dt.timedelta(hours=10),
        ),
    )


def test_a_day_that_goes_well_the_second_time_is_no_failure_any_more():
    retried = e.OccurrenceRetried(ORDER, CARA.id, MONDAY, 2, STAN.id, due(MONDAY))
    assert Shown(occurrences.view, failed(MONDAY), retried).one.outcome is e.Outcome.RETRYING
    page = Shown(occurrences.view, failed(MONDAY), retried, placed(MONDAY, attempt=2)).one
    assert (page.outcome, page.attempt, page.code, page.order_ids) == (e.Outcome.PLACED, 2, None, (PLACED,))


def test_the_address_is_shown_until_its_owner_is_forgotten_and_the_payments_token_never():
    Shown(details.view, given).then(StandingDetailsPage(ORDER, HOME, "cara@example.org", "sandbox"))
    Shown(details.view, erased(given)).then(StandingDetailsPage(ORDER, None, "", "sandbox"))
    moved = replace(given, address=replace(HOME, lines=("Seestrasse 2",)))
    assert Shown(details.view, given, moved).one.address == moved.address
