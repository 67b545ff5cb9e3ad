"""Given a history, when a command comes, then events or a refusal; given events, then what follows or what a read model shows."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.effects.effect import Deadline, Process, Reaction
from application.processes.table import REACTIONS
from domain.decider import Decider, Rejected
from domain.values import ERASED, Actor, Value
from projections.view import Count, Index, View

C = TypeVar("C", bound=Value)
E = TypeVar("E", bound=Value)
S = TypeVar("S")
D = TypeVar("D", bound=Value)


class Given(Generic[C, E, S]):
    """A stream's history under its decider."""

    def __init__(self, decider: Decider[C, E, S], *history: E) -> None:
        self.decider = decider
        self.state = decider.fold(history)

    def when(self, command: C) -> "When[C, E, S]":
        return When(self, command)

    def offers(self, by: Actor, *actions: str) -> None:
        """`by` may do just this next, in this order."""
        assert self.decider.actions(self.state, by) == list(actions)


class When(Generic[C, E, S]):
    def __init__(self, given: Given[C, E, S], command: C) -> None:
        self.given = given
        self.command = command

    def then(self, *events: E) -> None:
        """These events and no others; none at all means that it is already so."""
        assert self.given.decider.decide(self.command, self.given.state) == list(events)

    def rejected(self, code: str, *, pointer: str | None = None) -> None:
        with pytest.raises(Rejected) as refusal:
            self.given.decider.decide(self.command, self.given.state)
        assert (refusal.value.code, refusal.value.pointer) == (code, pointer)


class Happened:
    """What follows from an event by itself: `Happened(event).then((stream, command), …)` and `.later(moment, (stream, command), …)`."""

    def __init__(self, event: Value, reactions: Iterable[Reaction[Any]] = REACTIONS) -> None:
        self.event = event
        self.reactions = [each for each in reactions if each.event is type(event)]

    def then(self, *commands: tuple[UUID, Value]) -> None:
        """These commands at once, those of all processes one after the other, and no others."""
        found = [command for each in self.reactions if isinstance(each, Process) for command in each.react(self.event)]
        assert found == list(commands)

    def later(self, at: datetime, *commands: tuple[UUID, Value]) -> None:
        """These commands at this moment, and no others then; none at all means that there is no such deadline."""
        deadlines = [each for each in self.reactions if isinstance(each, Deadline) and each.at(self.event) == at]
        assert [command for each in deadlines for command in each.react(self.event)] == list(commands)


class Shown(Generic[D]):
    """A view's or index's documents after a history: `Shown(view, *events).then(document)`."""

    def __init__(self, view: View[D] | Index[D], *history: Value) -> None:
        self.documents: dict[Any, D] = {}
        for event in history:
            key = view.key(event) if type(event) in view.events else None
            if key is None:
                continue
            found = view.evolve(self.documents.get(key), event)
            self.documents.pop(key, None)
            if found is not None:
                self.documents[key] = found

    def then(self, *documents: D) -> None:
        assert list(self.documents.values()) == list(documents)

    @property
    def one(self) -> D:
        (document,) = self.documents.values()
        return document


def counted(count: Count, *history: Value) -> dict[str, int]:
    """How many things stand in each group after a history; empty groups are left out."""
    groups: dict[Any, tuple[str, ...]] = {}
    for event in history:
        key = count.key(event) if type(event) in count.events else None
        if key is not None:
            groups[key] = count.evolve(groups.get(key, ()), event)
    return dict(Counter(group for each in groups.values() for group in each))


def erased(event: E) -> E:
    """The event as it reads once the keys of all persons in it are destroyed."""
    return replace(event, **dict.fromkeys(personal_fields(type(event)), ERASED))


def personal_fields(event: type[Value]) -> list[str]:
    hints = get_type_hints(event, include_extras=True)
    return [name for name, hint in hints.items() if get_origin(hint) is Annotated and isinstance(get_args(hint)[1], str)]
