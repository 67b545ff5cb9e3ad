import asyncio
from time import monotonic

import pytest

from infrastructure.projector.runner import Runner
from infrastructure.readstores import positions
from infrastructure.readstores.documents import Pool
from infrastructure.readstores.positions import PostgresPositions
from infrastructure.readstores.postgres import PostgresStore
from projections.ports import Unavailable
from tests.fakes.boats import Moored, boat, boats, paintings
from tests.fakes.log import FakeLog


@pytest.fixture
def waiting(pool: Pool) -> PostgresPositions:
    return PostgresPositions(pool, [boats, paintings])


def test_whoever_waits_is_let_go_when_the_read_model_gets_there(database: str, waiting: PostgresPositions):
    log = FakeLog()
    position = log.add(boat(1), Moored(boat(1), "Aurora"))
    runner = Runner([boats, paintings], log, database, {"postgres": PostgresStore})

    async def read_own_writes() -> list[bool]:
        early = [asyncio.create_task(waiting.wait_for(name, position, 10)) for name in ("boats", paintings.name, "boats")]
        await asyncio.sleep(0)
        assert not any(task.done() for task in early)
        await asyncio.to_thread(runner.catch_up)
        return [*await asyncio.gather(*early), await waiting.wait_for("boats", position, 0)]

    assert asyncio.run(read_own_writes()) == [True] * 4
    runner.close()


def test_waiting_ends_in_time(waiting: PostgresPositions):
    began = monotonic()
    assert asyncio.run(waiting.wait_for("boats", 10, 0.1)) is False
    assert monotonic() - began < 1


def test_many_who_wait_cost_one_look_at_a_time(waiting: PostgresPositions, monkeypatch: pytest.MonkeyPatch):
    looks: list[int] = []
    monkeypatch.setattr(positions, "positions", lambda *_: looks.append(1) or [0, 0])

    async def crowd() -> None:
        await asyncio.gather(*(waiting.wait_for("boats", 5, 0.2) for _ in range(200)))

    asyncio.run(crowd())
    assert 0 < len(looks) <= 21


def test_a_lost_database_is_told_to_those_who_wait(waiting: PostgresPositions, pool: Pool):
    pool.close()
    with pytest.raises(Unavailable):
        asyncio.run(waiting.wait_for("boats", 10, 5))
