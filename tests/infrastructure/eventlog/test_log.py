from typing import Any, LiteralString

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from application.handler import Handler
from application.ports import Change, CommandReused, Conflict, StaleVersion
from application.rows import Release, Reserve
from domain.decider import Rejected
from infrastructure.eventlog.log import PostgresLog
from infrastructure.postgres import open_pool
from tests.infrastructure.eventlog.toys import ALL, Draw, OpenTill, PaidIn, PayIn, Till, TillOpened, keys, meta, new_stream, tills, urns


def test_what_is_appended_is_loaded_and_read(log: PostgresLog):
    stream, given = new_stream(), meta()
    [result] = log.append([Change(stream, tills, 0, [TillOpened(), PaidIn(3)])], given)
    loaded = log.load([stream], new_stream())
    assert [each.event for each in loaded.streams[stream]] == [TillOpened(), PaidIn(3)]
    assert (result.version, result.position) == (2, 2)
    batch = log.read(0, 10)
    assert batch.events == log.stream(stream) == loaded.streams[stream]
    assert batch.upto == log.stable() == 2
    [_, paid] = batch.events
    assert (paid.type, paid.schema, paid.actor, paid.command_id) == ("toys.PaidIn", 1, given.actor, given.command_id)
    assert paid.recorded_at.tzinfo is not None


def test_a_new_log_is_stable_at_nothing_and_the_first_event_is_not_passed(log: PostgresLog):
    assert log.stable() == 0
    assert log.read(0, 10).upto == 0
    log.append([Change(new_stream(), tills, 0, [TillOpened()])], meta())
    assert [each.position for each in log.read(0, 10).events] == [1]


def test_reading_by_type_moves_on_past_the_others(log: PostgresLog):
    for amount in range(5):
        log.append([Change(new_stream(), tills, 0, [TillOpened(), PaidIn(amount)])], meta())
    first = log.read(0, 2, [PaidIn])
    assert [each.event.amount for each in first.events] == [0, 1]
    rest = log.read(first.upto, 10, [PaidIn])
    assert [each.event.amount for each in rest.events] == [2, 3, 4]
    assert rest.upto == log.stable() == 10
    nothing = log.read(rest.upto, 10, [PaidIn])
    assert (nothing.events, nothing.upto) == ((), 10)


def test_a_stream_can_be_read_up_to_a_version(log: PostgresLog):
    stream = new_stream()
    log.append([Change(stream, tills, 0, [PaidIn(1), PaidIn(2), PaidIn(3)])], meta())
    assert [each.version for each in log.stream(stream, 2)] == [1, 2]


def test_an_append_to_a_version_that_has_passed_is_a_conflict(log: PostgresLog):
    stream = new_stream()
    log.append([Change(stream, tills, 0, [TillOpened()])], meta())
    with pytest.raises(Conflict):
        log.append([Change(stream, tills, 0, [PaidIn(1)])], meta())
    with pytest.raises(Conflict):
        log.append([Change(new_stream(), tills, 0, [PaidIn(1)]), Change(stream, tills, 0, [PaidIn(1)])], meta())
    assert [each.event for each in log.read(0, 10).events] == [TillOpened()]


def test_a_conflict_is_decided_again_unless_the_version_is_pinned(log: PostgresLog, handle: Handler):
    stream = new_stream()
    handle(stream, PayIn(1), meta())
    assert handle(stream, PayIn(2), meta(), expected=1).version == 2
    with pytest.raises(StaleVersion):
        handle(stream, PayIn(2), meta(), expected=1)
    assert log.load([stream], new_stream()).streams[stream][-1].version == 2


def test_several_streams_are_written_together_or_not_at_all(log: PostgresLog, handle: Handler):
    first, second = new_stream(), new_stream()
    handle(first, PayIn(1), meta())
    done = handle.together([(first, PayIn(1)), (second, PayIn(2, 3))], meta())
    assert [(each.stream, each.version, each.state.total) for each in done] == [(first, 2, 2), (second, 3, 6)]
    assert [each.position for each in done] == [2, 5]
    with pytest.raises(Rejected):
        handle.together([(first, PayIn(1)), (second, PayIn(-1))], meta())
    assert len(log.read(0, 99).events) == 5


def test_a_command_that_changes_nothing_answers_where_the_stream_stands(handle: Handler):
    stream = new_stream()
    first = handle(stream, OpenTill(), meta())
    handle(new_stream(), OpenTill(), meta())
    given = meta()
    for replayed in (False, True):
        again = handle(stream, OpenTill(), given)
        assert (again.version, again.position, again.replayed) == (1, first.position, replayed)


