"""Who is behind takes the log in large batches; who is not takes each event as it comes."""

from contextlib import closing
from typing import Any

import pytest

from infrastructure.projector.runner import Runner
from infrastructure.readstores.postgres import PostgresStore
from tests.fakes.boats import Moored, Painted, boat, boats
from tests.fakes.log import FakeLog

BEHIND = 2_500


@pytest.fixture
def steps() -> list[tuple[int, int]]:
    """Positions that were reached, each with the number of events that led there."""
    return []


@pytest.fixture
def following(database: str, log: FakeLog, steps: list[tuple[int, int]]) -> Any:
    def progress(_: Any, position: int, events: int) -> None:
        steps.append((position, events))

    with closing(Runner([boats], log, database, {"postgres": PostgresStore}, progress=progress)) as runner:
        yield runner


def test_who_is_behind_takes_batches_and_who_is_not_each_event_as_it_comes(following: Runner, log: FakeLog, steps: list[tuple[int, int]]):
    log.add(boat(1), Moored(boat(1), "Aurora"), *[Painted(boat(1), "red")] * (BEHIND - 1))
    following.catch_up()
    assert [events for _, events in steps] == [1000, 1000, 500]
    steps.clear()
    for colour in ("blue", "green", "gold"):
        log.add(boat(1), Painted(boat(1), colour))
        following.catch_up()
    assert [events for _, events in steps] == [1, 1, 1]
