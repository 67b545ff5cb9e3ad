"""Load, decide, append: the one path by which any command changes anything."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, TypeVar
from uuid import UUID

import structlog
from msgspec import Struct

from application.memory import Memory
from application.ports import ANY_VERSION, Change, Conflict, EventLog, Loaded, Meta, Row, Snapshot, StaleVersion, Unavailable
from domain.decider import Decider, Rejected
from domain.values import Value

ATTEMPTS = 16
"""How often a command is decided anew when others append to its stream at the same time."""

NO_COMMAND = UUID(int=0)

S = TypeVar("S")

logger = structlog.get_logger(__name__)

Given = Sequence[tuple[UUID, Value]]
"""Commands with the streams they are for; several for one stream are decided one after the other."""


class Appended(Struct, frozen=True):
    """What commands did to one stream; `state` is the state right after them, `replayed` says that they had run before."""

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
        self.memory = Memory()
        self.deciders: Mapping[type[Value], Decider[Any, Any, Any]] = {
            command: decider for decider in deciders for command in decider.commands
        }

    def __call__(self, stream: UUID, command: Value, meta: Meta, expected: int | None = None, rows: Sequence[Row] = ()) -> Appended:
        """Return version, position and state after the command.

        Decides again on a conflict unless the caller pinned the version with `expected` (`ANY_VERSION`: that there is one). The same
        command id again gives the first result. Raises `domain.decider.Rejected`, `StaleVersion`, `CommandReused`, `Unavailable`.
        """
        return self.together([(stream, command)], meta, expected, rows)[0]

    def state(self, stream: UUID, decider: Decider[Any, Any, S]) -> S:
        """A stream's present state, for commands that must look something up before they are given."""
        return self.states([(stream, decider)])[stream]

    def states(self, wanted: Sequence[tuple[UUID, Decider[Any, Any, Any]]]) -> dict[UUID, Any]:
        """The present states of many streams, in one statement. `…_not_found` where an id is that of another kind of thing."""
        known, kinds = self._known(wanted), snapshotted(decider for _, decider in wanted)
        loaded = self.log.load([stream for stream, _ in wanted], NO_COMMAND, kinds=kinds, known=known)
        found = {stream: decision_on(loaded, stream, decider) for stream, decider in wanted}
        for each in found.values():
            if each.decider.contended and each.version:
                self.memory.keep(each.stream, each.decider, each.version, each.state)
        return {stream: each.state for stream, each in found.items()}

    def together(self, commands: Given, meta: Meta, expected: int | None = None, rows: Sequence[Row] = ()) -> list[Appended]:
        """Run commands on several streams: all or none, the first rejection ends them all and names its stream.

        `expected` is the version of the first stream. The answer has one entry per stream, in order of first mention.
        """
        contended = sorted({stream for stream, command in commands if self.deciders[type(command)].contended})
        for attempt in range(1, ATTEMPTS + 1):
            try:
                if attempt == 1 and not contended and (done := self._from_memory(commands, meta, expected, rows)):
                    return done
                with self.log.locked(contended) if contended else nullcontext(self.log) as log:
                    done = self._once(log, commands, meta, expected, rows)
                return self._remembering(done)
            except (Conflict, Unavailable) as reason:
                # After a lost answer the next load tells whether the command ran.
                logger.info("command decided again", attempt=attempt, reason=type(reason).__name__)
                for stream, _ in commands:
                    self.memory.forget(stream)
                if attempt == ATTEMPTS or (isinstance(reason, Unavailable) and attempt > 1):
                    raise
        raise AssertionError

    def before(self, meta: Meta, *deciders: Decider[Any, Any, Any]) -> list[Appended]:
        """What the command came to when it ran before, by stream in its order; empty where it did not.

        For commands that look something up first, which may be otherwise by now.
        """
        return replayed(self.log.load([], meta.command_id, meta.fingerprint, snapshotted(deciders)), deciders)

    def _from_memory(self, commands: Given, meta: Meta, expected: int | None, rows: Sequence[Row]) -> list[Appended] | None:
        """Decide on remembered states and append at once. The append holds only if no stream has moved on and the command is new.

        None where the log has to be asked: only it may refuse a command, or say that nothing is to be done.
        """
        begun: dict[UUID, Decision] = {}
        for stream, command in commands:
            decider = self.deciders[type(command)]
            known = self.memory.recall(stream, decider)
            if known is None:
                return None
            begun[stream] = Decision(stream, decider, known.version, known.state)
        if expected is not None and not fits(expected, begun[commands[0][0]].version):
            return None
        try:
            decided = decided_on(begun, commands)
        except Rejected:
            return None
        if not all(each.events for each in decided.values()):
            return None
        return self._remembering(self._appended(self.log, decided, meta, rows))

    def _once(self, log: EventLog, commands: Given, meta: Meta, expected: int | None, rows: Sequence[Row]) -> list[Appended]:
        first = commands[0][0]
        wanted = {stream: self.deciders[type(command)] for stream, command in reversed(commands)}
        loaded = log.load(list(wanted), meta.command_id, meta.fingerprint, snapshotted(wanted.values()), self._known(wanted.items()))
        if loaded.before:
            return self._replayed(commands, loaded)
        if expected is not None and not fits(expected, actual := version_of(loaded, first)):
            raise StaleVersion(expected, actual)
        begun = {stream: decision_on(loaded, stream, decider) for stream, decider in wanted.items()}
        decided = decided_on(begun, commands)
        if not any(decision.events for decision in decided.values()):
            rows = ()  # already so: nothing beside the log may change either
        return self._appended(log, decided, meta, rows)

    def _known(self, wanted: Iterable[tuple[UUID, Decider[Any, Any, Any]]]) -> Mapping[UUID, Snapshot]:
        """What is remembered of contended streams: all that many do at once is loaded by one of them, and by the others what came since."""
        return {
            stream: Snapshot(decider.name, each.version, each.state)
            for stream, decider in wanted
            if decider.contended and (each := self.memory.recall(stream, decider))
        }

    def _appended(self, log: EventLog, decided: Mapping[UUID, "Decision"], meta: Meta, rows: Sequence[Row]) -> list[Appended]:
        results = log.append([decision.change for decision in decided.values()], meta, rows)
        return [
            Appended(result.stream, result.version, result.position, decision.state, decision.decider)
            for result, decision in zip(results, decided.values(), strict=True)
        ]

    def _remembering(self, done: list[Appended]) -> list[Appended]:
        """Called when all is committed: what was only decided is no one's history."""
        for each in done:
            if not each.replayed:
                self.memory.keep(each.stream, each.decider, each.version, each.state)
        return done

    def _replayed(self, commands: Given, loaded: Loaded) -> list[Appended]:
        # A repeated creation proposes another new id: kinds are matched to results by order, not by stream. What was looked up
        # behind the first stream may be more or less by now, such as the open sessions that a new password ended.
        deciders = {stream: self.deciders[type(command)] for stream, command in reversed(commands)}
        ordered = [deciders[stream] for stream in dict.fromkeys(stream for stream, _ in commands)]
        return replayed(loaded, ordered)


