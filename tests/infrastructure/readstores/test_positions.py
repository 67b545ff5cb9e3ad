"""Whoever waits for a read model is let go as soon as it is there, by being told, and by looking where nobody tells."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

import psycopg
import pytest

from infrastructure.projector.runner import Runner
from infrastructure.readstores import positions
from infrastructure.readstores.documents import Pool
from infrastructure.readstores.positions import PostgresPositions
from infrastructure.readstores.postgres import PostgresStore
from projections.ports import Unavailable
from tests.fakes.boats import Moored, boat, boats, paintings
from tests.fakes.log import FakeLog

MINE = "application_name = 'tradewind positions' AND datname = current_database()"
LISTENING = f"SELECT pid FROM pg_stat_activity WHERE {MINE} AND state = 'idle'"
KILL = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {MINE}"
MOVE = "INSERT INTO projection_positions (name, version, position) VALUES ('boats', 1, 7)"
"""Nobody tells of it."""


@pytest.fixture
def waiting(pool: Pool) -> PostgresPositions:
    return PostgresPositions(pool, [boats, paintings])


@pytest.fixture
def never_looking(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(positions, "POLL", 3600.0)


async def until_it_listens(database: str) -> None:
    """Until somebody's connection waits for notices."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        async with asyncio.timeout(10):
            while not await (await connection.execute(LISTENING)).fetchone():  # noqa: ASYNC110 - Postgres tells of no such event
                await asyncio.sleep(0.01)


def while_waiting(waiting: PostgresPositions, database: str, happens: Callable[[], Awaitable[Any]], position: int = 7) -> bool:
    """What becomes of somebody who waits for the position, when this happens meanwhile."""

    async def scene() -> bool:
        early = asyncio.create_task(waiting.wait_for("boats", position, 10))
        await until_it_listens(database)
        assert not early.done()
        await happens()
        return await early

    return asyncio.run(scene())


@pytest.mark.usefixtures("never_looking")
def test_whoever_waits_is_let_go_when_the_read_model_gets_there(database: str, waiting: PostgresPositions):
    log = FakeLog()
    position = log.add(boat(1), Moored(boat(1), "Aurora"))
    runner = Runner([boats, paintings], log, database, {"postgres": PostgresStore})

    async def read_own_writes() -> list[bool]:
        early = [asyncio.create_task(waiting.wait_for(name, position, 10)) for name in ("boats", paintings.name, "boats")]
        await until_it_listens(database)
        assert not any(task.done() for task in early)
        await asyncio.to_thread(runner.catch_up)
        return [*await asyncio.gather(*early), await waiting.wait_for("boats", position, 0)]

    assert asyncio.run(read_own_writes()) == [True] * 4
    runner.close()


def test_where_nobody_tells_they_look(database: str, waiting: PostgresPositions):
    async def moved() -> None:
        await asyncio.to_thread(execute, database, MOVE)

    assert while_waiting(waiting, database, moved)


@pytest.mark.usefixtures("never_looking")
def test_what_moves_just_after_a_look_is_not_missed(database: str, waiting: PostgresPositions, monkeypatch: pytest.MonkeyPatch):
    read = PostgresPositions._read  # pyright: ignore[reportPrivateUsage] - there is no other way between the two

    async def then_move(self: PostgresPositions, connection: Any) -> Any:
        found = await read(self, connection)
        if not found["boats"]:
            await asyncio.to_thread(execute, database, MOVE, f"NOTIFY {positions.CHANNEL}")
        return found

    monkeypatch.setattr(PostgresPositions, "_read", then_move)
    assert asyncio.run(waiting.wait_for("boats", 7, 10))


@pytest.mark.usefixtures("never_looking")
def test_a_lost_connection_is_made_again_and_what_was_missed_is_looked_for(database: str, waiting: PostgresPositions):
    async def moved_while_nobody_listened() -> None:
        await asyncio.to_thread(execute, database, MOVE, KILL)

    assert while_waiting(waiting, database, moved_while_nobody_listened)


def test_waiting_ends_in_time(waiting: PostgresPositions):
    began = monotonic()
    assert asyncio.run(waiting.wait_for("boats", 10, 0.1)) is False
    assert monotonic() - began < 5


def test_many_who_wait_cost_one_look_and_one_connection(waiting: PostgresPositions, database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(positions, "POLL", 0.05)
    looks: list[int] = []
    listening: list[Any] = []

    async def look(_self: PostgresPositions, _connection: Any) -> Any:
        looks.append(1)
        return {"boats": 0, "paintings": 0}

    monkeypatch.setattr(PostgresPositions, "_read", look)

    async def crowd() -> None:
        waits = [asyncio.create_task(waiting.wait_for("boats", 5, 1)) for _ in range(200)]
        await until_it_listens(database)
        listening.extend(await asyncio.to_thread(execute, database, LISTENING))
        await asyncio.gather(*waits)

    asyncio.run(crowd())
    assert len(listening) == 1
    assert 0 < len(looks) <= 21


def test_a_lost_database_is_told_to_those_who_wait(pool: Pool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pool, "conninfo", "postgresql://nobody@127.0.0.1:1/nowhere")
    with pytest.raises(Unavailable):
        asyncio.run(PostgresPositions(pool, [boats]).wait_for("boats", 10, 5))


def execute(database: str, *statements: str) -> list[Any]:
    with psycopg.connect(database, autocommit=True) as connection:
        for each in statements[:-1]:
            connection.execute(each.encode())
        last = connection.execute(statements[-1].encode())
        return last.fetchall() if last.description else []
