"""Who is killed, and when: drawn from a seed, each in turn before anybody again."""

import signal
import time
from collections.abc import Callable, Iterator
from random import Random

import psutil

ROLES = ("serve", "project", "react", "work")
ENGINES = {"postgres": "postgres", "redis": "redis-server", "opensearch": "java"}
VICTIMS = (*ROLES, *ENGINES)
PATIENCE = 90.0
"""Seconds within which whoever was killed is there again."""


def turns(random: Random) -> Iterator[str]:
    while True:
        yield from random.sample(VICTIMS, len(VICTIMS))


class Killer:
    """Of the children of one `run.py`; `killed` tells who died, after how many seconds."""

    def __init__(self, parent: int, seed: int) -> None:
        self._parent = psutil.Process(parent)
        self._random = Random(seed)  # noqa: S311 - to be drawn again the same
        self._began = time.monotonic()
        self.killed: list[tuple[float, str]] = []

    def strike(self, times: int, report: Callable[[str], None]) -> None:
        for _, victim in zip(range(times), turns(self._random), strict=False):
            time.sleep(self._random.uniform(0.5, 2.5))
            self.find(victim).send_signal(signal.SIGKILL)
            self.killed.append((round(time.monotonic() - self._began, 1), victim))
            report(f"{len(self.killed)} of {times}: {victim} was killed")

    def find(self, victim: str) -> psutil.Process:
        """Waits for one that is only just starting again."""
        deadline = time.monotonic() + PATIENCE
        while True:
            for child in self._parent.children(recursive=False):
                try:
                    if self._is(child, victim):
                        return child
                except psutil.NoSuchProcess:
                    continue
            if time.monotonic() > deadline:
                raise TimeoutError(f"{victim} did not come back; killed so far: {self.killed}")
            time.sleep(0.1)

    def _is(self, child: psutil.Process, victim: str) -> bool:
        if child.status() == psutil.STATUS_ZOMBIE:
            return False
        if victim in ROLES:
            return child.cmdline()[-1:] == [victim]
        return child.name() == ENGINES[victim]
