import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import Struct
from psycopg_pool import ConnectionPool

from application.effects.effect import Snapshot as Kept
from application.effects.effect import jobs
from application.effects.job import KeepSnapshot as Work
from application.handler import Handler
from application.jobs.keep_snapshot import KeepSnapshot
from application.ports import Loaded, Snapshot, StaleVersion
from domain.decider import Decider, Rejected
from domain.values import ERASED, Value
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.session import Session
from tests.infrastructure.eventlog.toys import (
    Arrive,
    Draw,
    Drawn,
    GuestArrived,
    OpenTill,
    PaidIn,
    PayIn,
    Till,
    TillOpened,
    after_arrival,
    after_drawing,
    decide,
    draw,
    evolve,
    keys,
    meta,
    new_stream,
    receive,
    stays,
    tills,
    urns,
)

long_tills = Decider("till", Till(), decide, evolve, snapshot_every=5)
long_urns = Decider("urn", 0, draw, after_drawing, contended=True, snapshot_every=5)
long_stays: Decider[Arrive, GuestArrived, GuestArrived | None] = Decider("stay", None, receive, after_arrival, snapshot_every=1)
LONG = (long_tills, long_urns, long_stays)
SHORT = (tills, urns, stays)


class Installation:
    """The same log as those see it who read snapshots, and as those who do not."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self.pool = pool
        self.log = PostgresLog(pool, LONG, keys())
        self.handle = Handler(self.log, LONG)
        self.from_zero = Handler(PostgresLog(pool, SHORT, keys()), SHORT)
        self.keep = KeepSnapshot(self.log, LONG)

    def paid(self, times: int, stream: UUID | None = None) -> UUID:
        till = stream or new_stream()
        for amount in range(1, times + 1):
            self.handle(till, PayIn(amount), meta())
        return till

    def kept(self) -> list[tuple[UUID, int]]:
        with self.pool.connection() as connection:
            return connection.execute("SELECT stream, version FROM snapshots").fetchall()

    def change(self, statement: str) -> None:
        with self.pool.connection() as connection:
            connection.execute(statement.encode())


@pytest.fixture
def here(pool: ConnectionPool[Any]) -> Installation:
    return Installation(pool)


def test_a_stream_is_loaded_from_its_snapshot_on(here: Installation):
    till = here.paid(7)
    here.keep(Work("till", till))
    here.paid(2, till)
    loaded = here.log.load([till], uuid4(), kinds=["till"])
    assert loaded.snapshots == {till: Snapshot("till", 7, Till(total=28))}
    assert [each.version for each in loaded.streams[till]] == [8, 9]


def test_who_asks_for_no_kind_gets_every_event(here: Installation):
    till = here.paid(3)
    here.keep(Work("till", till))
    loaded = here.log.load([till], uuid4())
    assert (len(loaded.streams[till]), loaded.snapshots) == (3, {})


def test_answers_are_the_same_with_and_without_snapshots(here: Installation):
    till, other = new_stream(), new_stream()
    for number in range(23):
        command = OpenTill() if number % 7 == 3 else PayIn(number, 1 + number % 3)
        for stream in (till, other):
            done, same = here.handle(stream, command, meta()), here.from_zero.states([(till, tills), (other, tills)])
            assert done.state == same[stream]
            assert done.state == here.handle.state(stream, long_tills)
        if number % 4 == 0:
            here.keep(Work("till", till))
    assert here.handle.state(till, long_tills) == here.handle.state(other, long_tills)
    assert len(here.kept()) == 1


def test_many_states_are_read_in_one_statement(here: Installation, monkeypatch: pytest.MonkeyPatch):
    till, urn, nothing = here.paid(6), new_stream(), new_stream()
    here.keep(Work("till", till))
    here.handle(urn, Draw(), meta())
    asked: list[Any] = []
    load = here.log.load
    monkeypatch.setattr(here.log, "load", lambda *given, **named: asked.append(given) or load(*given, **named))
    found = here.handle.states([(till, long_tills), (urn, long_urns), (nothing, long_tills)])
    assert found == {till: Till(total=21), urn: 1, nothing: Till()}
    assert len(asked) == 1


def test_versions_go_on_from_a_snapshot_with_nothing_after_it(here: Installation):
    till = here.paid(5)
    here.keep(Work("till", till))
    fresh = Handler(here.log, LONG)
    with pytest.raises(StaleVersion) as stale:
        fresh(till, PayIn(1), meta(), expected=4)
    assert stale.value.actual == 5
    assert fresh(till, PayIn(1), meta(), expected=5).version == 6


@pytest.mark.parametrize("repeated", [0, 4, 6])
def test_a_repeated_command_answers_as_it_did_before_and_after_a_snapshot_was_kept(here: Installation, repeated: int):
    till, given = new_stream(), [meta() for _ in range(8)]
    first = [here.handle(till, PayIn(number), each) for number, each in enumerate(given)]
    with here.pool.connection() as connection:
        connection.execute("DELETE FROM snapshots")
    at_five = Till(total=sum(range(5)))
    here.log.keep(till, Snapshot("till", 5, at_five))
    again = Handler(here.log, LONG)(till, PayIn(repeated), given[repeated])
    assert (again.version, again.position, again.state) == (first[repeated].version, first[repeated].position, first[repeated].state)
    assert again.replayed


def test_a_contended_stream_is_loaded_from_its_snapshot_under_its_lock(here: Installation):
    urn = new_stream()
    for _ in range(6):
        here.handle(urn, Draw(), meta())
    here.keep(Work("urn", urn))
    with here.log.locked([urn]) as held:
        loaded = held.load([urn], uuid4(), kinds=["urn"])
    assert (loaded.snapshots[urn].state, loaded.streams[urn]) == (6, [])
    assert here.handle(urn, Draw(), meta()).state == 7


def test_what_a_process_remembers_of_a_contended_stream_is_not_loaded_again(here: Installation, monkeypatch: pytest.MonkeyPatch):
    urn, elsewhere = new_stream(), Handler(here.log, LONG)
    given = [meta() for _ in range(3)]
    for each in given:
        here.handle(urn, Draw(), each)
    elsewhere(urn, Draw(), meta())
    loaded: list[Loaded] = []
    load = Session.load
    monkeypatch.setattr(Session, "load", lambda *asked: loaded.append(load(*asked)) or loaded[-1])
    done = here.handle(urn, Draw(), meta())
    assert ([each.version for each in loaded[0].streams[urn]], done.version, done.state) == ([4], 5, 5)
    assert here.handle(urn, Draw(), given[0]).state == 1


def test_what_was_not_committed_is_not_remembered(here: Installation, monkeypatch: pytest.MonkeyPatch):
    urn = new_stream()
    here.handle(urn, Draw(), meta())
    append = Session.append

    def broken(*given: Any) -> Any:
        append(*given)
        raise BrokenPipeError

    with monkeypatch.context() as broke:
        broke.setattr(Session, "append", broken)
        with pytest.raises(BrokenPipeError):
            here.handle(urn, Draw(), meta())
    done = here.handle(urn, Draw(), meta())
    assert (done.version, done.state) == (2, 2)


def test_a_snapshot_is_of_no_use_for_another_kind_of_thing(here: Installation):
    till = here.paid(5)
    here.keep(Work("till", till))
    for deciders in ([(till, long_urns)], [(till, long_urns), (here.paid(1), long_tills)]):
        with pytest.raises(Rejected, match="urn_not_found"):
            here.handle.states(deciders)


class OtherTill(Value, frozen=True):
    total: int = 0
    opened: bool = False
    payments: int = 0


def other_evolve(till: OtherTill, event: TillOpened | PaidIn) -> OtherTill:
    return OtherTill(till.total, till.opened, till.payments + 1) if isinstance(event, PaidIn) else till


def test_a_state_of_another_form_is_not_read_and_is_replaced(here: Installation):
    till = here.paid(5)
    here.keep(Work("till", till))
    changed: Decider[Any, Any, OtherTill] = Decider("till", OtherTill(), lambda _command, _till: [], other_evolve, snapshot_every=5)
    log = PostgresLog(here.pool, [changed], keys())
    assert log.load([till], uuid4(), kinds=["till"]).snapshots == {}
    log.keep(till, Snapshot("till", 5, OtherTill(payments=5)))
    assert log.load([till], uuid4(), kinds=["till"]).snapshots[till].state == OtherTill(payments=5)
    assert here.handle.state(till, long_tills) == Till(total=15)


def test_what_was_kept_by_other_rules_is_not_read(here: Installation):
    till = here.paid(5)
    here.keep(Work("till", till))
    here.change("UPDATE snapshots SET schema = gen_random_uuid(), state = 'nonsense'")
    assert Handler(here.log, LONG).state(till, long_tills) == Till(total=15)
    here.keep(Work("till", till))
    assert here.log.load([till], uuid4(), kinds=["till"]).snapshots[till].version == 5


def test_a_snapshot_never_goes_back(here: Installation):
    till = here.paid(5)
    here.keep(Work("till", till))
    here.log.keep(till, Snapshot("till", 3, Till(total=6)))
    assert here.kept() == [(till, 5)]


def test_snapshots_may_be_deleted_at_any_time(here: Installation):
    urn, stop = new_stream(), threading.Event()

    def disturb() -> None:
        while not stop.is_set():
            here.keep(Work("urn", urn))
            here.change("DELETE FROM snapshots")

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    try:
        with ThreadPoolExecutor(4) as people:
            done = list(people.map(lambda _: here.handle(urn, Draw(), meta()).state, range(120)))
    finally:
        stop.set()
        disturbing.join()
    assert sorted(done) == list(range(1, 121))
    assert here.from_zero.state(urn, urns) == 120


def test_nobody_s_data_are_kept_in_clear(here: Installation):
    stay, ana = new_stream(), uuid4()
    here.handle(stay, Arrive(ana, "Ana Sousa"), meta())
    here.keep(Work("stay", stay))
    with here.pool.connection() as connection:
        ((state,),) = connection.execute("SELECT state FROM snapshots").fetchall()
    assert b"Sousa" not in state
    arrived = here.handle.state(stay, long_stays)
    assert arrived
    assert (arrived.name, here.log.load([stay], uuid4(), kinds=["stay"]).streams[stay]) == ("Ana Sousa", [])


def test_who_is_erased_is_erased_from_snapshots_and_none_is_kept_of_him_again(here: Installation):
    stay, ana = new_stream(), uuid4()
    here.handle(stay, Arrive(ana, "Ana Sousa"), meta())
    here.keep(Work("stay", stay))
    here.change("UPDATE personal_keys SET wrapped = NULL")
    arrived = here.handle.state(stay, long_stays)
    assert arrived
    assert arrived.name == ERASED
    here.change("DELETE FROM snapshots")
    here.keep(Work("stay", stay))
    assert here.kept() == []


class Loose(Value, frozen=True):
    anything: Any = None


def test_a_state_that_would_come_back_as_something_else_is_not_kept(here: Installation):
    def loosely(_state: Loose, _event: Drawn) -> Loose:
        return Loose(uuid4())

    loose: Decider[Any, Drawn, Loose] = Decider("urn", Loose(), lambda _command, _state: [], loosely, snapshot_every=1)
    PostgresLog(here.pool, [loose], keys()).keep(new_stream(), Snapshot("urn", 1, Loose(uuid4())))
    assert here.kept() == []


class Full(Struct, frozen=True):
    pass


class Void(Struct, frozen=True):
    pass


def test_states_that_cannot_be_told_apart_are_refused_at_the_start(pool: ConnectionPool[Any]):
    def emptied(state: Full | Void, _event: Drawn) -> Full | Void:
        return state

    blurred: Decider[Any, Drawn, Full | Void] = Decider("urn", Full(), lambda _command, _state: [], emptied, snapshot_every=1)
    with pytest.raises(TypeError):
        PostgresLog(pool, [blurred], keys())


def test_a_snapshot_is_due_at_each_so_many_versions_of_a_stream(here: Installation):
    till = here.paid(3)
    here.handle(till, PayIn(4, 8), meta())  # versions 4 to 11
    owed = [job for event in here.log.stream(till) for job in jobs(event, [Kept(PaidIn, "till", 5)])]
    assert [job.work for job in owed] == [Work("till", till)] * 2
    assert len({job.id for job in owed}) == 2
