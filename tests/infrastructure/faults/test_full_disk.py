"""Postgres has no room left: who commands is told so, everything waits, and goes on by itself when there is room again."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager

import psycopg
import pytest
from psycopg import sql

from infrastructure import clock
from infrastructure.projector import lanes
from infrastructure.projector.runner import Runner
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.seals import sealer as sealing
from infrastructure.seals.sealer import Sealer
from infrastructure.seals.signing import SigningKey
from infrastructure.seals.stored import sealed_events
from infrastructure.seals.verifying import Verification
from projections.listings import page
from tests.fakes.boats import Moored, boat, boats
from tests.fakes.log import FakeLog
from tests.infrastructure.seals.office import KEY, write
from tests.infrastructure.threads import running
from tests.journeys.town import Town

PATIENCE = 60.0

FULL = """
CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$
"""
WRITES = "CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION no_room()"

Rows = Callable[[str], int]


@contextmanager
def full(database: str, *tables: str) -> Generator[None]:
    """While these tables cannot grow, as Postgres says it where the disk is full."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(FULL)
        for table in tables:
            connection.execute(sql.SQL(WRITES).format(sql.Identifier(table)))
        yield
        for table in tables:
            connection.execute(sql.SQL("DROP TRIGGER no_room ON {}").format(sql.Identifier(table)))


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def rows(database: str) -> Rows:
    def count(table: str) -> int:
        with psycopg.connect(database) as connection:
            ((found,),) = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchall()
        return found

    return count


@pytest.fixture
def town(database: str) -> Generator[Town]:
    opened = Town(database)
    yield opened
    opened.close()


@pytest.mark.parametrize("table", ["events", "commands"])
def test_a_command_is_refused_whole_and_done_once_when_there_is_room(table: str, town: Town, database: str, rows: Rows):
    ana = town.registered("ana@example.org")
    draft = {"category": "boats", "title": "Sloop"}
    before = rows("events"), rows("commands")
    with full(database, table):
        refused = ana.ask("POST", "/v1/listings", draft, Idempotency_Key="once")
        assert (refused.status_code, refused.json()["code"]) == (503, "postgres_unavailable")
        assert int(refused.headers["Retry-After"]) > 0
        assert ana.get("/v1/me")["email"] == "ana@example.org", "who only looks is answered"
    assert (rows("events"), rows("commands")) == before
    made = [ana.post("/v1/listings", draft, 201, Idempotency_Key="once")["id"] for _ in range(2)]
    assert made[0] == made[1]
    assert rows("events") == before[0] + 1


def test_what_follows_from_events_waits_and_nothing_is_lost_or_parked(town: Town, database: str, rows: Rows):
    ana = town.registered("ana@example.org")
    town.settle()
    letters = rows("local_mail")
    with full(database, "jobs", page.view.table, "local_mail"), running(lambda stop: town.container.reactor.run(stop, stop.wait)):
        made = ana.post("/v1/listings", {"category": "boats", "title": "Sloop"}, 201)
        town.guest().post("/v1/users", {"email": "bea@example.org", "name": "Bea", "password": "Vento-norte-7-nos"}, 201)
        with pytest.raises(Exception, match="postgres"):
            town.runner.catch_up()
        assert rows("parked_events") == 0
        assert rows(page.view.table) == 0
    town.settle()
    assert ana.get("/v1/me/listings")["items"][0]["id"] == made["id"]
    assert rows("local_mail") == letters + 1
    assert rows("parked_events") == 0


def test_a_projector_at_work_goes_on_by_itself(database: str, rows: Rows, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "LONGEST_PAUSE", 0.1)
    log = FakeLog()
    log.add(boat(0), Moored(boat(0), "Aurora"))
    with closing(Runner([boats], log, database, {"postgres": PostgresStore})) as runner:
        runner.catch_up()
    with closing(Runner([boats], log, database, {"postgres": PostgresStore})) as runner:
        with running(lambda stop: runner.run(stop, lambda _seconds: stop.wait(0.02))):
            with full(database, boats.table):
                for number in range(1, 6):
                    log.add(boat(number), Moored(boat(number), "Aurora"))
                threading.Event().wait(0.5)
                assert (rows(boats.table), rows("parked_events")) == (1, 0)
            until(lambda: rows(boats.table) == 6)
        assert rows("parked_events") == 0


def test_a_sealer_at_work_goes_on_where_it_was(database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealing, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(sealing, "PAUSE_SECONDS", 0.02)
    sealer = Sealer(database, [SigningKey(KEY)], clock.now, age=0)
    with psycopg.connect(database, autocommit=True) as connection:
        write(connection, 2_000)
        with running(sealer.run):
            until(lambda: sealed_events(connection) == 2_000)
            with full(database, "seals"):
                write(connection, 3_000)
                threading.Event().wait(0.3)
                assert sealed_events(connection) == 2_000
            until(lambda: sealed_events(connection) == 5_000)
        verdict = Verification(connection, [SigningKey(KEY).public]).run()
    assert (verdict.finding, verdict.events) == (None, 5_000)
