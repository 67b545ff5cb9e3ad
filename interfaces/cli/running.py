"""What every long-running role has: settings, a log, its parts, and an event that is set when it is told to stop."""

import gc
import os
import signal
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from msgspec.structs import replace

from infrastructure import logging
from infrastructure.container import Container
from infrastructure.eventlog import forms
from infrastructure.settings import Settings, load
from interfaces.cli.attached import attached


@contextmanager
def reaching(environ: dict[str, str] | None = None) -> Generator[Settings]:
    """Settings with a database: the one that is set, or that of the `run.py` over the same data directory, or one of its own."""
    environ = dict(os.environ) if environ is None else environ
    settings = load(environ)
    with ExitStack() as stack:
        yield settings if settings.database_url else stack.enter_context(attached(environ))


FOLLOWING = 4
"""Connections that are shared by the threads of a process that only follows the log: each reads for a moment."""


@contextmanager
def running(at_most: int | None = None) -> Generator[tuple[Container, threading.Event]]:
    """`at_most` so many connections are shared by its threads, where that is less than the settings say."""
    stop = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stop.set())
    with reaching() as settings:
        logging.configure(settings)
        shared = min(settings.pool_size, at_most or settings.pool_size)
        with Container(replace(settings, pool_size=shared), stop=stop) as container:
            forms.check(container.pool, container.log.history.mapper)
            spare_collections()
            yield container, stop


def spare_collections() -> None:
    """For who reads many events: each brings some dozen objects, in which there are no cycles to be looked for.

    What is there now stays, and new things are looked through by the twenty thousand: to read an event then takes a quarter of the
    time, `run.py bench reading`.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
