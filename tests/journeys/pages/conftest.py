"""A town that is served over the network, so that a browser can visit it."""

from collections.abc import Generator

import pytest

from tests.journeys.live import Live
from tests.journeys.pages.chromium import Chromium, chromium
from tests.journeys.pages.visitor import Visitor, visiting
from tests.journeys.town import Town


@pytest.fixture(scope="session")
def browser() -> Chromium:
    return chromium()


@pytest.fixture
def served(database: str) -> Generator[Live]:
    running = Live(database, TRADEWIND_EMBEDDED="1")  # as on somebody's own machine, where the mailbox is open
    running.start("serve")
    try:
        running.await_serving()
        yield running
    finally:
        running.stop("serve")


@pytest.fixture
def town(database: str, served: Live) -> Generator[Town]:
    """Does for the served one what its worker and projector would."""
    found = Town(database, site=served.url)
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def visitor(browser: Chromium, served: Live) -> Generator[Visitor]:
    with visiting(browser, served.url) as found:
        yield found
