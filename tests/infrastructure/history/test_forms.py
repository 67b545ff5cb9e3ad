"""A role that could not read every event on the log does not start, and says which."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any, ClassVar

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from domain.values import Value
from infrastructure.eventlog.forms import UnreadableLog, check
from infrastructure.eventlog.mapper import EventMapper, stable_name
from infrastructure.postgres import open_pool
from tests.journeys.live import ROOT, Live

INSERT = """
INSERT INTO events (position, version, stream, event_id, actor, command_id, correlation_id, schema, kind, type, data)
SELECT nextval('events_position'), 1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
       %s, 'toy', %s, '{}' FROM generate_series(1, %s)
"""


class Moved(Value, frozen=True):
    pass


class Turned(Value, frozen=True):
    schema: ClassVar[int] = 2


MAPPER = EventMapper([Moved, Turned], {(stable_name(Turned), 1): lambda document: document})


@pytest.fixture
def pool(database: str) -> Iterator[ConnectionPool[Any]]:
    with closing(open_pool(database, 2)) as pool:
        yield pool


def store(database: str, name: str, schema: int = 1, count: int = 1) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(INSERT, [schema, name, count])


def test_a_log_of_forms_that_are_known_is_read(database: str, pool: ConnectionPool[Any]):
    check(pool, MAPPER)
    for name, schema in ((stable_name(Moved), 1), (stable_name(Turned), 1), (stable_name(Turned), 2)):
        store(database, name, schema)
    check(pool, MAPPER)


def test_every_form_that_is_not_is_named(database: str, pool: ConnectionPool[Any]):
    for name, schema in (
        ("toys.Gone", 1),
        (stable_name(Moved), 2),
        (stable_name(Turned), 3),
        (stable_name(Turned), 2),
        ("toys.Unknown", 7),
    ):
        store(database, name, schema)
    with pytest.raises(UnreadableLog) as refused:
        check(pool, MAPPER)
    said = str(refused.value)
    assert all(
        name in said for name in ("toys.Gone", "toys.Unknown", f"{stable_name(Moved)} of schema 2", f"{stable_name(Turned)} of schema 3")
    )
    assert f"{stable_name(Turned)} of schema 2" not in said


def test_it_takes_a_step_for_each_type_and_not_for_each_event(database: str, pool: ConnectionPool[Any]):
    for number in range(10):
        store(database, f"toys.Type{number}", count=1 + 4_000 * (number % 2))
    with pool.connection() as connection:
        connection.execute("VACUUM ANALYZE events")
        plan = connection.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM stored_forms()").fetchall()[0][0]
    assert plan[0]["Plan"]["Actual Rows"] == 10
    assert plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"] < 400


def test_while_the_log_does_not_answer_a_role_starts_all_the_same(pool: ConnectionPool[Any]):
    with pool.connection() as connection:
        connection.execute("DROP FUNCTION stored_forms")
    check(pool, MAPPER)


@pytest.mark.parametrize("role", ["serve", "project", "react", "work"])
def test_no_role_starts_on_a_log_that_it_cannot_read(database: str, role: str):
    store(database, "listings.ListingDreamt")
    command = [sys.executable, "-m", "interfaces.cli", role]
    ended = subprocess.run(command, env=Live(database).environ, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "listings.ListingDreamt: no decider folds events of this name" in ended.stderr
