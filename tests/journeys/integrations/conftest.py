from collections.abc import Generator

import pytest

from tests.journeys.integrations.harbour import People, Service
from tests.journeys.town import Person, Town


@pytest.fixture
def town(database: str) -> Generator[Town]:
    opened = Town(database)
    opened.runner.catch_up()
    yield opened
    opened.close()


@pytest.fixture
def ada(town: Town) -> Person:
    return town.admin()


@pytest.fixture
def books(town: Town) -> Service:
    """A service with a key for feeds."""
    return Service.made(town, "Books")


@pytest.fixture
def people(town: Town) -> People:
    return People(town)
