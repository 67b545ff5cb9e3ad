import pytest

from tests.journeys.town import Person, Town


@pytest.fixture
def ada(town: Town) -> Person:
    """The operator, when the read models have begun."""
    town.runner.catch_up()
    return town.admin()
