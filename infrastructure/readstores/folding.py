"""A batch folded in memory: the one place where an event's failure is caught, and its sequence with it."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct

from domain.recorded import Recorded
from infrastructure.readstores.store import Parked, Step
from projections.view import Count, Index, Journal, Key, View

S = TypeVar("S")
T = TypeVar("T")
Folding = View[Any] | Index[Any] | Count
Keeping = Folding | Journal[Any]


class Keyed(Struct, frozen=True):
    """Events with the key of the row they concern, in order; of the rest, some concern none and some are parked."""

    events: list[tuple[Key, Recorded[Any]]]
    parked: list[Parked]

    @property
    def keys(self) -> list[Key]:
        return list(dict.fromkeys(key for key, _ in self.events))


class Folded(Struct, Generic[S], frozen=True):
    """The states that changed, each with the last event that went into it; and all that was parked, in order."""

    states: dict[Key, tuple[S, Recorded[Any]]]
    parked: list[Parked]


def keyed(projection: Keeping, step: Step, kind: type[Any] | None = None) -> Keyed:
    """Find each event's key, which must be of this kind where the engine holds only one."""
    found: list[tuple[Key, Recorded[Any]]] = []
    parked: list[Parked] = []
    blocked: set[str] = set()
    key_of = projection.key
    for recorded in step.events:
        try:
            key = key_of(recorded.event)
            if kind is not None and key is not None and not isinstance(key, kind):
                _refuse_key(projection, key)
        except Exception as error:  # noqa: BLE001 - whatever a projection raises, the event is parked
            # Without a key nobody can tell which row would miss the event: its stream waits.
            parked.append(Parked(recorded, str(recorded.stream), describe(error)))
            blocked.add(str(recorded.stream))
            continue
        if key is None:
            continue
        if step.refused:
            parked.append(Parked(recorded, str(key), step.refused))
        elif (blocked or step.blocked) and _behind(step, blocked, recorded, str(key)):
            parked.append(Parked(recorded, str(key), ""))
            blocked.add(str(key))
        else:
            found.append((key, recorded))
    return Keyed(found, parked)


def folded(
    projection: Folding,
    these: Keyed,
    stored: Mapping[Key, T],
    read: Callable[[T | None], S],
    since: Mapping[Key, int] | None = None,
) -> Folded[S]:
    """Evolve what is stored by the events; `since` tells up to which position a stored state already holds them."""
    changed: dict[Key, tuple[S, Recorded[Any]]] = {}
    parked = list(these.parked)
    blocked: set[Key] = set()
    evolve: Callable[[Any, Any], Any] = projection.evolve
    for key, recorded in these.events:
        if key in blocked:
            parked.append(Parked(recorded, str(key), ""))
            continue
        if since is not None and recorded.position <= since.get(key, 0):
            continue
        before = changed.get(key)
        try:
            state = read(stored.get(key)) if before is None else before[0]
            changed[key] = (evolve(state, recorded.event), recorded)
        except Exception as error:  # noqa: BLE001 - whatever a projection raises, the event is parked
            parked.append(Parked(recorded, str(key), describe(error)))
            blocked.add(key)
    parked.sort(key=lambda each: each.recorded.position)
    return Folded(changed, parked)


def _behind(step: Step, blocked: set[str], recorded: Recorded[Any], key: str) -> bool:
    return key in blocked or str(recorded.stream) in blocked or step.behind(recorded, key, str(recorded.stream))


def describe(error: Exception) -> str:
    """What an operator reads of a failure."""
    return f"{type(error).__name__}: {error}"[:2000]


def _refuse_key(projection: Keeping, key: Key) -> None:
    raise TypeError(f"{projection.name} has keys of another type than {key!r}; declare it by key_type")
