"""What one kind of event owes: a letter to somebody, commands to other streams, or another piece of work."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import count
from typing import Any, Generic, TypeVar
from uuid import UUID

from application.effects.job import (
    Audience,
    Job,
    KeepSnapshot,
    React,
    SendLetter,
    SendText,
    TellDigest,
    TellGroup,
    TellNews,
    TellPerson,
    Work,
    job_id,
)
from domain.process import Owed
from domain.recorded import Recorded
from domain.values import Value

E = TypeVar("E", bound=Value)


class Notice(Value, frozen=True):
    """A letter. Who gets it, and what is in it, is found out when it is written: `application/jobs`."""

    event: type[Value]
    letter: str

    def work(self, recorded: Recorded[Any]) -> Work:
        return SendLetter(self.letter, recorded.stream, recorded.version)


class Text(Value, frozen=True):
    """A text message beside the letter of this name, for those who want to be told so."""

    event: type[Value]
    letter: str

    def work(self, recorded: Recorded[Any]) -> Work:
        return SendText(self.letter, recorded.stream, recorded.version)


class Word(Value, frozen=True):
    """Mail or text to one person about a group, where `when` holds."""

    event: type[Value]
    letter: str
    to: Callable[[Any], UUID]
    when: Callable[[Recorded[Any]], bool] | None = None

    def work(self, recorded: Recorded[Any]) -> Work | None:
        if self.when is not None and not self.when(recorded):
            return None
        return TellPerson(self.letter, recorded.stream, recorded.version, self.to(recorded.event))


class Circular(Value, frozen=True):
    """The same to many, who are found out when it is sent: at once, or at the moment that `at` tells."""

    event: type[Value]
    letter: str
    audience: Audience
    at: Callable[[Any], datetime] | None = None

    def work(self, recorded: Recorded[Any]) -> Work:
        return TellGroup(self.letter, recorded.stream, recorded.version, self.audience)


class News(Value, frozen=True):
    """The first of many small events of a group after a quiet time, told at once: the first of an hour, which `until` ends, owes it."""

    event: type[Value]
    until: Callable[[Any], datetime]

    def work(self, recorded: Recorded[Any]) -> Work:
        return TellNews(recorded.event.group_id, recorded.stream, recorded.version)


class Digest(Value, frozen=True):
    """What the others come to, told when their hour is over: the first of an hour owes it, and the others owe the same."""

    event: type[Value]
    until: Callable[[Any], datetime]

    def work(self, recorded: Recorded[Any]) -> Work:
        return TellDigest(recorded.event.group_id, self.until(recorded.event), recorded.event.at)


class Errand(Value, frozen=True):
    """Work that is no letter, made of the event's ids; None where this event owes none. It waits for the moment that `at` tells."""

    event: type[Value]
    owed: Callable[[Any], Work | None]
    at: Callable[[Any], datetime] | None = None

    def work(self, recorded: Recorded[Any]) -> Work | None:
        return self.owed(recorded.event)


class Process(Value, Generic[E], frozen=True):
    """Commands that follow from an event at once. `name` is unique among the reactions to one event, and stays as it is for ever."""

    event: type[E]
    name: str
    react: Callable[[E], Owed]

    def work(self, recorded: Recorded[Any]) -> Work:
        return React(self.name, recorded.stream, recorded.version)


class Deadline(Value, Generic[E], frozen=True):
    """Commands that follow from an event when the moment comes that `at` tells; None: there is none for this event.

    They are given even where the matter was settled meanwhile, for the decider to see that nothing is left to do. `from_then`: where
    they are given late, they carry that moment, since somebody's time begins with them; else the one at which they were due.
    """

    event: type[E]
    name: str
    at: Callable[[E], datetime | None]
    react: Callable[[E], Owed]
    from_then: bool = False

    def work(self, recorded: Recorded[Any]) -> Work:
        return React(self.name, recorded.stream, recorded.version)


class Snapshot(Value, frozen=True):
    """What a stream of this kind has come to is kept at each `every`-th version."""

    event: type[Value]
    kind: str
    every: int

    def work(self, recorded: Recorded[Any]) -> Work:
        return KeepSnapshot(self.kind, recorded.stream)


Reaction = Process[E] | Deadline[E]
Effect = Notice | Text | Word | Circular | News | Digest | Errand | Reaction[Any] | Snapshot


def by_event(effects: Iterable[Effect]) -> Mapping[type[Value], tuple[Effect, ...]]:
    """The effects of each event in the order of their declaration.

    Ids of jobs hang on it for letters and errands: add those at the end only. Raises ValueError for two reactions of one name.
    """
    found: dict[type[Value], tuple[Effect, ...]] = {}
    for effect in effects:
        known = found.get(effect.event, ())
        if isinstance(effect, Process | Deadline) and effect.name in {each.name for each in known if isinstance(each, Process | Deadline)}:
            raise ValueError(f"two reactions to {effect.event.__name__} are named {effect.name}")
        found[effect.event] = (*known, effect)
    return found


def jobs(recorded: Recorded[Any], effects: Iterable[Effect]) -> list[Job]:
    found: list[Job] = []
    ordinals = count()
    for effect in effects:
        due_at = None
        match effect:
            case Notice():
                id = job_id(recorded.event_id, str(next(ordinals)))
            case Text(letter=letter):
                id = job_id(recorded.event_id, f"text {letter}")
            case Word(letter=letter):
                id = job_id(recorded.event_id, f"word {letter}")
            case Circular(letter=letter, at=at):
                id = job_id(recorded.event_id, f"circular {letter}")
                due_at = at(recorded.event) if at else None
            case Digest(until=until):
                due_at = until(recorded.event)
                id = job_id(recorded.event.group_id, f"digest {due_at:%Y-%m-%dT%H}")
            case News(until=until):
                id = job_id(recorded.event.group_id, f"news {until(recorded.event):%Y-%m-%dT%H}")
            case Errand(at=at):
                id = job_id(recorded.event_id, str(next(ordinals)))
                due_at = at(recorded.event) if at else None
            case Process(name=name):
                id = job_id(recorded.event_id, name)
            case Deadline(name=name):
                id = job_id(recorded.event_id, name)
                due_at = effect.at(recorded.event)
                if due_at is None:
                    continue
            case Snapshot(every=every):
                if recorded.version % every:
                    continue
                id = job_id(recorded.event_id, "snapshot")
        if (work := effect.work(recorded)) is not None:
            found.append(Job(id, work, recorded.event_id, recorded.correlation_id, due_at))
    return found
