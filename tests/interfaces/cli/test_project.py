"""Read models are listed, rebuilt and compared from a terminal, by a `project` that runs."""

from collections.abc import Generator
from threading import Event
from time import monotonic

import psycopg
import pytest

from projections.users import profile
from tests.interfaces.cli.shell import Shell


@pytest.fixture
def shell(database: str) -> Generator[Shell]:
    """Read models of people that a worker keeps; Redis and OpenSearch are away."""
    shell = Shell(database)
    with shell.started("project"), psycopg.connect(database, autocommit=True) as connection:
        until = monotonic() + 60
        while not connection.execute("SELECT FROM projection_positions WHERE name = %s", [profile.view.name]).fetchall():
            assert monotonic() < until, "the worker has not begun"
            Event().wait(0.05)
        yield shell


def test_a_read_model_is_compared_and_rebuilt_and_shows_how_it_stands(shell: Shell, database: str):
    assert shell.said("project", "rebuild", "user_profile") == "user_profile: generation 2 is served\n"
    assert "no differences" in shell.said("project", "check", "user_profile")
    with psycopg.connect(database) as connection:
        connection.execute(f"""UPDATE {profile.view.table} SET document = replace(document::text, '"name"', '"nom"')::json""".encode())
    compared = shell("project", "check", "user_profile")
    assert compared.returncode == 1
    assert "Not what the log says: user_profile" in compared.stderr
    assert ": differs name, nom" in compared.stdout
    shown = {line.split()[0]: line for line in shell.said("project", "list").splitlines()}
    assert "generation 2" in shown["user_profile"]
    assert "what was replaced is kept" in shown["user_profile"]


def test_what_is_no_read_model_is_refused(shell: Shell):
    refused = shell("project", "check", "nothing")
    assert refused.returncode == 1
    assert "projection_not_found" in refused.stderr