def test_a_command_that_leaves_a_stream_empty_answers_position_zero(log: PostgresLog):
    given, stream = meta(), new_stream()
    [result] = log.append([Change(stream, tills, 0, [])], given)
    assert (result.version, result.position) == (0, 0)
    assert log.load([stream], given.command_id).before == [result]


def test_a_command_id_is_not_taken_for_another_request(handle: Handler):
    stream, given = new_stream(), meta(fingerprint=b"pay 1")
    handle(stream, PayIn(1), given)
    assert handle(stream, PayIn(1), given).replayed
    with pytest.raises(CommandReused):
        handle(stream, PayIn(2), meta(given.command_id, fingerprint=b"pay 2"))


def test_a_repeated_creation_finds_the_stream_it_made_under_another_id(handle: Handler):
    given, made = meta(), new_stream()
    handle(made, PayIn(5), given)
    again = handle(new_stream(), PayIn(5), given)
    assert (again.stream, again.state, again.replayed) == (made, Till(5), True)


def test_a_contended_stream_is_loaded_after_it_is_locked(log: PostgresLog, handle: Handler, pool: ConnectionPool[Any]):
    stream = new_stream()
    assert handle(stream, Draw(), meta()).version == 1
    with log.locked([stream]) as held, pool.connection() as other:
        rows = other.execute(
            "SELECT objsubid FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchall()
        assert rows == [(2,)]
        assert len(held.load([stream], new_stream()).streams[stream]) == 1
    assert urns.contended


def test_commits_are_told_of_after_them_and_outside_the_transaction(pool: ConnectionPool[Any]):
    told: list[tuple[int, int]] = []
    log = PostgresLog(pool, ALL, keys(), on_commit=lambda position: told.append((position, log.stable())))
    stream = new_stream()
    log.append([Change(stream, tills, 0, [TillOpened()])], meta())
    with log.locked([stream]) as held:
        held.append([Change(stream, tills, 1, [PaidIn(1)])], meta())
        assert len(told) == 1
    log.append([Change(stream, tills, 2, [])], meta())
    assert told == [(1, 1), (2, 2)]


def test_a_reservation_is_taken_once_and_free_again_after_its_release(log: PostgresLog):
    ana, ben = new_stream(), new_stream()
    mine = [Reserve("email", b"ana@example.com", ana)]
    log.append([Change(ana, tills, 0, [TillOpened()])], meta(), mine)
    with pytest.raises(Rejected, match="email_taken"):
        log.append([Change(ben, tills, 0, [TillOpened()])], meta(), [Reserve("email", b"ana@example.com", ben)])
    assert log.load([ben], new_stream()).streams[ben] == []
    log.append([Change(ben, tills, 0, [])], meta(), [Release("email", b"ana@example.com", ben)])  # not his: nothing happens
    with pytest.raises(Rejected, match="email_taken"):
        log.append([Change(ben, tills, 0, [TillOpened()])], meta(), [Reserve("email", b"ana@example.com", ben)])
    log.append([Change(ana, tills, 1, [PaidIn(1)])], meta(), [Release("email", b"ana@example.com", ana)])
    log.append([Change(ben, tills, 0, [TillOpened()])], meta(), [Reserve("email", b"ana@example.com", ben)])


@pytest.mark.parametrize("change", ["UPDATE events SET actor = stream", "DELETE FROM events", "TRUNCATE events"])
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_history_cannot_be_changed(log: PostgresLog, database: str, change: LiteralString, role: LiteralString):
    log.append([Change(new_stream(), tills, 0, [TillOpened()])], meta())
    with psycopg.connect(database) as connection:
        connection.execute(f"SET session_replication_role = {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"):
            connection.execute(change)


def test_the_application_role_may_append_but_not_change(database: str):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER events_are_immutable; SET ROLE tradewind_app")
        for change in ("UPDATE events SET actor = stream", "DELETE FROM events", "TRUNCATE events"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                connection.execute(change)


def test_auditors_see_events_as_json(log: PostgresLog, database: str):
    log.append([Change(new_stream(), tills, 0, [PaidIn(3)])], meta())
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT kind, type, data FROM audit_events").fetchall() == [("till", "toys.PaidIn", {"amount": 3})]


def test_appends_go_on_after_the_connection_forgot_its_prepared_statements(database: str):
    with open_pool(database, 1) as pool:
        log = PostgresLog(pool, ALL, keys())
        append = lambda: log.append([Change(new_stream(), tills, 0, [TillOpened()])], meta())  # noqa: E731
        append()
        with pool.connection() as connection:
            connection.execute("DEALLOCATE ALL")
        append()
        assert len(log.read(0, 10).events) == 2
