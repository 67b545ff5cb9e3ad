"""What holds for everything that operators do: only they may, and whoever lets something go says why."""

from uuid import UUID, uuid5

from domain.decider import Rejected
from domain.text import said
from domain.values import Actor, Role

OPERATIONS = UUID("2f0c7a4e-5d0b-5c55-9a57-6d5a0b6f6f10")
"""The namespace of the streams of what operators tend."""

REASON_LIMIT = 500


def stream_of(kind: str, name: str) -> UUID:
    """The stream of one thing that operators tend, such as a `projection` by its name."""
    return uuid5(OPERATIONS, f"{kind}/{name}")


def require_operator(by: Actor) -> None:
    if not by.is_any(Role.ADMIN):
        raise Rejected("not_yours")


def why(reason: str) -> str:
    return said(reason, REASON_LIMIT, "/reason")
