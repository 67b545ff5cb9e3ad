"""The role `project`: follows the log and keeps the read models."""

import os
import signal
import threading


def project() -> None:
    """Keep the read models up with the log, until told to stop; many may run, one of them works on each read model."""
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
        container.runner.run(stop, waker.wait)
