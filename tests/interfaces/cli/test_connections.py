"""Connections to Postgres of those who follow the log are few, and as many as docs/operating.md says, whatever they do."""

import re
from collections import Counter
from collections.abc import Mapping
from threading import Event
from time import monotonic

import psycopg

from infrastructure.operations import statements
from projections.users import profile
from tests.interfaces.cli.shell import ROOT, Shell

OPEN = """
    SELECT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'the test'
    AND backend_type = 'client backend' AND application_name <> ''
"""
"""A connection that is being made has no name yet."""
SERVED = "SELECT generation FROM projection_positions WHERE name = %(projection)s FOR UPDATE"
FOLLOWING = {"tradewind": 4, "tradewind wake": 1, "tradewind bell": 1}
PROJECT = {**FOLLOWING, "tradewind project builder": 1, "tradewind project building": 1, "tradewind project postgres": 1}
AWAY = {"tradewind project redis": 1, "tradewind project opensearch": 1}
"""Of engines that are away: the connection is there while they are tried."""
REACT = {**FOLLOWING, "tradewind seal": 1}


def most(connection: psycopg.Connection, wanted: Mapping[str, int]) -> dict[str, int]:
    """The most connections of each name that there were at a time, until all that are wanted were there or a minute has passed."""
    found, until = Counter[str](), monotonic() + 60
    while monotonic() < until and any(found[name] < count for name, count in wanted.items()):
        found |= Counter(name for (name,) in connection.execute(OPEN).fetchall())
        Event().wait(0.02)
    return dict(found)


def installed(database: str, connection: psycopg.Connection) -> Shell:
    """With nobody connected any more who has made it so."""
    shell, until = Shell(database), monotonic() + 60
    while connection.execute(OPEN).fetchall() and monotonic() < until:
        Event().wait(0.02)
    return shell


def told(role: str) -> int:
    """What operators are told."""
    found = re.search(rf"^\| `{role}` \| (\d+) \|", (ROOT / "docs" / "operating.md").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def test_project_has_one_for_each_engine_and_two_to_build_by(database: str):
    values = {"projection": profile.view.name, "generation": 2, "purpose": "rebuild"}
    with (
        psycopg.connect(database, autocommit=True) as connection,
        psycopg.connect(database, application_name="the test") as other,
        installed(database, connection).started("project"),
    ):
        most(connection, {**FOLLOWING, "tradewind project builder": 1})
        assert other.execute(SERVED, values).fetchall() == [(1,)]  # what is built waits for its switch until it was counted
        connection.execute(statements.ASK_REBUILD, values)
        found = most(connection, {**PROJECT, **AWAY})
        other.rollback()
    assert {name: count for name, count in found.items() if name not in AWAY} == PROJECT
    assert sum({**PROJECT, **AWAY}.values()) == told("project")


def test_react_has_one_to_seal_by(database: str):
    with psycopg.connect(database, autocommit=True) as connection, installed(database, connection).started("react"):
        assert most(connection, REACT) == REACT
    assert sum(REACT.values()) == told("react")
