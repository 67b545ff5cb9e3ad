"""Gives the commands that follow from an event; however often that is begun, each of them runs once."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from application.effects import job
from application.effects.effect import Deadline, Reaction
from application.handler import Handler
from application.jobs.ports import History, Refused
from application.ports import Clock, Meta
from domain.decider import Rejected
from domain.process import Owed
from domain.values import SYSTEM, Value


class React:
    """The job of this name."""

    def __init__(self, history: History, handle: Handler, reactions: Iterable[Reaction[Any]], clock: Clock) -> None:
        self._history = history
        self._handle = handle
        self._clock = clock
        self._reactions = {(each.event, each.name): each for each in reactions}

    def __call__(self, work: job.React) -> None:
        """Raises `Refused` with every refusal where a command was rejected: all others were given nonetheless.

        Done again, it repeats nothing, since a command's id follows from the event's; what was rejected is decided anew.
        """
        recorded = self._history.event(work.stream, work.version)
        reaction = self._reactions[type(recorded.event), work.reaction]
        refusals: list[str] = []
        for ordinal, (stream, command) in enumerate(self._owed(reaction, recorded.event)):
            meta = Meta(command_id(recorded.event_id, work.reaction, ordinal), SYSTEM.id, recorded.correlation_id, recorded.event_id)
            try:
                self._handle(stream, command, meta)
            except Rejected as rejected:
                refusals.append(f"{type(command).__name__} for {stream}: {rejected.code}")
        if refusals:
            raise Refused("; ".join(refusals))

    def _owed(self, reaction: Reaction[Any], event: Value) -> Owed:
        owed = reaction.react(event)
        if isinstance(reaction, Deadline) and reaction.from_then:
            now = self._clock()
            return [(stream, replace(command, now=now)) for stream, command in owed]
        return owed


def command_id(event_id: UUID, reaction: str, ordinal: int) -> UUID:
    """The same for the same event for ever."""
    return uuid5(event_id, f"{reaction}:{ordinal}")
