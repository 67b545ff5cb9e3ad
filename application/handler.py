"""Load, decide, append: the one path by which any command changes anything."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any
from uuid import UUID

import structlog
from msgspec import Struct

from application.ports import Change, Conflict, EventLog, Loaded, Meta, Result, Row, StaleVersion, Unavailable
from domain.decider import Decider
from domain.values import Value

ATTEMPTS = 16
"""How often a command is decided anew when others append to its stream at the same time."""

logger = structlog.get_logger(__name__)


class Appended(Struct, frozen=True):
    """What a command did to one stream; `state` is the state right after it, `replayed` says that it had run before."""

    stream: UUID
    version: int
    position: int
    state: Any
    decider: Decider[Any, Any, Any]
    replayed: bool = False


class Handler:
    """Runs any command of the given deciders against the log."""

    def __init__(self, log: EventLog, deciders: Iterable[Decider[Any, Any, Any]]) -> None:
        self.log = log
        self.deciders: Mapping[type[Value], Decider[Any, Any, Any]] = {
            command: decider for decider in deciders for command in decider.commands
        }

    def __call__(
        self, stream: UUID, command: Value, meta: Meta, expected: int | None = None, rows: Sequence[Row] = ()
    ) -> Appended:
        """Return version, position and state after the command.

        Decides again on a conflict unless the caller pinned the version with `expected`. The same command id again gives the
        first result. Raises `domain.decider.Rejected`, `StaleVersion`, `CommandReused`, `Unavailable`.
        """
        return self.together([(stream, command)], meta, expected, rows)[0]

    def state(self, stream: UUID, decider: Decider[Any, Any, Any], meta: Meta) -> Any:
        """A stream's present state, for commands that must look something up before they are given."""
        return decider.fold(each.event for each in self.log.load([stream], meta.command_id).streams[stream])

    def together(
        self,
        commands: Sequence[tuple[UUID, Value]],
        meta: Meta,
        expected: int | None = None,
        rows: Sequence[Row] = (),
    ) -> list[Appended]:
        """Run commands on several streams: all or none, the first rejection ends them all. `expected` is of the first stream."""
        contended = sorted(stream for stream, command in commands if self.deciders[type(command)].contended)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.log.locked(contended) if contended else nullcontext(self.log) as log:
                    return self._once(log, commands, meta, expected, rows)
            except (Conflict, Unavailable) as reason:
                # After a lost answer the next load tells whether the command ran.
                logger.info("command decided again", attempt=attempt, reason=type(reason).__name__)
                if attempt == ATTEMPTS or (isinstance(reason, Unavailable) and attempt > 1):
                    raise
        raise AssertionError

    def _once(
        self,
        log: EventLog,
        commands: Sequence[tuple[UUID, Value]],
        meta: Meta,
        expected: int | None,
        rows: Sequence[Row],
    ) -> list[Appended]:
        loaded = log.load([stream for stream, _ in commands], meta.command_id, meta.fingerprint)
        if loaded.before:
            return self._replayed(commands, loaded)
        changes: list[Change] = []
        states: list[Any] = []
        for stream, command in commands:
            decider = self.deciders[type(command)]
            history = loaded.streams[stream]
            version = history[-1].version if history else 0
            if expected is not None and not changes and version != expected:
                raise StaleVersion(expected, version)
            state = decider.fold(each.event for each in history)
            events = decider.decide(command, state)
            changes.append(Change(stream, decider, version, events))
            states.append(decider.fold(events, state))
        if not any(change.events for change in changes):
            rows = ()  # already so: nothing beside the log may change either
        results = log.append(changes, meta, rows)
        return [
            Appended(result.stream, result.version, result.position, state, change.decider)
            for result, state, change in zip(results, states, changes, strict=True)
        ]

    def _replayed(self, commands: Sequence[tuple[UUID, Value]], loaded: Loaded) -> list[Appended]:
        answers: list[Appended] = []
        for result, (_, command) in zip(loaded.before, commands, strict=True):
            decider = self.deciders[type(command)]
            then = (each.event for each in loaded.streams.get(result.stream, ()) if each.version <= result.version)
            answers.append(Appended(result.stream, result.version, result.position, decider.fold(then), decider, replayed=True))
        return answers


