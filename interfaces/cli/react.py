"""The role `react`: follows the log and writes down what it owes."""

import os
import signal
import threading


def react() -> None:
    """Write down jobs as events fall due, until told to stop; many may run, one of them leads."""
    from infrastructure import logging
    from infrastructure.container import Container
    from infrastructure.eventlog.wake import Waker
    from infrastructure.settings import load

    settings = load(os.environ)
    logging.configure(settings)
    stop = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stop.set())
    with Container(settings) as container, Waker(settings.database_url) as waker:
        container.reactor.run(stop, waker.wait)
