"""From the quote to the last piece picked up: each step once, in any order in which it is told, and one settlement."""

from datetime import timedelta
from typing import Any

import pytest

from domain.goods import Unit
from domain.groups.commands import EndPickUp, NoteInvoice, NoteQuote
from domain.groups.contributions.events import ContributionReturned
from domain.groups.events import (
    GroupAccepted,
    GroupCompleted,
    GroupDelivered,
    GroupInvoiced,
    GroupQuoted,
    GroupSettled,
    GroupShipped,
    Holding,
    MemberCollected,
    Part,
    PickUpOpened,
    SupplierNotified,
)
from domain.groups.group import groups
from domain.groups.values import Failing, Returning, Status
from tests.bdd import Given
from tests.domain.groups.traders import (
    ANA,
    BEN,
    CLEO,
    DAN,
    DEADLINE,
    GATE,
    GROUP,
    HALL,
    OVER,
    PICKUPS,
    QUOTE,
    SAM,
    SHIPMENT,
    SUPPLIER,
    WINDOW,
    Contributes,
    after,
    agrees,
    asks,
    closes,
    collects,
    fails,
    joins,
    opened,
    pays,
    ships,
    stand,
    taken,
)

LOCKED = opened(), *taken(BEN, 7), joins(CLEO, 4, pickup=HALL), Contributes(CLEO), closes()
AGREED = *LOCKED, agrees(900)
READY = *AGREED, ships("delivered")
WEEK = timedelta(days=7)
INVOICE = GATE


def quotes(status: Any, price: int | None = None) -> NoteQuote:
    return NoteQuote(GROUP, QUOTE, status, price, DEADLINE)


def test_the_supplier_is_asked_and_quotes():
    asked, quoted = SupplierNotified(GROUP, QUOTE, DEADLINE), GroupQuoted(GROUP, QUOTE, 880, DEADLINE)
    Given(groups, *after(*LOCKED)).when(quotes("requested")).then(asked)
    Given(groups, *after(*LOCKED, quotes("requested"))).when(quotes("submitted", 880)).then(quoted)
    Given(groups, *after(*LOCKED)).when(quotes("submitted", 880)).then(asked, quoted)
    Given(groups, *after(*LOCKED, quotes("submitted", 880))).when(quotes("requested")).then()
    Given(groups, *after(opened())).when(quotes("requested")).then()


def test_a_lower_price_gives_every_member_the_difference_back():
    events = groups.decide(agrees(850), stand(*LOCKED))
    assert events[0] == GroupAccepted(GROUP, QUOTE, 850, 9_350, SUPPLIER, SAM.id, ANA.id, 7, "USD", 11, DEADLINE)
    back = [each for each in events[1:] if isinstance(each, ContributionReturned)]
    assert [(each.owing.member_id, each.owing.amount, each.reason) for each in back] == [
        (BEN.id, 350, Returning.PRICE_FELL),
        (CLEO.id, 200, Returning.PRICE_FELL),
    ]
    assert stand(*LOCKED, agrees(850)).held == 9_350


def test_nobody_agrees_on_more_than_the_members_have_paid():
    Given(groups, *after(*LOCKED)).when(agrees(901)).rejected("quote_above_held")


def test_what_was_agreed_on_is_not_agreed_on_again_nor_after_it_failed():
    Given(groups, *after(*AGREED)).when(agrees(900)).then()
    Given(groups, *after(*LOCKED, fails(Failing.NO_ANSWER))).when(agrees(900)).then()


def test_an_invoice_is_noted_once_and_does_not_turn_back_what_is_on_its_way():
    note = NoteInvoice(GROUP, INVOICE, DEADLINE)
    Given(groups, *after(*AGREED)).when(note).then(GroupInvoiced(GROUP, INVOICE, DEADLINE))
    assert stand(*AGREED, note).status is Status.INVOICED
    assert stand(*AGREED, ships("shipped"), note).status is Status.SHIPPED
    Given(groups, *after(*AGREED, note)).when(note).then()
    Given(groups, *after(*LOCKED)).when(note).then()


