"""A decider: what a command means in a given state, and what an event makes of that state."""

from collections.abc import Callable
from functools import cached_property
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.values import Actor, Value

C = TypeVar("C", bound=Value)
E = TypeVar("E", bound=Value)
S = TypeVar("S")


class Rejected(Exception):
    """A command refused by a rule; `code` is a stable snake_case slug, one per rule.

    A code that ends in `_not_found` means that the thing does not exist; `not_yours` that it is someone else's.
    `pointer` is the JSON pointer of the offending field in the caller's body, where the rule concerns one field. `stream` is set
    by the handler where several streams are decided together.
    """

    def __init__(self, code: str, detail: str = "", *, pointer: str | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.pointer = pointer
        self.stream: UUID | None = None


def no_actions(_state: Any, _by: Actor) -> list[str]:
    return []


class Decider(Generic[C, E, S]):
    """The rules of one kind of stream.

    `name` is the stream kind as operators see it; the commands and events it takes are read from the annotations of
    `decide(command, state)` and `evolve(state, event)`. `actions(state, by)` lists what `by` may do next, as the verbs of the
    routes. A `contended` kind (stock, a slot, a code) is locked before it is loaded. Of a kind whose streams grow long, the state is
    kept at each `snapshot_every`-th version: 20 keeps the load of any stream close to that of one with ten events.
    """

    def __init__(
        self,
        name: str,
        initial: S,
        decide: Callable[[C, S], list[E]],
        evolve: Callable[[S, E], S],
        *,
        actions: Callable[[S, Actor], list[str]] = no_actions,
        contended: bool = False,
        snapshot_every: int | None = None,
    ) -> None:
        self.name = name
        self.initial = initial
        self.decide = decide
        self.evolve = evolve
        self.actions = actions
        self.contended = contended
        self.snapshot_every = snapshot_every

    @cached_property
    def commands(self) -> tuple[type[C], ...]:
        return members(first_annotation(self.decide, 0))

    @cached_property
    def events(self) -> tuple[type[E], ...]:
        return members(first_annotation(self.evolve, 1))

    @cached_property
    def state(self) -> Any:
        """The type of its states, usually a union."""
        return first_annotation(self.evolve, 0)

    def fold(self, events: Any, state: S | None = None) -> S:
        """The state after `events`, from `state` or from the beginning."""
        current = self.initial if state is None else state
        for event in events:
            current = self.evolve(current, event)
        return current


def first_annotation(function: Callable[..., Any], index: int) -> Any:
    hints = get_type_hints(function)
    hints.pop("return", None)
    return list(hints.values())[index]


def members(annotation: Any) -> tuple[type[Any], ...]:
    """The classes of a union, or the class itself."""
    if get_origin(annotation) in (Union, UnionType):
        return get_args(annotation)
    return (annotation,)
