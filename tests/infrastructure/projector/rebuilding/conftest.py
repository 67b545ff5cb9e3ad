from collections.abc import Iterator

import pytest

from tests.fakes.boats import Greeted, Left, Moored, Painted, boat
from tests.fakes.log import FakeLog
from tests.infrastructure.projector.harbours import Harbour
from tests.infrastructure.projector.rebuilding.yard import Yard


@pytest.fixture
def yard(harbour: Harbour, log: FakeLog) -> Iterator[Yard]:
    """A harbour of six boats of which one has left, its read model up to date and at work."""
    for number in range(6):
        log.add(boat(number), Moored(boat(number), f"boat {number}"), Painted(boat(number), "red"), Greeted())
    log.add(boat(5), Left(boat(5)))
    with Yard(harbour, log) as opened:
        opened.caught_up()
        yield opened
