"""A town for whoever asks for one, a market where something is on sale, and somebody who may look into history."""

from collections.abc import Generator

import pytest

from tests.journeys.market import Market, opened
from tests.journeys.town import Person, Town

AUDITOR = "auda@example.org"


@pytest.fixture
def town(database: str) -> Generator[Town]:
    """Nothing is projected in it until somebody looks."""
    opened = Town(database)
    yield opened
    opened.close()


@pytest.fixture
def market(database: str) -> Generator[Market]:
    with opened(database) as found:
        yield found


@pytest.fixture
def auditor(town: Town) -> Person:
    auda = town.registered(AUDITOR, "Auda")
    town.admin().post(f"/v1/users/{auda.id}/roles", {"role": "auditor"})
    return town.sign_in(AUDITOR)
