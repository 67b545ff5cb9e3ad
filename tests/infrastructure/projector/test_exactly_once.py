"""What every engine promises, put to each of them."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from random import Random
from typing import Any, cast

import psycopg
import pytest
from opensearchpy import OpenSearch

from domain.values import Value
from infrastructure.readstores import bookkeeping, opensearch, redis
from infrastructure.readstores.journals import adding
from infrastructure.readstores.store import Step, Superseded
from projections.view import Projection
from tests.fakes.boats import Greeted, Left, Moored, Painted, Rotten, boat
from tests.fakes.log import FakeLog
from tests.infrastructure.projector.harbours import Harbour, InJournal, InOpenSearch, InPostgres, InRedis, runner


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - a test that can be run again


def busy(random: Random, log: FakeLog, count: int) -> None:
    """A history of a few boats, so that batches meet the same ones again and again."""
    for _ in range(count):
        number = random.randrange(6)
        events: list[Value] = [
            Moored(boat(number), f"boat {number}"),
            Painted(boat(number), random.choice(["red", "blue"])),
            Painted(boat(number), random.choice(["red", "green"])),
            Left(boat(number)),
            Greeted(),
        ]
        log.add(boat(number), random.choice(events))


@pytest.fixture
def connection(harbour: Harbour) -> Iterator[bookkeeping.Connection]:
    with psycopg.connect(harbour.database, autocommit=True) as opened:
        bookkeeping.enrol(opened, [harbour.projection])
        yield opened


def concerned(log: FakeLog, projection: Projection, after: int, upto: int) -> Sequence[Any]:
    return [each for each in log.events if after < each.position <= upto and type(each.event) in projection.events]


@pytest.mark.parametrize("seed", range(4))
def test_batches_cut_anywhere_give_what_one_fold_gives(harbour: Harbour, log: FakeLog, connection: bookkeeping.Connection, seed: int):
    random = dice(seed)
    busy(random, log, 120)
    store = harbour.store(connection)
    store.prepare(harbour.projection)

    at = 0
    while at < log.stable():
        upto = min(at + random.randrange(1, 40), log.stable())
        step = Step(at, upto, concerned(log, harbour.projection, at, upto))
        store.apply(harbour.projection, step)
        if random.random() < 0.5:  # the answer was lost, and the batch is sent again
            with pytest.raises(Superseded):
                store.apply(harbour.projection, step)
        at = upto

    assert store.positions([harbour.projection]) == [log.stable()]
    assert harbour.contents() == harbour.expected(log.events)


@pytest.mark.parametrize("cut", range(1, 8))
def test_an_index_ahead_of_its_position_takes_what_it_holds_only_once(log: FakeLog, in_opensearch: Harbour, cut: int):
    """OpenSearch keeps documents and position apart: a worker may die between the two, and the next one cuts batches elsewhere."""
    log.add(boat(1), Moored(boat(1), "Aurora"), Painted(boat(1), "red"))
    log.add(boat(2), Moored(boat(2), "Borea"), Left(boat(2)))
    log.add(boat(1), Painted(boat(1), "blue"), Painted(boat(1), "white"))
    projection = in_opensearch.projection
    with psycopg.connect(in_opensearch.database, autocommit=True) as connection:
        bookkeeping.enrol(connection, [projection])
        store = in_opensearch.store(connection)
        store.prepare(projection)
        for at in (0, 6):  # the second batch makes a tombstone
            store.apply(projection, Step(at, at + 6, concerned(log, projection, at, at + 6)))
        connection.execute("UPDATE projection_positions SET position = 0")
        log.add(boat(1), Painted(boat(1), "green"))
        log.add(boat(2), Painted(boat(2), "black"))
        for at in range(0, log.stable(), 2 * cut):
            upto = min(at + 2 * cut, log.stable())
            store.apply(projection, Step(at, upto, concerned(log, projection, at, upto)))
    assert in_opensearch.contents() == in_opensearch.expected(log.events)


def kill_after(target: object, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Die by SIGKILL right after a call has come back and before anything is made of it."""

    def arm(patch: pytest.MonkeyPatch) -> None:
        original = cast("Callable[..., Any]", getattr(target, name))

        def die(*args: Any, **kwargs: Any) -> Any:
            original(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)

        patch.setattr(target, name, die)

    return arm


