"""One thing at a time, in an order that a seed decides: whoever acts is stopped between any two steps, goes on later, or dies there.

Everything that the simulated world does outside its own memory comes by `Stage.point`. There the baton may go to somebody else, the
clock moves, and faults strike. All chance is of one `random.Random(seed)`, so the same seed tells the same story.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Lock, Thread
from typing import TypeVar

from msgspec import Struct

T = TypeVar("T")

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Killed(BaseException):
    """The process ends at this very point: nothing that it meant to do comes to pass."""


class Died(Exception):
    """To whoever asked something of a process: there is no answer any more."""


class Faults(Struct, frozen=True):
    """How often, of all the points where it could happen, something does."""

    switch: float = 0.3
    crash: float = 0.004
    lost: float = 0.02
    refused: float = 0.01
    disconnected: float = 0.003
    forgotten: float = 0.05
    severed: float = 0.1
    stalled: float = 0.002


NONE = Faults(crash=0, lost=0, refused=0, disconnected=0, forgotten=0, severed=0, stalled=0)


class Process:
    """A process of the service: what it holds in memory ends with it. `born` makes it anew."""

    def __init__(self, name: str, born: Callable[[], None]) -> None:
        self.name = name
        self.life = 0
        self._born = born
        born()

    def die(self) -> None:
        self.life += 1
        self._born()


class Task:
    """Somebody who acts, on a thread of his own that runs only while he has the baton."""

    def __init__(self, name: str, act: Callable[[], object], weight: int) -> None:
        self.name = name
        self.act = act
        self.weight = weight
        self.baton = Lock()
        self.baton.acquire()
        self.waits_for: Callable[[], bool] | None = None
        self.inside: list[tuple[Process, int]] = []
        self.idle = True
        self.over = False
        self.thread: Thread | None = None

    def can_go_on(self) -> bool:
        return self.waits_for is None or self.waits_for() or self.dead()

    def dead(self, depth: int | None = None) -> bool:
        """Whether the process it acts in is no more."""
        return any(process.life != life for process, life in self.inside[:depth])


class Stage:
    """`story` is what has happened, a line for each point."""

    def __init__(self, seed: int, faults: Faults) -> None:
        self.seed = seed
        self.random = Random(seed)  # noqa: S311 - all chance is the seed's
        self.faults = faults
        self.now = NOON
        self.story: list[str] = []
        self.steps = 0
        self.struck = 0
        self.quiet = True
        self.after_step: Callable[[], None] = lambda: None
        self._tasks: list[Task] = []
        self._current: Task | None = None
        self._director = Lock()
        self._director.acquire()
        self._closing = False
        self._cast: Callable[[], Sequence[Task]] = list
        self._failure: BaseException | None = None

    # What the service sees of time

    def clock(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return (self.now - NOON).total_seconds()

    # What happens between two steps

    def point(self, what: str) -> None:
        """Somebody else may act now, and whoever acts may die here."""
        task = self._current
        if task is None:
            return  # the director himself, who sets the scene and looks at the end
        self._alive(task)
        if self.quiet:
            return
        self.told(what)
        self.now += timedelta(milliseconds=1 + self.random.random() * 10)
        if task.inside and self.strikes(self.faults.crash):
            process = task.inside[-1][0]
            self.told(f"{process.name} is killed")
            process.die()
            raise Killed
        if self.strikes(self.faults.stalled):
            later = self.steps + self.random.randint(20, 150)
            self.until(lambda: self.quiet or self.steps >= later, "its machine to go on")
        elif self.random.random() < self.faults.switch:
            self._leave(task)

    def told(self, what: str) -> None:
        self.story.append(f"{self.steps:5d} {self._current.name if self._current else '':10s} {what}")

    def strikes(self, chance: float) -> bool:
        if self.quiet or chance <= 0 or self.random.random() >= chance:
            return False
        self.struck += 1
        return True

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait, while others act, for something that they will bring about."""
        task = self._current
        if task is None or holds():
            if task is None and not holds():
                raise AssertionError(f"nobody will bring about: {what}")
            return
        self.told(f"waits: {what}")
        try:
            while not holds():
                task.waits_for = holds
                self._leave(task)
        finally:
            task.waits_for = None

    def perform(self, process: Process, work: Callable[[], T]) -> T:
        """Do something in a process. Raises `Died` where the process dies of it, or meanwhile."""
        task = self._current
        if task is None:
            return work()
        depth = len(task.inside)
        task.inside.append((process, process.life))
        try:
            return work()
        except Killed:
            if self._closing or task.dead(depth):
                raise
            raise Died(process.name) from None
        finally:
            del task.inside[depth:]

    # The director

    def cast(self, name: str, act: Callable[[], object], weight: int = 1) -> None:
        """`act` is done again and again, a turn at a time; who weighs more gets more of them."""
        self._tasks.append(Task(name, act, weight))

    def play(self, steps: int) -> None:
        """So many times, give the baton to somebody who can use it."""
        last = self.steps + steps

        def cast() -> Sequence[Task]:
            if self.steps == last:
                return ()
            self.steps += 1
            return self._able([task for task in self._tasks if not task.over])

        self.quiet = False
        self._direct(cast)
        self.quiet = True

    def finish(self) -> None:
        """Everybody brings to an end what he is at, and nothing strikes any longer."""
        self.faults = NONE
        self._direct(lambda: self._able([task for task in self._tasks if not task.idle]))

    def close(self) -> None:
        """Nobody acts any longer."""
        self._closing = True
        for task in self._tasks:
            if task.thread is not None and not task.over:
                self._give(task)
                self._director.acquire()
            if task.thread is not None:
                task.thread.join()

    def _able(self, wanted: Sequence[Task]) -> Sequence[Task]:
        found = [task for task in wanted if task.can_go_on()]
        if wanted and not found:
            raise AssertionError(f"everybody waits: {[task.name for task in wanted]}")
        return found

    def _direct(self, cast: Callable[[], Sequence[Task]]) -> None:
        """Who leaves gives the baton to one of `cast` himself, and to the director when there is none, or something has failed."""
        self._cast = cast
        if first := self._next():
            self._give(first)
            self._director.acquire()
            self._current = None
        if self._failure is not None:
            raise self._failure

    def _next(self) -> Task | None:
        try:
            self.after_step()
            found = () if self._closing or self._failure else self._cast()
            return self.random.choices(found, [task.weight for task in found])[0] if found else None
        except BaseException as failure:  # noqa: BLE001 - the director is to know
            self._failure = failure
            return None

    def _give(self, task: Task | None) -> None:
        if task is None:
            self._director.release()
            return
        self._current = task
        if task.thread is None:
            task.thread = Thread(target=self._run, args=(task,), name=task.name, daemon=True)
            task.thread.start()
        task.baton.release()

    def _run(self, task: Task) -> None:
        task.baton.acquire()
        try:
            while not self._closing:
                task.idle = False
                try:
                    task.act()
                except Killed:
                    task.waits_for = None
                    if self._closing:
                        break
                task.idle = True
                self._leave(task)
        except Killed:
            pass
        except BaseException as failure:  # noqa: BLE001 - the director is to know
            self._failure = failure
        task.over = True
        self._give(None)

    def _leave(self, task: Task) -> None:
        chosen = self._next()
        if chosen is not task:
            self._give(chosen)
            task.baton.acquire()
        self._alive(task)

    def _alive(self, task: Task) -> None:
        if self._closing or task.dead():
            raise Killed
