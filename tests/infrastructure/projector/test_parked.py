"""What a person does about events that a read model could not take, put to every engine."""

from contextlib import closing
from typing import Any, LiteralString, cast

import psycopg
import pytest
from msgspec.structs import replace

from infrastructure.operations import statements
from projections.view import Projection
from tests.fakes.boats import Left, Moored, Painted, Rotten, boat
from tests.fakes.log import FakeLog
from tests.infrastructure.projector.harbours import Harbour, runner

ROTTEN = 4


@pytest.fixture
def parked(harbour: Harbour, log: FakeLog) -> Harbour:
    """A boat that is rotten at position 4, with three events behind, and one that is well."""
    log.add(boat(1), Moored(boat(1), "Aurora"), Rotten(boat(1)), Painted(boat(1), "red"))
    log.add(boat(2), Moored(boat(2), "Borea"))
    log.add(boat(1), Painted(boat(1), "blue"), Painted(boat(1), "white"))
    with closing(runner(harbour, log)) as first:
        first.catch_up()
    return harbour


def mended(projection: Any) -> Projection:
    """The same, of code that can bear what is rotten."""
    evolve = projection.evolve
    return replace(projection, evolve=lambda state, event: state if isinstance(event, Rotten) else evolve(state, event))


def mend(harbour: Harbour) -> None:
    cast("Any", harbour).projection = mended(harbour.projection)


def ask(harbour: Harbour, statement: LiteralString, **values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(harbour.database) as connection:
        found = connection.execute(statement, {"projection": harbour.projection.name, **values})
        return found.fetchall() if found.description else []


def caught_up(harbour: Harbour, log: FakeLog) -> None:
    with closing(runner(harbour, log)) as worker:
        worker.catch_up()


def well(log: FakeLog) -> list[Any]:
    return [each for each in log.events if not isinstance(each.event, Rotten)]


POSITIONS: LiteralString = "SELECT position, attempts, retry_at IS NOT NULL FROM parked_events ORDER BY position"


def test_a_mended_event_is_tried_again_with_all_that_waits_behind_it(parked: Harbour, log: FakeLog):
    mend(parked)
    ask(parked, statements.ASK_RETRY, position=ROTTEN)
    caught_up(parked, log)
    assert ask(parked, POSITIONS) == []
    assert parked.contents() == parked.expected(well(log))

    log.add(boat(1), Painted(boat(1), "gold"))  # the sequence goes on as any other
    caught_up(parked, log)
    assert parked.contents() == parked.expected(well(log))


def test_any_event_of_a_sequence_may_be_asked_for(parked: Harbour, log: FakeLog):
    mend(parked)
    ask(parked, statements.ASK_RETRY, position=12)
    caught_up(parked, log)
    assert ask(parked, POSITIONS) == []
    assert parked.contents() == parked.expected(well(log))


def test_an_event_that_fails_again_stays_with_its_sequence(parked: Harbour, log: FakeLog):
    before = parked.contents()
    ask(parked, statements.ASK_RETRY, position=ROTTEN)
    caught_up(parked, log)
    assert ask(parked, POSITIONS) == [(4, 2, False), (6, 1, False), (10, 1, False), (12, 1, False)]
    assert parked.contents() == before


def test_an_event_that_is_let_go_lets_the_others_pass(parked: Harbour, log: FakeLog):
    ask(parked, statements.FORGET_PARKED, position=ROTTEN)
    caught_up(parked, log)
    assert ask(parked, POSITIONS) == []
    assert parked.contents() == parked.expected(well(log))


def test_a_worker_at_work_hears_of_it(parked: Harbour, log: FakeLog):
    with closing(runner(parked, log)) as worker:
        worker.catch_up()  # it knows of the parked sequence
        ask(parked, statements.FORGET_PARKED, position=ROTTEN)
        log.add(boat(1), Left(boat(1)))
        worker.catch_up()
    assert ask(parked, POSITIONS) == []
    assert parked.contents() == parked.expected(well(log))


class Died(BaseException):
    pass


@pytest.mark.parametrize("harbour", ["redis"], indirect=True)  # elsewhere rows and what is parked change in one transaction
def test_counts_that_were_taken_and_not_written_down_are_not_taken_twice(parked: Harbour, log: FakeLog, monkeypatch: pytest.MonkeyPatch):
    def every_coat(groups: tuple[str, ...], event: Any) -> tuple[str, ...]:
        return (*groups, event.colour) if isinstance(event, Painted) else groups

    cast("Any", parked).projection = replace(cast("Any", parked.projection), evolve=every_coat)
    ask(parked, statements.ASK_RETRY, position=ROTTEN)
    for _ in range(3):

        def die(*_: Any) -> None:
            raise Died

        with monkeypatch.context() as patch:
            patch.setattr("infrastructure.readstores.bookkeeping.unpark", die)
            with pytest.raises(Died):
                caught_up(parked, log)
    caught_up(parked, log)
    assert ask(parked, POSITIONS) == []
    assert parked.contents()[0] == {"moored": 2, "red": 1, "blue": 1, "white": 1}


def test_a_retry_whose_worker_dies_before_it_is_written_down_takes_nothing_twice(
    parked: Harbour, log: FakeLog, monkeypatch: pytest.MonkeyPatch
):
    mend(parked)
    ask(parked, statements.ASK_RETRY, position=ROTTEN)

    def die(*_: Any) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr("infrastructure.readstores.bookkeeping.unpark", die)
        with pytest.raises(Died):
            caught_up(parked, log)
    caught_up(parked, log)
    assert ask(parked, POSITIONS) == []
    assert parked.contents() == parked.expected(well(log))


def test_a_paused_read_model_stands_still_and_goes_on_where_it_was(harbour: Harbour, log: FakeLog):
    log.add(boat(1), Moored(boat(1), "Aurora"))
    caught_up(harbour, log)
    ask(harbour, statements.SET_PAUSED, paused=True)
    log.add(boat(1), Painted(boat(1), "red"))
    caught_up(harbour, log)
    assert harbour.contents() == harbour.expected(log.events[:1])
    ask(harbour, statements.SET_PAUSED, paused=False)
    caught_up(harbour, log)
    assert harbour.contents() == harbour.expected(log.events)
