"""The simulation finds what it is there for: each of these mistakes shows only where something goes wrong at the wrong moment."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid5

import pytest
from msgspec.structs import replace

from application.effects import job
from application.handler import NO_COMMAND
from application.jobs import react
from application.jobs.keep_snapshot import KeepSnapshot
from application.payments.calls import Calls
from application.ports import Snapshot
from domain.groups.passes import hand_over
from infrastructure.jobs.queue import Taken, put
from infrastructure.jobs.worker import Worker
from infrastructure.reactor.reactor import Reactor
from infrastructure.readstores.postgres import PostgresStore, in_postgres
from infrastructure.readstores.store import Parked, Step
from projections.view import Projection
from tests.simulation.engines.log import SimulatedLog
from tests.simulation.simulate import simulate

Mistake = Callable[[pytest.MonkeyPatch], None]

WITHIN = 60
"""Seeds in which a mistake must be found."""


def reading_past_open_appends(patch: pytest.MonkeyPatch) -> None:
    """Skips a position: that of an append which is slower than the next one."""
    patch.setattr(SimulatedLog, "stable", lambda log: log.last)


def moving_one_too_far(patch: pytest.MonkeyPatch) -> None:
    """Skips a position: the one after each batch."""
    reactor: Any = Reactor
    write = reactor._write
    patch.setattr(Reactor, "_write", lambda self, cursor, at, batch: write(self, cursor, at, replace(batch, upto=batch.upto + 1)))


def ending_jobs_first(patch: pytest.MonkeyPatch) -> None:
    """Acknowledges before it writes: a worker that dies in between has done nothing."""

    def finish(self: Any, job: Taken) -> None:
        self._end(job, "done")
        with suppress(Exception):
            self._do(job)

    patch.setattr(Worker, "_finish", finish)


def moving_before_writing(patch: pytest.MonkeyPatch) -> None:
    """Acknowledges before it writes: position and rows are in two transactions."""

    def apply(self: Any, projection: Projection, step: Step) -> Sequence[Parked]:
        self.advance([projection], step.after, step.upto)
        with self._taking():
            return self._take(in_postgres(projection), step)

    patch.setattr(PostgresStore, "apply", apply)
    patch.delattr(PostgresStore, "take_together", raising=False)


def owing_after_moving(patch: pytest.MonkeyPatch) -> None:
    """Acknowledges before it writes: jobs are put when the position has moved."""
    step: Any = Reactor.step

    def behind(self: Any) -> Any:
        owed: list[Any] = []
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr("infrastructure.reactor.reactor.put", lambda _cursor, jobs: owed.extend(jobs))
            done = step(self)
        with self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            put(cursor, owed)
        return done

    patch.setattr(Reactor, "step", behind)


def giving_commands_twice(patch: pytest.MonkeyPatch) -> None:
    """Applies twice: whoever does a job again gives its commands by other ids."""
    first, given = react.command_id, set[UUID]()

    def another(event_id: UUID, reaction: str, ordinal: int) -> UUID:
        id = first(event_id, reaction, ordinal)
        while id in given:
            id = uuid5(id, "again")
        given.add(id)
        return id

    patch.setattr(react, "command_id", another)


def writing_before_moving(patch: pytest.MonkeyPatch) -> None:
    """Applies twice: rows are kept in a transaction before that of the position, and come again where a worker died in between."""

    def apply(self: Any, projection: Projection, step: Step) -> Sequence[Parked]:
        with self._taking():
            parked = self._take(in_postgres(projection), step)
        self.advance([projection], step.after, step.upto)
        return parked

    patch.setattr(PostgresStore, "apply", apply)
    patch.delattr(PostgresStore, "take_together", raising=False)


def charging_by_a_new_key(patch: pytest.MonkeyPatch) -> None:
    """A provider whose answer was lost is asked again under another key."""
    calls: Any = Calls
    charge = calls._charge
    patch.setattr(Calls, "_charge", lambda self, *of: replace(made := charge(self, *of), key=f"{made.key} {self._clock()}"))


def handing_out_without_counting(patch: pytest.MonkeyPatch) -> None:
    """The second counter does not see what the first has handed out."""
    redeemed: Any = hand_over.redeemed
    patch.setattr(hand_over, "redeemed", lambda command, held: redeemed(command, replace(held, left=held.issued.quantity)))


def deciding_a_command_anew(patch: pytest.MonkeyPatch) -> None:
    """A command whose answer was lost is not known when it comes again."""
    load: Any = SimulatedLog.load
    patch.setattr(SimulatedLog, "load", lambda *given, **named: replace(load(*given, **named), before=[]))


def keeping_an_old_state_as_a_new_one(patch: pytest.MonkeyPatch) -> None:
    """A snapshot lacks the last event of those that it stands for."""

    def call(self: Any, work: job.KeepSnapshot) -> None:
        history = self._log.load([work.stream], NO_COMMAND).streams[work.stream]
        decider = self._deciders[work.kind]
        self._log.keep(work.stream, Snapshot(work.kind, history[-1].version, decider.fold(each.event for each in history[:-1])))

    patch.setattr(KeepSnapshot, "__call__", call)


MISTAKES = [
    (reading_past_open_appends, "was past"),
    (moving_one_too_far, "was past|which is lost"),
    (ending_jobs_first, "has not run|with 0 letters|is neither|comes to no end|the provider has"),
    (moving_before_writing, "differs from a rebuild"),
    (owing_after_moving, "which is lost"),
    (giving_commands_twice, "has not run"),
    (writing_before_moving, "differs from a rebuild|could not take"),
    (charging_by_a_new_key, "the provider has taken"),
    (handing_out_without_counting, "were handed out of"),
    (deciding_a_command_anew, "though it ran|never answered|was answered as"),
    (keeping_an_old_state_as_a_new_one, "of stock comes after"),
]


@pytest.mark.parametrize(("plant", "found"), [pytest.param(*each, id=each[0].__name__) for each in MISTAKES])
def test_a_planted_mistake_is_found(plant: Mistake, found: str, monkeypatch: pytest.MonkeyPatch):
    plant(monkeypatch)
    for seed in range(WITHIN):
        if broken := simulate(seed).broken:
            assert re.search(found, broken), broken
            return
    pytest.fail(f"not found in {WITHIN} seeds")
