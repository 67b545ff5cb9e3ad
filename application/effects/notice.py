"""A notice: a letter that one kind of event owes to somebody."""

from collections.abc import Iterable, Mapping
from typing import Any

from application.effects.job import Job, SendLetter, job_id
from domain.recorded import Recorded
from domain.values import Value


class Notice(Value, frozen=True):
    """Who gets the letter, and what is in it, is found out when it is written: `application/jobs`."""

    event: type[Value]
    letter: str


def by_event(notices: Iterable[Notice]) -> Mapping[type[Value], tuple[Notice, ...]]:
    """The notices of each event in the order of their declaration, which their jobs' ids hang on: add at the end only."""
    found: dict[type[Value], tuple[Notice, ...]] = {}
    for notice in notices:
        found[notice.event] = (*found.get(notice.event, ()), notice)
    return found


def jobs(recorded: Recorded[Any], notices: Iterable[Notice]) -> list[Job]:
    return [
        Job(
            job_id(recorded.event_id, ordinal),
            SendLetter(notice.letter, recorded.stream, recorded.version),
            recorded.event_id,
            recorded.correlation_id,
        )
        for ordinal, notice in enumerate(notices)
    ]