MOMENTS: dict[type[Any], list[Callable[[pytest.MonkeyPatch], None]]] = {
    InPostgres: [kill_after(bookkeeping, "move"), kill_after(psycopg.Connection, "transaction")],
    InJournal: [
        kill_after(adding, "add"),
        kill_after(bookkeeping, "move"),
        kill_after(psycopg.Connection, "transaction"),
    ],
    InRedis: [kill_after(redis.RedisStore, "_run"), kill_after(redis, "folded")],
    InOpenSearch: [kill_after(OpenSearch, "bulk"), kill_after(bookkeeping, "move"), kill_after(opensearch.OpenSearchStore, "apply")],
}


@pytest.mark.parametrize("moment", range(3))
def test_a_projector_killed_between_write_and_acknowledgement_is_followed_by_one_that_does_all_once(
    harbour: Harbour, log: FakeLog, moment: int
):
    busy(dice(3), log, 20)
    with closing(runner(harbour, log)) as first:
        first.catch_up()
    busy(dice(4), log, 30)
    moments = MOMENTS[type(harbour)]
    arm = moments[moment % len(moments)]

    child = os.fork()
    if child == 0:
        with pytest.MonkeyPatch.context() as patch:
            arm(patch)
            runner(harbour, log, batch=7).catch_up()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL

    with closing(runner(harbour, log, batch=5)) as second:
        second.catch_up()
    assert harbour.contents() == harbour.expected(log.events)


def test_a_poison_event_is_parked_with_its_sequence_and_the_rest_goes_on(harbour: Harbour, log: FakeLog):
    log.add(boat(1), Moored(boat(1), "Aurora"))
    log.add(boat(2), Moored(boat(2), "Borea"))
    log.add(boat(1), Rotten(boat(1)), Painted(boat(1), "red"))
    log.add(boat(2), Painted(boat(2), "blue"))
    with closing(runner(harbour, log, batch=4)) as first:
        first.catch_up()
    log.add(boat(1), Painted(boat(1), "green"))
    log.add(boat(2), Painted(boat(2), "white"))
    with closing(runner(harbour, log)) as second:  # what is parked is remembered by the next worker too
        second.catch_up()

    taken = [each for each in log.events if each.stream == boat(2) or isinstance(each.event, Moored)]
    assert harbour.contents() == harbour.expected(taken)
    with psycopg.connect(harbour.database) as connection:
        parked = connection.execute("SELECT sequence, type, error, attempts FROM parked_events ORDER BY position").fetchall()
    assert parked == [
        (str(boat(1)), "toys.Rotten", "ValueError: rotten to the keel", 1),
        (str(boat(1)), "toys.Painted", "", 1),
        (str(boat(1)), "toys.Painted", "", 1),
    ]


@pytest.mark.parametrize("harbour", ["postgres", "journal", "opensearch"], indirect=True)  # Redis takes any bytes
def test_what_the_engine_itself_refuses_is_found_in_its_batch_and_parked(harbour: Harbour, log: FakeLog):
    wrong = "\0" if isinstance(harbour, (InPostgres, InJournal)) else "x" * 40_000  # no text of Postgres, no keyword of OpenSearch
    for number in range(5):
        log.add(boat(number), Moored(boat(number), wrong if number == 3 and isinstance(harbour, InPostgres) else "Aurora"))
    log.add(boat(3), Painted(boat(3), wrong))
    log.add(boat(4), Painted(boat(4), "red"))
    with closing(runner(harbour, log, batch=100)) as running:
        running.catch_up()

    events = [each for each in log.events if each.stream != boat(3)]
    contents = harbour.contents()
    if isinstance(harbour, InJournal):
        events = [each for each in log.events if each.stream != boat(3) or isinstance(each.event, Moored)]
    else:
        contents.pop(str(boat(3)), None)
    assert contents == harbour.expected(events)
    with psycopg.connect(harbour.database) as connection:
        assert connection.execute("SELECT DISTINCT sequence FROM parked_events").fetchall() == [(str(boat(3)),)]
