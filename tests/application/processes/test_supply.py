"""What follows between a group, its quote and its shipment."""

from datetime import UTC, datetime, time

import pytest
from msgspec.structs import replace

from domain.groups import commands as g
from domain.groups.events import Failing, GroupAccepted, GroupFailed, GroupLocked, Locking
from domain.groups.supply import commands as c
from domain.values import SYSTEM
from tests.bdd import Happened
from tests.domain.groups.supply.deal import (
    DAY,
    GROUP,
    LISTING,
    MILL,
    MUSA,
    NOON,
    QUOTE,
    SHIPMENT,
    TENDAI,
    TOMORROW,
    VALID,
    accepted,
    countered,
    ended,
    lapsed,
    open_it,
    opened,
    quoted,
    rejected,
    request_it,
    requested,
    sent,
    there,
)

locked = GroupLocked(GROUP, Locking.FULL, 100, 900, 90_000, (), MILL, TENDAI.id, MUSA.id, LISTING, "MAIZE-50", "USD", NOON)
agreed = GroupAccepted(GROUP, QUOTE, 880, 88_000, MILL, MUSA.id, TENDAI.id, 10, "USD", 100, NOON)


def test_a_locked_group_asks_its_supplier_who_has_three_days():
    Happened(locked).then((QUOTE, request_it))


def test_the_group_hears_that_its_supplier_was_asked_and_what_it_costs():
    Happened(requested).then((GROUP, g.NoteQuote(GROUP, QUOTE, "requested", None, NOON)))
    Happened(quoted(950)).then((GROUP, g.NoteQuote(GROUP, QUOTE, "submitted", 950, NOON)))


def test_whoever_does_not_answer_in_time_lets_the_quote_lapse():
    Happened(requested).later(NOON + 3 * DAY, (QUOTE, c.LapseQuote(QUOTE, SYSTEM, NOON + 3 * DAY)))
    Happened(countered()).later(NOON + 2 * DAY, (QUOTE, c.LapseQuote(QUOTE, SYSTEM, NOON + 2 * DAY)))
    Happened(quoted()).later(VALID, (QUOTE, c.LapseQuote(QUOTE, SYSTEM, VALID)))


def test_an_accepted_quote_is_the_groups_price():
    Happened(accepted).then((GROUP, g.AcceptGroup(GROUP, QUOTE, 880, 10, NOON)))


@pytest.mark.parametrize(("side", "reason"), [("supplier", Failing.SUPPLIER_REFUSED), ("organiser", Failing.CANCELLED)])
def test_a_rejected_quote_ends_the_group(side: str, reason: Failing):
    Happened(replace(rejected, side=side)).then((GROUP, g.FailGroup(GROUP, reason, NOON)))


def test_a_quote_that_lapsed_ends_the_group():
    Happened(lapsed).then((GROUP, g.FailGroup(GROUP, Failing.NO_ANSWER, NOON + 3 * DAY)))


def test_an_accepted_groups_goods_are_due_a_fortnight_after_their_lead_time():
    Happened(agreed).then((SHIPMENT, open_it))
    Happened(opened).later(NOON + 24 * DAY, (SHIPMENT, c.LapseShipment(SHIPMENT, SYSTEM, NOON + 24 * DAY)))
    Happened(ended).then((GROUP, g.FailGroup(GROUP, Failing.NOT_SHIPPED, NOON + 24 * DAY)))


def test_the_group_hears_only_of_goods_that_are_complete():
    Happened(sent()).then((GROUP, g.NoteShipment(GROUP, SHIPMENT, "shipped", NOON)))
    Happened(sent(60, complete=False)).then()
    Happened(there()).then((GROUP, g.NoteShipment(GROUP, SHIPMENT, "delivered", NOON)))
    Happened(there(60, complete=False)).then()


def test_goods_that_nobody_has_seen_a_month_after_their_time_are_given_up():
    lost = datetime.combine(TOMORROW, time(12), UTC) + 30 * DAY
    Happened(sent()).later(lost, (SHIPMENT, c.LapseShipment(SHIPMENT, SYSTEM, lost)))
    Happened(sent(60, complete=False)).later(lost)


def test_nothing_is_asked_of_the_supplier_of_a_group_that_failed():
    given = Happened(GroupFailed(GROUP, Failing.CANCELLED, NOON))
    supply = [each for each in given.reactions if each.name == "call_off_supply"]
    assert [command for each in supply for command in each.react(given.event)] == [
        (QUOTE, c.WithdrawQuote(QUOTE, SYSTEM, NOON, accepted=True)),
        (SHIPMENT, c.CancelShipment(SHIPMENT, SYSTEM, NOON)),
    ]
