"""Many buyers at once on one stock, over the real log: what there is is promised to the last piece, and no piece twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from psycopg_pool import ConnectionPool

from application.handler import Handler
from domain.decider import Rejected
from domain.stock.events import StockReleased, StockReserved
from domain.stock.stock import Stocked, stocks
from infrastructure.eventlog.log import PostgresLog
from tests.domain.stock.shelf import MILK, commit, give_back, receive, reserve
from tests.infrastructure.eventlog.toys import keys, meta

BUYERS = 64
PIECES = 100


@pytest.fixture
def stock_log(pool: ConnectionPool[Any]) -> PostgresLog:
    return PostgresLog(pool, [stocks], keys())


@pytest.fixture
def give(stock_log: PostgresLog) -> Callable[[Any], str]:
    """Gives a command to the stock and tells what came of it."""
    handle = Handler(stock_log, [stocks])

    def given(command: Any) -> str:
        try:
            handle(MILK, command, meta())
        except Rejected as refused:
            return refused.code
        return "done"

    given(receive(PIECES))
    return given


def at_once(give: Callable[[Any], str], commands: list[list[Any]]) -> Counter[str]:
    """Every list of commands by a buyer of its own; all begin at the same moment."""
    barrier = Barrier(len(commands))

    def buyer(wanted: list[Any]) -> list[str]:
        barrier.wait()
        return [give(command) for command in wanted]

    with ThreadPoolExecutor(len(commands)) as pool:
        return Counter(outcome for each in pool.map(buyer, commands) for outcome in each)


def state(log: PostgresLog) -> Stocked:
    found = stocks.fold(each.event for each in log.stream(MILK))
    assert isinstance(found, Stocked)
    return found


def test_no_piece_is_promised_twice_and_none_is_refused_while_there_is_one(give: Callable[[Any], str], stock_log: PostgresLog):
    wanted = [[reserve(1, UUID(int=buyer * 10 + number)) for number in range(3)] for buyer in range(BUYERS)]
    assert at_once(give, wanted) == {"done": PIECES, "out_of_stock": 3 * BUYERS - PIECES}
    found = state(stock_log)
    assert (found.available, found.on_hand, len(found.reserved)) == (0, PIECES, PIECES)


def test_payment_and_expiry_at_the_same_moment_take_a_piece_once(give: Callable[[Any], str], stock_log: PostgresLog):
    orders = [UUID(int=number) for number in range(BUYERS // 2)]
    for order in orders:
        assert give(reserve(2, order)) == "done"
    outcomes = at_once(give, [[command(order)] for order in orders for command in (commit, lambda order: give_back(2, order))])
    assert set(outcomes) <= {"done", "not_reserved"}
    found = state(stock_log)
    assert (found.on_hand, found.held, found.reserved) == (PIECES, 0, {}), (
        "what was sold first was returned, what was released first not sold"
    )


def test_a_reservation_that_many_give_back_comes_back_once(give: Callable[[Any], str], stock_log: PostgresLog):
    order = UUID(int=1)
    give(reserve(60, order))
    assert at_once(give, [[give_back(60, order)] for _ in range(BUYERS)]) == {"done": BUYERS}
    events = [type(each.event) for each in stock_log.stream(MILK)]
    assert (events.count(StockReserved), events.count(StockReleased), state(stock_log).available) == (1, 1, PIECES)
