"""An event as history holds it: with its place in the log, its cause and its author."""

from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from domain.values import Value

E_co = TypeVar("E_co", bound=Value, covariant=True)


class Recorded(Value, Generic[E_co], frozen=True):
    """`version` counts from 1 within the stream, `position` grows over the whole log (with gaps).

    `command_id` is the command that made it, `correlation_id` the request or process it belongs to, `causation_id` the event
    that gave rise to the command, where there is one.
    """

    event: E_co
    type: str
    schema: int
    event_id: UUID
    stream: UUID
    version: int
    position: int
    recorded_at: datetime
    actor: UUID
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID | None
