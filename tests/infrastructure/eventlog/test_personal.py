"""Personal fields are in clear nowhere in the database, and nowhere at all once the person's key is gone."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import MapperDeserialisationError
from psycopg import sql
from psycopg_pool import ConnectionPool

from application.handler import Appended, Handler
from application.ports import Change
from domain.values import ERASED, Address
from infrastructure.eventlog.log import PostgresLog
from tests.infrastructure.eventlog.toys import ALL, Arrive, GuestArrived, keys, meta, new_stream, stays

HOME = Address("Ana Ferreira", ("Rua do Ouro 12",), "Lisboa", "1100-061", "PT")
SECRETS = ("Ana Ferreira", "Rua do Ouro", "Lisboa")


def arrive(handle: Handler, guest: UUID) -> Appended:
    return handle(new_stream(), Arrive(guest, "Ana Ferreira", HOME, (HOME, HOME)), meta())


def erase(database: str, guest: UUID) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE personal_keys SET wrapped = NULL WHERE subject = %s", [guest])


def arrivals(log: PostgresLog) -> list[GuestArrived]:
    return [each.event for each in log.read(0, 100).events]


def test_personal_fields_come_back_as_they_were(handle: Handler, log: PostgresLog, pool: ConnectionPool[Any]):
    guest = new_stream()
    done = arrive(handle, guest)
    assert done.state == GuestArrived(guest, 7, "Ana Ferreira", HOME, (HOME, HOME))
    assert arrivals(log) == [done.state]
    assert arrivals(PostgresLog(pool, ALL, keys())) == [done.state]  # another process


def test_the_database_holds_no_clear_text(handle: Handler, database: str):
    arrive(handle, new_stream())
    with psycopg.connect(database) as connection:
        [[stored]] = connection.execute("SELECT convert_from(data, 'UTF8') FROM events").fetchall()
        tables = connection.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace").fetchall()
        dump = "".join(
            str(connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(name))).fetchall()) for (name,) in tables
        )
    document = msgspec.json.decode(stored)
    assert document["room"] == 7
    assert all(document[field].startswith("enc:v1:") for field in ("name", "address", "former"))
    for secret in SECRETS:
        assert secret not in stored
        assert secret not in dump
        assert secret.encode().hex() not in dump


def test_what_is_personal_to_an_erased_person_reads_as_erased(handle: Handler, log: PostgresLog, database: str):
    guest, other = new_stream(), new_stream()
    stay = arrive(handle, guest)
    arrive(handle, other)
    erase(database, guest)
    gone, kept = arrivals(log)
    assert gone == GuestArrived(guest, 7, ERASED, ERASED, ERASED)
    assert kept.name == "Ana Ferreira"
    assert stays.fold(each.event for each in log.stream(stay.stream)) == gone
    assert handle.state(stay.stream, stays) == gone


def test_a_remembered_key_is_forgotten_in_every_process(handle: Handler, log: PostgresLog, pool: ConnectionPool[Any], database: str):
    guest = new_stream()
    stay = arrive(handle, guest)
    others = [PostgresLog(pool, ALL, keys()) for _ in range(2)]
    for each in (log, *others):
        assert arrivals(each)[0].name == "Ana Ferreira"
    erase(database, guest)
    assert arrivals(others[0])[0].name == ERASED
    assert others[1].load([stay.stream], new_stream()).streams[stay.stream][0].event.name == ERASED


def test_nothing_personal_is_written_of_an_erased_person(handle: Handler, log: PostgresLog, database: str):
    guest = new_stream()
    arrive(handle, guest)
    erase(database, guest)
    log.load([], new_stream())
    arrive(handle, guest)
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT data ->> 'name', wrapped FROM audit_events, personal_keys ORDER BY position").fetchall()
    assert rows[1] == ('{"type": "erased"}', None)
    assert [each.name for each in arrivals(log)] == [ERASED, ERASED]


def test_all_fixtures_fold_with_all_keys_erased(handle: Handler, log: PostgresLog, database: str):
    streams = [arrive(handle, new_stream()).stream for _ in range(3)]
    with psycopg.connect(database) as connection:
        connection.execute("DELETE FROM personal_keys")
    for stream in streams:
        state = stays.fold(each.event for each in log.stream(stream))
        assert state is not None
        assert (state.name, state.address, state.former) == (ERASED, ERASED, ERASED)


def test_two_first_events_of_one_person_at_the_same_time_end_with_one_key(pool: ConnectionPool[Any], database: str):
    guest, barrier = new_stream(), Barrier(8)

    def in_a_process_of_its_own(_: int) -> Appended:
        handle = Handler(PostgresLog(pool, ALL, keys()), ALL)
        barrier.wait()
        return arrive(handle, guest)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(in_a_process_of_its_own, range(8)))
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM personal_keys").fetchall() == [(1,)]
    assert [each.name for each in arrivals(PostgresLog(pool, ALL, keys()))] == ["Ana Ferreira"] * 8


def test_a_ciphertext_that_was_moved_to_another_event_does_not_open(log: PostgresLog, handle: Handler, database: str):
    guest = new_stream()
    arrive(handle, guest)
    with psycopg.connect(database) as connection:
        connection.execute(
            """INSERT INTO events (position, stream, version, kind, type, schema, event_id, data, actor, command_id, correlation_id)
               SELECT nextval('events_position'), gen_random_uuid(), 1, kind, type, schema, gen_random_uuid(), data, actor,
                      command_id, correlation_id FROM events"""
        )
    with pytest.raises(MapperDeserialisationError):
        log.read(0, 10)


def test_a_batch_asks_for_keys_at_most_once(handle: Handler, pool: ConnectionPool[Any]):
    for _ in range(5):
        arrive(handle, new_stream())
    asked: list[int] = []

    class Counted(type(keys())):
        def _select(self, connection: psycopg.Connection[Any], subjects: list[UUID]) -> Any:
            asked.append(len(subjects))
            return super()._select(connection, subjects)

    log = PostgresLog(pool, ALL, Counted(bytes(range(32))))
    assert len(arrivals(log)) == len(arrivals(log)) == 5
    assert asked == [5]


def test_an_event_without_a_key_at_hand_is_never_written_in_clear(log: PostgresLog):
    event = GuestArrived(new_stream(), 7, "Ana Ferreira")
    with pytest.raises(KeyError):
        log.history.mapper.encode(event, new_stream())
    log.append([Change(new_stream(), stays, 0, [event])], meta())
