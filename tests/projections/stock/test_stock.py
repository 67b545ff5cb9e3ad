"""What sellers see of their stock, and the book of its movements."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.decider import Rejected
from domain.stock import events as e
from domain.stock.commands import StockCommand
from domain.stock.stock import MAIN, Stocked, stocks
from domain.values import Actor, Role
from projections.sql import ALL
from projections.stock import levels, movements
from projections.stock.levels import StockLevel, asked_for, visible_to
from projections.stock.movements import Moved
from tests.bdd import Shown
from tests.domain.stock.shelf import (
    ADA,
    ANA,
    BENS,
    MILK,
    NOON,
    adjust,
    adjusted,
    commit,
    count,
    counted,
    give_back,
    level,
    ran_low,
    receive,
    released,
    reserve,
    returned,
    ten,
    three_for_ben,
    three_sold,
    watch,
    watched,
)

TEN = StockLevel(MILK, ANA.id, "MILK-1L", MAIN, 10, 0, 10, None, low=False, changed_at=NOON)


def test_a_level_follows_every_movement():
    Shown(levels.view, ten).then(TEN)
    Shown(levels.view, ten, three_for_ben).then(replace(TEN, reserved=3, available=7))
    Shown(levels.view, ten, three_for_ben, three_sold).then(replace(TEN, on_hand=7, available=7))


def test_a_stock_may_begin_with_a_count_or_a_wish_to_be_told():
    Shown(levels.view, counted(10, 10, level(10, 0, 1))).then(TEN)
    Shown(levels.view, watched(2)).then(replace(TEN, on_hand=0, available=0, low_at=2, low=True))


def test_little_is_said_to_be_little_as_long_as_it_is():
    Shown(levels.view, ten, watched(7), three_for_ben, ran_low(7, 7)).then(replace(TEN, reserved=3, available=7, low_at=7, low=True))
    assert not Shown(levels.view, ten, watched(7), three_for_ben, released(3, level(10, 0, 3))).one.low
    assert not Shown(levels.view, ten, watched(10), watched(None)).one.low


def test_the_level_takes_every_event_so_that_its_version_is_the_streams():
    assert set(levels.view.events) == set(stocks.events)


def test_sellers_see_their_own_and_those_who_run_the_market_everything():
    assert visible_to(ANA).values == {"caller": ANA.id}
    for by in (ADA, Actor(ANA.id, frozenset({Role.STAFF})), Actor(ANA.id, frozenset({Role.AUDITOR}))):
        assert visible_to(by) == ALL
    assert asked_for(ANA.id, None, low=False).values == {"seller_id": ANA.id, "low": False}


def test_the_book_tells_what_each_movement_changed_and_who_moved():
    history = [
        ten,
        three_for_ben,
        three_sold,
        returned(1, level(8, 0, 4)),
        adjusted(-2, "damaged", level(6, 0, 5)),
        counted(7, 1, level(7, 0, 6)),
        released(2, level(7, 0, 7)),
    ]
    found = [row for event in history for row in movements.rows(None, event)]
    assert [(row.kind, row.on_hand, row.reserved, row.reason) for row in found] == [
        ("received", 10, 0, ""),
        ("reserved", 0, 3, ""),
        ("committed", -3, -3, ""),
        ("returned", 1, 0, "cancelled"),
        ("adjusted", -2, 0, "damaged"),
        ("counted", 1, 0, ""),
        ("released", 0, -2, "cancelled"),
    ]
    assert [row.number for row in found] == list(range(1, 8))
    assert [(row.order_id, row.by) for row in found[:2]] == [(None, ANA.id), (BENS, None)]
    assert movements.rows(None, replace(adjusted(1, "found", level(1, 0, 1)), note="in the cellar"))[0].reason == "found: in the cellar"


COMMANDS: list[StockCommand] = [
    receive(5),
    reserve(2),
    reserve(3, MILK),
    commit(),
    commit(MILK),
    give_back(1),
    adjust(-1, "lost"),
    count(4),
    watch(3),
]


@given(st.lists(st.sampled_from(COMMANDS), max_size=20))
def test_level_and_book_agree_with_the_decider_whatever_happens(commands: list[StockCommand]):
    state, history = stocks.initial, list[e.StockEvent]()
    for command in commands:
        try:
            events = stocks.decide(command, state)
        except Rejected:
            continue
        state, history = stocks.fold(events, state), [*history, *events]
    shown = Shown(levels.view, *history).documents
    assert isinstance(state, Stocked) == bool(shown)
    book: list[Moved] = [row for event in history if isinstance(event, e.Movement) for row in movements.rows(None, event)]
    if isinstance(state, Stocked):
        assert (shown[MILK].on_hand, shown[MILK].reserved, shown[MILK].available) == (state.on_hand, state.held, state.available)
        assert (sum(row.on_hand for row in book), sum(row.reserved for row in book)) == (state.on_hand, state.held)
