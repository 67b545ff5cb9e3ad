"""What a projector needs of an engine: to make room for a read model, to say how far it is, and to take a batch exactly once."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

from msgspec import Struct

from domain.recorded import Recorded
from projections.view import Key, Projection

END = 2**63
"""A position that no event has."""


class Parked(Struct, frozen=True):
    """An event that a projection could not take, or one of the same sequence behind it (then `error` is empty)."""

    recorded: Recorded[Any]
    sequence: str
    error: str


class Superseded(Exception):
    """The position is not where this worker left it: another one has moved it."""


class Refused(Exception):
    """The engine cannot store what these events fold into; nothing of the batch was kept, the position included."""


class Step(Struct, frozen=True):
    """Events of one projection between two positions.

    `blocked` are the sequences that have parked events, each with the position of its first;
    `refused` is what the engine has said against this one event: it is to be parked. `again`: these events were parked and are
    tried once more, one at a time and without moving the position; what is taken is parked no longer.
    """

    after: int
    upto: int
    events: Sequence[Recorded[Any]]
    blocked: Mapping[str, int] = {}
    refused: str = ""
    again: bool = False

    def behind(self, recorded: Recorded[Any], *sequences: str) -> bool:
        """Whether the event must wait behind a parked one; events before it may come again and need not."""
        return any(self.blocked.get(sequence, END) <= recorded.position for sequence in sequences)


States: TypeAlias = Mapping[Key, tuple[Any, Recorded[Any] | None]]
"""Of each key the document, groups or knowledge, None or () where there is none, and the last event that went into it."""


class Poisoned(Exception):
    """What is being built cannot take an event: nothing of the batch was kept."""


class Store(Protocol):
    """One engine on one worker's connections. Everything may raise `projections.ports.Unavailable`."""

    def prepare(self, projection: Projection) -> None:
        """Make the tables or the index where they are missing."""
        ...

    def positions(self, projections: Sequence[Projection]) -> Sequence[int]:
        """How far each has come, 0 at the start."""
        ...

    def apply(self, projection: Projection, step: Step) -> Sequence[Parked]:
        """Take the events and the position, both or neither; return what was parked.

        Raises `Superseded` when the position was not `step.after`, `Refused` when the engine cannot keep the result.
        """
        ...

    def advance(self, projections: Sequence[Projection], after: int, upto: int) -> None:
        """Move the positions of projections that none of the events between concerned. Raises `Superseded`."""
        ...

    def restate(self, projection: Projection, at: int, states: States) -> None:
        """Set what is kept under these keys, outside the stream of events; the position stays.

        Of a feed or a journal it is what they know of the things. What a rebuild has replaced loses these keys. Raises
        `Superseded` where the position is not `at`, or moved meanwhile.
        """
        ...

    def settle(self, projections: Sequence[Projection]) -> None:
        """Let queries see at once what was taken, where the engine would take its time."""
        ...


@runtime_checkable
class TakesTogether(Protocol):
    """A store that can take one moment's events for many projections at once, in place of one transaction for each."""

    def take_together(
        self, steps: Sequence[tuple[Projection, Step]], idle: Sequence[Projection], after: int, upto: int
    ) -> Sequence[Sequence[Parked]]:
        """`apply` for the steps, which lie all between these two positions, and `advance` for the others; all or nothing.

        Whatever it raises, nothing was taken, and the projections are to be asked one by one.
        """
        ...
