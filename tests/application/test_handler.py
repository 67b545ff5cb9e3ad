"""Load, decide, append: repeats, conflicts, pinned versions, several streams at once."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from application.handler import ATTEMPTS, Handler
from application.ports import CommandReused, Conflict, Meta, Row, StaleVersion, Unavailable
from domain.decider import Decider, Rejected
from domain.values import Value
from tests.fakes.history import FakeHistory

JAR, BOWL = UUID(int=10), UUID(int=11)
ANA = UUID(int=1)


class Put(Value, frozen=True):
    pieces: int


class Filled(Value, frozen=True):
    pieces: int


class Jar(Value, frozen=True):
    pieces: int = 0


class Sealed(Row, frozen=True):
    note: str


def decide(command: Put, jar: Jar) -> list[Filled]:
    if jar.pieces + command.pieces > 10:
        raise Rejected("jar_full")
    return [Filled(command.pieces)] if command.pieces else []


def evolve(jar: Jar, event: Filled) -> Jar:
    return replace(jar, pieces=jar.pieces + event.pieces)


jars = Decider("jar", Jar(), decide, evolve)
scarce = Decider("scarce jar", Jar(), decide, evolve, contended=True)


def meta(number: int, fingerprint: bytes = b"") -> Meta:
    return Meta(UUID(int=number), ANA, UUID(int=99), fingerprint=fingerprint)


@pytest.fixture
def history() -> FakeHistory:
    return FakeHistory()


@pytest.fixture
def handle(history: FakeHistory) -> Handler:
    return Handler(history, [jars])


def test_a_command_answers_with_the_version_and_the_state_after_it(handle: Handler):
    appended = handle(JAR, Put(3), meta(1))
    assert (appended.version, appended.state, appended.replayed) == (1, Jar(3), False)


def test_the_same_command_id_again_gives_the_first_answer_even_after_others_changed_the_stream(handle: Handler):
    first = handle(JAR, Put(3), meta(1))
    handle(JAR, Put(4), meta(2))
    again = handle(JAR, Put(3), meta(1))
    assert again.replayed
    assert (again.version, again.position, again.state) == (first.version, first.position, first.state)


def test_a_repeated_creation_that_proposes_another_id_answers_with_the_first_one(handle: Handler, history: FakeHistory):
    handle(JAR, Put(3), meta(1))
    assert handle(BOWL, Put(3), meta(1)).stream == JAR
    assert BOWL not in history.streams


def test_a_command_id_used_for_another_request_is_refused(handle: Handler):
    handle(JAR, Put(3), meta(1, b"three"))
    with pytest.raises(CommandReused):
        handle(JAR, Put(4), meta(1, b"four"))


def test_a_conflict_is_decided_anew_from_what_is_there_now(handle: Handler, history: FakeHistory):
    history.conflicts = 2
    assert handle(JAR, Put(3), meta(1)).version == 1
    assert history.loads == 3


def test_endless_conflicts_are_given_up(handle: Handler, history: FakeHistory):
    history.conflicts = ATTEMPTS
    with pytest.raises(Conflict):
        handle(JAR, Put(3), meta(1))


def test_a_lost_answer_is_found_on_the_log_and_not_written_twice(handle: Handler, history: FakeHistory):
    history.lost = 1
    appended = handle(JAR, Put(3), meta(1))
    assert (appended.version, appended.replayed) == (1, True)
    assert len(history.streams[JAR]) == 1


def test_a_log_that_stays_away_is_said_to_be_unavailable(handle: Handler, history: FakeHistory, monkeypatch: pytest.MonkeyPatch):
    def away(*_: object) -> None:
        raise Unavailable("postgres")

    monkeypatch.setattr(history, "load", away)
    with pytest.raises(Unavailable):
        handle(JAR, Put(3), meta(1))


def test_a_pinned_version_that_moved_on_is_stale(handle: Handler):
    handle(JAR, Put(3), meta(1))
    with pytest.raises(StaleVersion) as stale:
        handle(JAR, Put(3), meta(2), expected=0)
    assert (stale.value.expected, stale.value.actual) == (0, 1)


def test_several_streams_change_together_or_not_at_all(handle: Handler, history: FakeHistory):
    with pytest.raises(Rejected) as rejected:
        handle.together([(JAR, Put(3)), (BOWL, Put(11))], meta(1))
    assert rejected.value.stream == BOWL
    assert history.streams == {}


def test_commands_for_one_stream_are_decided_one_after_the_other(handle: Handler):
    (appended,) = handle.together([(JAR, Put(3)), (JAR, Put(4))], meta(1))
    assert (appended.version, appended.state) == (2, Jar(7))


def test_rows_beside_the_log_are_written_only_with_events(handle: Handler, history: FakeHistory):
    handle(JAR, Put(0), meta(1), rows=[Sealed("nothing happened")])
    handle(JAR, Put(1), meta(2), rows=[Sealed("filled")])
    assert history.rows == [Sealed("filled")]


def test_contended_streams_are_held_in_order_before_they_are_loaded(history: FakeHistory):
    Handler(history, [scarce]).together([(BOWL, Put(1)), (JAR, Put(1)), (JAR, Put(1))], meta(1))
    assert history.held == [[JAR, BOWL]]


@pytest.fixture
def elsewhere(history: FakeHistory) -> Handler:
    """The same log in another process, which remembers other states."""
    return Handler(history, [jars])


def test_a_stream_that_this_process_changed_last_is_not_loaded_again(handle: Handler, history: FakeHistory):
    handle(JAR, Put(3), meta(1))
    assert handle(JAR, Put(4), meta(2), expected=1).state == Jar(7)
    assert history.loads == 1


def test_what_many_want_at_once_is_looked_up_from_where_it_was_known(history: FakeHistory):
    handle, other = Handler(history, [scarce]), Handler(history, [scarce])
    for number in range(1, 4):
        handle(JAR, Put(1), meta(number))
    assert (handle.state(JAR, scarce), history.read) == (Jar(3), 0)
    other(JAR, Put(1), meta(9))
    assert (handle.state(JAR, scarce), history.read) == (Jar(4), 1)
    assert (handle.state(JAR, scarce), history.read) == (Jar(4), 0)


def test_what_another_process_changed_meanwhile_is_seen(handle: Handler, elsewhere: Handler):
    handle(JAR, Put(3), meta(1))
    elsewhere(JAR, Put(4), meta(2))
    appended = handle(JAR, Put(1), meta(3))
    assert (appended.version, appended.state) == (3, Jar(8))


def test_nothing_is_refused_for_what_is_only_remembered(handle: Handler, elsewhere: Handler):
    handle(JAR, Put(10), meta(1))
    elsewhere(JAR, Put(-10), meta(2))
    assert handle(JAR, Put(10), meta(3)).state == Jar(10)


def test_a_pinned_version_is_compared_with_the_log_and_not_with_what_is_remembered(handle: Handler, elsewhere: Handler):
    handle(JAR, Put(3), meta(1))
    elsewhere(JAR, Put(3), meta(2))
    assert handle(JAR, Put(3), meta(3), expected=2).version == 3
    elsewhere(JAR, Put(1), meta(4))
    with pytest.raises(StaleVersion):
        handle(JAR, Put(0), meta(5), expected=3)


def test_that_nothing_is_to_be_done_is_found_on_the_log(handle: Handler, history: FakeHistory):
    handle(JAR, Put(3), meta(1))
    handle(JAR, Put(0), meta(2))
    assert history.loads == 2


class Open(Value, frozen=True):
    pass


class Opened(Value, frozen=True):
    pass


class Box(Value, frozen=True):
    pass


def decide_on_box(_command: Open, _box: Box) -> list[Opened]:
    return [Opened()]


def evolve_box(box: Box, _event: Opened) -> Box:
    return box


def test_the_id_of_another_kind_of_thing_is_not_found(history: FakeHistory):
    handle = Handler(history, [jars, Decider("box", Box(), decide_on_box, evolve_box)])
    handle(JAR, Put(3), meta(1))
    with pytest.raises(Rejected) as rejected:
        handle(JAR, Open(), meta(2))
    assert rejected.value.code == "box_not_found"
