"""How the parts of the system are, for those who operate it."""

from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

from msgspec import Struct

Status = Literal["ok", "degraded", "down"]


class Component(Struct, frozen=True):
    """`milliseconds` is how long the answer took, or how long was waited for it."""

    name: str
    status: Status
    detail: str
    milliseconds: float


class Lag(Struct, frozen=True):
    """How far a read model is behind: `events` in positions (at most so many events), `seconds` by its oldest missing event.

    `head` is the last position that the log has given out, `stable` the one up to which it may be read. `oldest_parked` is for how
    many seconds the first of the parked events has waited, 0 without any. `taken` counts events since the version began.
    """

    projection: str
    version: int
    head: int
    stable: int
    position: int
    events: int
    seconds: float
    parked: int
    oldest_parked: float
    taken: int


class Owed(Struct, frozen=True):
    """What the outside world is owed: how far the log was read for it, and how its jobs stand.

    `seconds` is the age of the oldest event not read yet; `parked` events could not be reacted to. Of the jobs `waiting` ones are due
    or in work, the one longest due since `overdue` seconds (0 while each has its worker or its pause), and `dead` ones were given up;
    those of deadlines that have not come yet are none of these.
    """

    position: int
    seconds: float
    parked: int
    waiting: int
    overdue: float
    dead: int


class Unwell(Exception):
    """A component works, but not as it should; the text says how."""


@runtime_checkable
class Health(Protocol):
    def components(self) -> Sequence[Component]:
        """Every component as it was within the last second; answers within about two seconds, whatever hangs."""
        ...

    def owed(self) -> Owed:
        """Raises `projections.ports.Unavailable`."""
        ...

    def lags(self) -> Sequence[Lag]:
        """Raises `projections.ports.Unavailable`."""
        ...
