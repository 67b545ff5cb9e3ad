"""What one kind of event owes: a letter to somebody, or another piece of work."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from application.effects.job import Job, SendLetter, Work, job_id
from domain.recorded import Recorded
from domain.values import Value


class Notice(Value, frozen=True):
    """A letter. Who gets it, and what is in it, is found out when it is written: `application/jobs`."""

    event: type[Value]
    letter: str

    def work(self, recorded: Recorded[Any]) -> Work:
        return SendLetter(self.letter, recorded.stream, recorded.version)


class Errand(Value, frozen=True):
    """Work that is no letter, made of the event's ids."""

    event: type[Value]
    owed: Callable[[Any], Work]

    def work(self, recorded: Recorded[Any]) -> Work:
        return self.owed(recorded.event)


Effect = Notice | Errand


def by_event(effects: Iterable[Effect]) -> Mapping[type[Value], tuple[Effect, ...]]:
    """The effects of each event in the order of their declaration, which their jobs' ids hang on: add at the end only."""
    found: dict[type[Value], tuple[Effect, ...]] = {}
    for effect in effects:
        found[effect.event] = (*found.get(effect.event, ()), effect)
    return found


def jobs(recorded: Recorded[Any], effects: Iterable[Effect]) -> list[Job]:
    return [
        Job(job_id(recorded.event_id, ordinal), effect.work(recorded), recorded.event_id, recorded.correlation_id)
        for ordinal, effect in enumerate(effects)
    ]
