from collections.abc import Generator

import pytest

from tests.journeys.town import Person, Town


@pytest.fixture
def town(database: str) -> Generator[Town]:
    opened = Town(database)
    yield opened
    opened.close()


@pytest.fixture
def ada(town: Town) -> Person:
    """The operator, when the read models have begun."""
    town.runner.catch_up()
    return town.admin()


@pytest.fixture
def auditor(town: Town) -> Person:
    auda = town.registered("auda@example.org", "Auda")
    town.admin().post(f"/v1/users/{auda.id}/roles", {"role": "auditor"})
    return town.sign_in("auda@example.org")