def replayed(loaded: Loaded, deciders: Sequence[Decider[Any, Any, Any]]) -> list[Appended]:
    """The streams of an earlier run as they were then; kinds are matched to results by order."""
    answers: list[Appended] = []
    for result, decider in zip(loaded.before, deciders, strict=False):
        then = (each.event for each in loaded.streams.get(result.stream, ()) if each.version <= result.version)
        begun = loaded.snapshots.get(result.stream)
        state = decider.fold(then, begun.state if begun else None)
        answers.append(Appended(result.stream, result.version, result.position, state, decider, replayed=True))
    return answers


class Decision(Struct, frozen=True):
    """What has been decided on one stream so far, and the state it leads to."""

    stream: UUID
    decider: Decider[Any, Any, Any]
    version: int
    state: Any
    events: Sequence[Value] = ()

    def after(self, command: Value) -> "Decision":
        try:
            events = self.decider.decide(command, self.state)
        except Rejected as rejected:
            rejected.stream = self.stream
            raise
        return Decision(self.stream, self.decider, self.version, self.decider.fold(events, self.state), [*self.events, *events])

    @property
    def change(self) -> Change:
        return Change(self.stream, self.decider, self.version, self.events)


def fits(expected: int, actual: int) -> bool:
    return actual > 0 if expected == ANY_VERSION else actual == expected


def decided_on(begun: Mapping[UUID, Decision], commands: Given) -> Mapping[UUID, Decision]:
    """Every command decided in turn, the streams in order of first mention; the first rejection names its stream."""
    decided: dict[UUID, Decision] = {}
    for stream, command in commands:
        decided[stream] = (decided.get(stream) or begun[stream]).after(command)
    return decided


def decision_on(loaded: Loaded, stream: UUID, decider: Decider[Any, Any, Any]) -> Decision:
    """The stream as it is; `…_not_found` where the id is that of another kind of thing."""
    history, begun = loaded.streams[stream], loaded.snapshots.get(stream)
    if (history and type(history[0].event) not in decider.events) or (begun and begun.kind != decider.name):
        raise Rejected(f"{decider.name}_not_found")
    state = decider.fold((each.event for each in history), begun.state if begun else None)
    return Decision(stream, decider, version_of(loaded, stream), state)


def version_of(loaded: Loaded, stream: UUID) -> int:
    history, begun = loaded.streams[stream], loaded.snapshots.get(stream)
    return history[-1].version if history else begun.version if begun else 0


def snapshotted(deciders: Iterable[Decider[Any, Any, Any]]) -> list[str]:
    """Of which of these kinds snapshots are kept."""
    return sorted({decider.name for decider in deciders if decider.snapshot_every})
