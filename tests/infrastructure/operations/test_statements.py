"""What operators' commands change beside the log, put to a real Postgres."""

from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from infrastructure.operations import statements

Rows = list[tuple[Any, ...]]


def asked(database: str, statement: LiteralString, **values: Any) -> Rows:
    with psycopg.connect(database) as connection:
        found = connection.execute(statement, values)
        return found.fetchall() if found.description else []


@pytest.fixture
def boats(database: str) -> str:
    """Two versions of a read model; the later one has a sequence of three parked events."""
    asked(database, "INSERT INTO projection_positions (name, version, position) VALUES ('boats', 1, 90), ('boats', 2, 70)")
    park: LiteralString = (
        "INSERT INTO parked_events (projection, version, position, sequence, stream, stream_version, type, error)"
        " VALUES ('boats', %(version)s, %(position)s, %(sequence)s, %(stream)s, 1, 'toys.BoatBuilt', '')"
    )
    for version, position, sequence in [(1, 5, "ana"), (2, 5, "ana"), (2, 7, "ana"), (2, 9, "ana"), (2, 8, "bob")]:
        asked(database, park, version=version, position=position, sequence=sequence, stream=uuid4())
    return database


def parked(database: str) -> Rows:
    return asked(database, "SELECT version, position, retry_at IS NOT NULL FROM parked_events ORDER BY 1, 2")


def test_a_retry_is_asked_of_the_served_version(boats: str):
    asked(boats, statements.ASK_RETRY, projection="boats", position=5)
    assert parked(boats) == [(1, 5, False), (2, 5, True), (2, 7, False), (2, 8, False), (2, 9, False)]


def test_what_was_parked_behind_an_event_that_is_let_go_is_tried_again(boats: str):
    asked(boats, statements.FORGET_PARKED, projection="boats", position=5)
    assert parked(boats) == [(1, 5, False), (2, 7, True), (2, 8, False), (2, 9, True)]
    assert asked(boats, "SELECT projection, version, position FROM skipped_events") == [("boats", 2, 5)]


def test_the_served_version_alone_is_paused(boats: str):
    asked(boats, statements.SET_PAUSED, projection="boats", paused=True)
    assert asked(boats, "SELECT version, paused FROM projection_positions ORDER BY 1") == [(1, False), (2, True)]


def rebuild(database: str, purpose: str = "rebuild") -> int:
    ((generation,),) = asked(database, statements.NEXT_GENERATION, projection="boats")
    asked(database, statements.ASK_REBUILD, projection="boats", generation=generation, purpose=purpose)
    return generation


def test_of_each_read_model_one_is_built_beside_at_a_time(boats: str):
    assert rebuild(boats) == 2
    with pytest.raises(errors.UniqueViolation) as refused:
        rebuild(boats, "check")
    assert refused.value.diag.constraint_name == "projection_rebuilds_one"
    asked(boats, statements.CANCEL_REBUILD, projection="boats")
    assert rebuild(boats, "check") == 3


def test_what_is_no_read_model_has_no_next_generation(boats: str):
    assert asked(boats, statements.NEXT_GENERATION, projection="ships") == [(None,)]


def test_only_what_was_replaced_is_dropped(boats: str):
    rebuild(boats)
    asked(boats, statements.DROP_OLD, projection="boats")
    assert asked(boats, "SELECT state FROM projection_rebuilds") == [("requested",)]
    asked(boats, "UPDATE projection_rebuilds SET state = 'switched'")
    asked(boats, statements.DROP_OLD, projection="boats")
    assert asked(boats, "SELECT state FROM projection_rebuilds") == [("dropped",)]


def test_rows_are_made_again_in_every_version_and_in_what_is_being_built(boats: str):
    generation = rebuild(boats)
    asked(boats, statements.ASK_REFOLD, projection="boats", keys=["ana", "bob"])
    rows = "SELECT version, generation, key FROM projection_refolds ORDER BY 1, 2, 3"
    assert asked(boats, rows) == [(version, number, key) for version, number in [(1, 1), (2, 1), (2, generation)] for key in ("ana", "bob")]
    before = asked(boats, "SELECT max(asked) FROM projection_refolds")
    asked(boats, statements.ASK_REFOLD, projection="boats", keys=["ana"])
    assert asked(boats, "SELECT max(asked) FROM projection_refolds") > before
    assert len(asked(boats, rows)) == 6


def test_a_dead_job_is_revived_or_discarded(boats: str):
    put: LiteralString = (
        "INSERT INTO jobs (id, kind, work, event_id, correlation_id, state, attempts, ended_at)"
        " VALUES (%(id)s, 'React', '{}', %(id)s, %(id)s, %(state)s, 9, now())"
    )
    dead, gone, done = uuid4(), uuid4(), uuid4()
    for job, state in [(dead, "dead"), (gone, "dead"), (done, "done")]:
        asked(boats, put, id=job, state=state)
    ((now,),) = asked(boats, "SELECT now()")
    for job in (dead, done):
        asked(boats, statements.REVIVE_JOB, job_id=job, at=now)
    for job in (gone, done):
        asked(boats, statements.DISCARD_JOB, job_id=job, at=now)
    states = {job: (state, attempts) for job, state, attempts in asked(boats, "SELECT id, state, attempts FROM jobs")}
    assert states == {dead: ("due", 0), gone: ("discarded", 9), done: ("done", 9)}


def test_a_parked_reaction_is_asked_for_or_let_go(boats: str):
    put: LiteralString = (
        "INSERT INTO parked_reactions (reader, position, event_id, stream, type, error)"
        " VALUES ('effects', %(position)s, %(id)s, %(id)s, 'toys.BoatBuilt', 'no')"
    )
    for position in (3, 4):
        asked(boats, put, position=position, id=uuid4())
    asked(boats, statements.ASK_REACTION, position=3)
    asked(boats, statements.FORGET_REACTION, position=4)
    assert asked(boats, "SELECT position, retry_at IS NOT NULL FROM parked_reactions") == [(3, True)]


def test_the_service_is_told_to_read_only(boats: str):
    asked(boats, statements.SET_MAINTENANCE, read_only=True, reason="a move")
    assert asked(boats, "SELECT read_only, reason FROM maintenance") == [(True, "a move")]
