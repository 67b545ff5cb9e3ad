"""Several workers share the read models between them: whichever dies, each event is taken once by one of the others."""

from contextlib import ExitStack

import psycopg
import pytest

from infrastructure.projector import lanes, leases
from infrastructure.projector.runner import Runner
from infrastructure.readstores.postgres import PostgresStore
from tests.fakes.boats import Moored, Painted, boat, boats, coats
from tests.fakes.log import FakeLog
from tests.infrastructure.projector.test_runner import TERMINATE, Seen, rows
from tests.infrastructure.threads import running

READ_MODELS = (boats, coats)
COATS = 30


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "POLL", 0.02)
    monkeypatch.setattr(lanes, "LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(leases, "TRY_EVERY", 0.02)


def test_whichever_of_three_workers_loses_its_leases_every_event_is_taken_once(database: str, log: FakeLog):
    seen = Seen()  # what all of them do
    with ExitStack() as workers:
        for _ in range(3):
            workers.enter_context(running(Runner(READ_MODELS, log, database, {"postgres": PostgresStore}, progress=seen).run))
        log.add(boat(1), Moored(boat(1), "Aurora"))
        for coat in range(COATS):
            position = log.add(boat(1), Painted(boat(1), str(coat)))
            for each in READ_MODELS:
                seen.wait_for(each.name, position)
            if coat % 5 == 4:
                with psycopg.connect(database, autocommit=True) as other:
                    other.execute(TERMINATE)  # all leases are free at once, and the workers race for them
    with psycopg.connect(database) as connection:
        found = connection.execute(f"SELECT document -> 'colours' FROM {boats.table}".encode()).fetchall()
    assert found == [([str(coat) for coat in range(COATS)],)]
    assert rows(database, coats.table) == 1 + 2 * COATS  # each paint has its undercoat
    assert rows(database, "parked_events") == 0
