"""Blocks are closed in the log's own order, when they are full or when events have waited long enough, by one sealer at a time."""

from threading import Event, Thread
from time import monotonic
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from infrastructure import clock
from infrastructure.seals.lag import SealLag
from infrastructure.seals.proofs import PostgresSeals
from infrastructure.seals.sealer import LEASE, RetiredKey, Sealer
from infrastructure.seals.signing import SigningKey
from infrastructure.seals.verifying import Verification
from projections.health import Unwell
from projections.seals import SizeUnknown
from tests.infrastructure.seals.office import KEY, NEXT_KEY, WRITE, write

Connection = psycopg.Connection[Any]

OURS = SigningKey(KEY)


def sizes(seals: PostgresSeals) -> list[int]:
    return [each.size for each in seals.heads(0, 1000)]


def holds(connection: Connection) -> int:
    """How many events are sealed, all as they are."""
    verdict = Verification(connection, [OURS.public]).run()
    assert verdict.finding is None
    return verdict.events


def test_a_full_block_is_closed_at_once_and_the_rest_waits(connection: Connection, sealer: Sealer, seals: PostgresSeals):
    write(connection, 2500)
    assert sealer.step(connection) == 2048
    assert sizes(seals) == [1024, 2048]
    assert sealer.step(connection) == 0


def test_what_has_waited_long_enough_is_sealed_without_a_full_block(database: str, connection: Connection, seals: PostgresSeals):
    write(connection, 3)
    patient, impatient = Sealer(database, [OURS], clock.now), Sealer(database, [OURS], clock.now, age=0)
    assert [patient.step(connection), patient.step(connection)] == [0, 0]
    assert [impatient.step(connection), impatient.step(connection)] == [0, 3]
    assert sizes(seals) == [3]


def test_a_log_on_which_nothing_happens_gets_no_new_heads(connection: Connection, sealer: Sealer, seals: PostgresSeals):
    sealer.step(connection, now=True)
    with pytest.raises(SizeUnknown):
        seals.head()
    write(connection, 3)
    for _ in range(3):
        sealer.step(connection, now=True)
    assert sizes(seals) == [3]


def test_blocks_end_with_their_tile_so_that_trees_are_made_of_whole_ones(connection: Connection, sealer: Sealer, seals: PostgresSeals):
    for count in (1000, 30, 3000, 66):
        write(connection, count)
        sealer.step(connection, now=True)
    assert sizes(seals) == [1000, 1024, 1030, 2048, 3072, 4030, 4096]
    assert holds(connection) == 4096


def test_another_sealer_goes_on_where_one_stood(database: str, connection: Connection):
    for count in (1, 700, 400, 2000, 5):
        write(connection, count)
        Sealer(database, [OURS], clock.now).step(connection, now=True)
    assert holds(connection) == 3106


def test_an_event_that_commits_late_is_sealed_in_its_place(database: str, connection: Connection, sealer: Sealer, seals: PostgresSeals):
    """Its append holds a floor: nothing behind it is sealed before it is certain."""
    write(connection, 5)
    with psycopg.connect(database) as slow:
        slow.execute("SELECT pg_advisory_xact_lock_shared(last_value) FROM events_position")
        slow.execute(WRITE, [1])
        write(connection, 5)
        sealer.step(connection, now=True)
        assert seals.head().size == 5
        slow.commit()
    sealer.step(connection, now=True)
    assert holds(connection) == 11


def test_two_sealers_that_both_believe_they_lead_cannot_both_seal(database: str, connection: Connection, sealer: Sealer):
    """As when the first one's connection was lost and it has not noticed: nobody closes a second block from the same place."""
    write(connection, 3)
    sealer.step(connection, now=True)
    write(connection, 4)
    other = Sealer(database, [OURS], clock.now)
    other.step(connection, now=True)
    write(connection, 5)
    with pytest.raises(psycopg.errors.UniqueViolation):
        sealer.step(connection, now=True)
    assert sealer.step(connection, now=True) == 5
    assert holds(connection) == 12


def test_one_leads_and_another_takes_over_when_it_is_gone(database: str, connection: Connection):
    stop = Event()
    (leads,) = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", LEASE).fetchone() or (False,)
    assert leads
    thread = Thread(target=Sealer(database, [OURS], clock.now, age=0).run, args=(stop,))
    thread.start()
    try:
        write(connection, 5)
        assert not until(lambda: sealed(connection), seconds=1.5)
        connection.execute("SELECT pg_advisory_unlock(%s, %s)", LEASE)
        assert until(lambda: sealed(connection) == 5, seconds=10)
        # Its connection dies; it makes another and goes on.
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tradewind seal'")
        write(connection, 2)
        assert until(lambda: sealed(connection) == 7, seconds=10)
    finally:
        stop.set()
        thread.join()


def sealed(connection: Connection) -> int:
    ((size,),) = connection.execute("SELECT coalesce(max(size), 0) FROM seals").fetchall()
    return size


def until(happened: Any, seconds: float) -> bool:
    """Look every tenth of a second, since the sealer is a thread of its own; says whether it happened."""
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        if happened():
            return True
        Event().wait(0.1)
    return False


def test_a_key_that_was_followed_by_another_seals_nothing_more(database: str, connection: Connection):
    write(connection, 3)
    old, new = Sealer(database, [OURS], clock.now), Sealer(database, [SigningKey(NEXT_KEY), OURS], clock.now)
    old.step(connection, now=True)
    write(connection, 3)
    new.step(connection, now=True)
    write(connection, 3)
    with pytest.raises(RetiredKey, match="was followed by"):
        Sealer(database, [OURS], clock.now).step(connection, now=True)


def test_whoever_looks_after_the_system_sees_that_nobody_seals(connection: Connection, sealer: Sealer, pool: ConnectionPool[Any]):
    check = SealLag(pool)
    assert check() == "the log is sealed"
    connection.execute("ALTER TABLE events ALTER recorded_at SET DEFAULT clock_timestamp() - interval '2 minutes'")
    write(connection, 3)
    with pytest.raises(Unwell, match=r"an event has gone unsealed for 12[0-9] s"):
        check()
    sealer.step(connection, now=True)
    assert check() == "the log is sealed"


def test_the_applications_role_seals_and_changes_no_seal(connection: Connection, sealer: Sealer):
    write(connection, 3)
    connection.execute("SET ROLE tradewind_app")
    assert sealer.step(connection, now=True) == 3
    assert holds(connection) == 3
    for statement in ("UPDATE seals SET size = 4", "DELETE FROM seal_keys", "ALTER TABLE seals DISABLE TRIGGER ALL"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
