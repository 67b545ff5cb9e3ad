from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.journeys.history.verifier import Verifier
from tests.journeys.town import Town


@pytest.fixture
def seal(town: Town, database: str) -> Callable[[], None]:
    """Closes what there is into a block, however little it is."""

    def now() -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            town.container.sealing.sealer.step(connection, now=True)

    return now


@pytest.fixture
def verifier(tmp_path: Path) -> Verifier:
    return Verifier(tmp_path)
