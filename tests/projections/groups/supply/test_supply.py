"""What is shown of quotes and shipments."""

from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.decider import Rejected
from domain.groups.supply import commands as c
from domain.groups.supply.events import QuoteStatus, ShipmentStatus
from domain.groups.supply.shipment import shipments
from domain.groups.supply.standing import Opened
from domain.suppliers.events import SeatGivenUp, SeatTaken
from domain.values import Money
from projections.groups.supply import quotes as quoting
from projections.groups.supply import seats
from projections.groups.supply import shipments as shipping
from tests.bdd import Shown, erased
from tests.domain.groups.supply.deal import (
    DAY,
    ISSUE,
    MILL,
    MUSA,
    NOON,
    SAM,
    SHIPMENT,
    TENDAI,
    VALID,
    accepted,
    arrive,
    complain,
    complaint,
    countered,
    lapsed,
    open_it,
    opened,
    quoted,
    rejected,
    requested,
    sent,
    settled,
    ship,
    there,
    withdrawn,
)


def test_a_quote_shows_what_each_side_has_named_and_what_was_agreed_on():
    page = Shown(quoting.view, requested, quoted(950), countered(), quoted(870, revision=2), accepted).one
    assert [(each.side, each.price.amount) for each in page.offers] == [("supplier", 950), ("organiser", 850), ("supplier", 870)]
    assert (page.status, page.price, page.shipment_id) == (QuoteStatus.ACCEPTED, Money(880, "USD"), SHIPMENT)
    assert (page.held, page.quantity) == (Money(900, "USD"), 100)


def test_the_turn_ends_with_what_was_said_last():
    assert Shown(quoting.view, requested).one.until == NOON + 3 * DAY
    assert Shown(quoting.view, requested, quoted()).one.until == VALID
    assert Shown(quoting.view, requested, quoted(), countered()).one.until == NOON + 2 * DAY


def test_a_quote_that_came_to_nothing_says_by_whom_and_why():
    page = Shown(quoting.view, requested, rejected).one
    assert (page.status, page.ended_by, page.reason) == (QuoteStatus.REJECTED, "supplier", "The harvest is lost.")
    assert Shown(quoting.view, requested, erased(rejected)).one.reason == ""
    assert Shown(quoting.view, requested, lapsed).one.ended_by == "supplier"
    assert Shown(quoting.view, requested, quoted(), accepted, withdrawn).one.shipment_id is None


def test_a_shipment_shows_its_parts_and_what_is_wrong_with_them():
    replacement = sent(5, 2, complete=False, replaces=ISSUE)
    page = Shown(shipping.view, opened, sent(), there(), complaint, settled("replacement", quantity=5), replacement).one
    assert (page.status, page.arrived, page.under_way, page.owed) == (ShipmentStatus.ARRIVED, 100, 5, 0)
    assert [(each.part, each.quantity, each.replaces) for each in page.parts] == [(1, 100, None), (2, 5, ISSUE)]
    assert (page.issues[0].way, page.issues[0].replaced, page.open_issues) == ("replacement", 5, 0)


def test_what_the_members_got_back_is_added_up():
    page = Shown(shipping.view, opened, sent(), there(), complaint, settled("refund", 4_400)).one
    assert (page.refunded, page.issues[0].amount) == (Money(4_400, "USD"), Money(4_400, "USD"))


def test_somebody_acts_for_the_supplier_whose_seat_he_has():
    taken = SeatTaken(MUSA.id, MILL, NOON)
    assert Shown(seats.view, taken).one.supplier_id == MILL
    Shown(seats.view, taken, SeatGivenUp(MUSA.id, MILL, NOON)).then()


STEPS = st.one_of(
    st.builds(lambda quantity: ship(quantity=quantity), st.integers(1, 60)),
    st.builds(lambda quantity, issue: ship(quantity=quantity, replaces=UUID(int=issue)), st.integers(1, 5), st.integers(1, 3)),
    st.builds(lambda part: arrive(part=part), st.integers(1, 4)),
    st.builds(lambda quantity, issue: complain(SAM, quantity, UUID(int=issue)), st.integers(1, 9), st.integers(1, 3)),
    st.builds(lambda issue: c.ResolveQualityIssue(SHIPMENT, UUID(int=issue), "replacement", 0, SAM, NOON), st.integers(1, 3)),
    st.builds(lambda issue: c.ResolveQualityIssue(SHIPMENT, UUID(int=issue), "refund", 9, SAM, NOON), st.integers(1, 3)),
)


@given(st.lists(STEPS, max_size=14))
@settings(max_examples=100, deadline=None)
def test_what_is_shown_as_to_be_done_is_what_the_shipment_knows(steps: list[Any]):
    events = shipments.decide(open_it, shipments.initial)
    for command in steps:
        try:
            events += shipments.decide(command, shipments.fold(events))
        except Rejected:
            continue
    state, page = shipments.fold(events), Shown(shipping.view, *events).one
    assert isinstance(state, Opened)
    assert (page.status, page.owed, page.under_way) == (state.status, state.owed, state.under_way)
    assert (page.unquestioned, page.open_issues, page.refunded.amount) == (state.unquestioned, state.open_issues, state.refunded)
    assert TENDAI.id == page.organiser_id
