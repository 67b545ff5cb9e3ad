"""Something that runs until it is told to stop, in a thread of its own."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

PATIENCE = 60.0
"""Seconds within which it has to have ended."""


@contextmanager
def running(run: Callable[[threading.Event], object]) -> Generator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()
