"""What is due when an event has happened: the table of all families, asked one event at a time."""

from typing import Any

from application.effects import listings, users
from application.effects.job import Job
from application.effects.notice import by_event, jobs
from domain.recorded import Recorded

NOTICES = by_event((*users.NOTICES, *listings.NOTICES))

EVENTS = tuple(NOTICES)
"""The only events that anything is due for."""


def due(recorded: Recorded[Any]) -> list[Job]:
    """The jobs of an event: always the same ones, under the same ids."""
    return jobs(recorded, NOTICES.get(type(recorded.event), ()))
