"""What is due when an event has happened: the table of all families, asked one event at a time."""

from typing import Any

from application.effects import listings, users
from application.effects.effect import by_event, jobs
from application.effects.job import Job
from application.processes.table import REACTIONS
from domain.recorded import Recorded

NOTICES = (*users.NOTICES, *listings.NOTICES)
ERRANDS = (*listings.ERRANDS,)
EFFECTS = by_event((*NOTICES, *ERRANDS, *REACTIONS))

EVENTS = tuple(EFFECTS)
"""The only events that anything is due for."""


def due(recorded: Recorded[Any]) -> list[Job]:
    """The jobs of an event: always the same ones, under the same ids."""
    return jobs(recorded, EFFECTS.get(type(recorded.event), ()))
