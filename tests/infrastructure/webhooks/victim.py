"""A worker in a process of its own, for a test to kill."""

from threading import Event

from infrastructure.postgres import open_pool
from infrastructure.webhooks.sending import Sending
from tests.infrastructure.webhooks.dock import Dock
from tests.infrastructure.webhooks.test_sending import by_http


def send(database: str) -> None:
    with open_pool(database, 4) as pool:
        dock = Dock(pool)
        stop = Event()
        Sending(dock.following, dock.deliveries, by_http(dock)).run(stop, stop.wait)