def test_what_has_arrived_lies_ready_until_a_week_after_the_last_window():
    shipped, arrived = GroupShipped(GROUP, SHIPMENT, WINDOW), GroupDelivered(GROUP, SHIPMENT, WINDOW)
    parts = Part(BEN.id, 7, GATE, 6_300), Part(CLEO.id, 4, HALL, 3_600)
    ready = PickUpOpened(GROUP, parts, PICKUPS, OVER + WEEK, WINDOW, ANA.id, "Maize meal, 10 kg", "MAIZE-10", Unit.KILOGRAM)
    Given(groups, *after(*AGREED)).when(ships("shipped")).then(shipped)
    Given(groups, *after(*AGREED)).when(ships("delivered")).then(shipped, arrived, ready)
    Given(groups, *after(*AGREED, ships("shipped"))).when(ships("delivered")).then(arrived, ready)
    Given(groups, *after(*READY)).when(ships("delivered")).then()
    Given(groups, *after(*READY)).when(ships("shipped")).then()
    late = OVER + timedelta(days=20)
    assert stand(*AGREED, ships("delivered", late)).ends_at == late + WEEK


def settled(amount: int, fee: int, at: Any = WINDOW) -> GroupSettled:
    return GroupSettled(GROUP, SUPPLIER, SAM.id, "USD", amount, fee, at, (Holding("USD", amount, fee),))


def test_the_last_piece_picked_up_completes_and_settles_the_group():
    Given(groups, *after(*READY)).when(collects(BEN, 3)).then(MemberCollected(GROUP, BEN.id, 3, 3, WINDOW))
    almost = *READY, collects(BEN, 3), collects(CLEO, 4)
    Given(groups, *after(*almost)).when(collects(BEN, 4)).then(
        MemberCollected(GROUP, BEN.id, 4, 11, WINDOW), GroupCompleted(GROUP, WINDOW), settled(9_900, 990)
    )


def test_nobody_picks_up_more_than_his_part():
    Given(groups, *after(*READY)).when(collects(BEN, 9)).then(MemberCollected(GROUP, BEN.id, 7, 7, WINDOW))
    Given(groups, *after(*READY, collects(BEN, 7))).when(collects(BEN, 1)).then()
    Given(groups, *after(*READY)).when(collects(DAN, 1)).then()
    Given(groups, *after(*AGREED)).when(collects(BEN, 1)).then()


def test_when_the_time_is_over_nobody_is_waited_for():
    end = EndPickUp(GROUP, OVER + WEEK)
    begun = *READY, collects(BEN, 3)
    Given(groups, *after(*begun)).when(end).then(GroupCompleted(GROUP, OVER + WEEK), settled(9_900, 990, OVER + WEEK))
    Given(groups, *after(*begun)).when(EndPickUp(GROUP, OVER)).then()
    Given(groups, *after(*begun, end)).when(end).then()
    late = OVER + WEEK + timedelta(days=1)
    Given(groups, *after(*begun, end)).when(collects(BEN, 4, late)).then(MemberCollected(GROUP, BEN.id, 4, 7, late))


@pytest.mark.parametrize(("price", "fee"), [(900, 990), (899, 989), (895, 985), (894, 983)])
def test_the_fee_is_a_tenth_half_up(price: int, fee: int):
    state = stand(*LOCKED, agrees(price), ships("delivered"), collects(BEN, 7))
    (_, _, paid_out) = groups.decide(collects(CLEO, 4), state)
    assert paid_out == settled(price * 11, fee)


def test_a_group_that_is_settled_holds_nothing():
    assert stand(*READY, collects(BEN, 7), collects(CLEO, 4)).held == 0


def test_what_was_paid_in_several_currencies_is_settled_in_each():
    in_zwg = asks(CLEO, 100_005, paid_currency="ZWG", rate="27.78 2026-06-01")
    begun = opened(), *taken(BEN, 7), joins(CLEO, 4), in_zwg, pays(CLEO, 100_005, currency="ZWG"), closes(), agrees(900)
    events = groups.decide(collects(CLEO, 4), stand(*begun, ships("delivered"), collects(BEN, 7)))
    assert isinstance(events[-1], GroupSettled)
    assert events[-1].holdings == (Holding("USD", 6_300, 630), Holding("ZWG", 100_005, 10_001))
