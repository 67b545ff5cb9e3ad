"""A lifecycle: which command is allowed in which status, to whom, declared once and asked by deciders and queries alike."""

from collections.abc import Iterable, Sequence

from domain.decider import Rejected
from domain.values import Value

UNASKED = ""
"""The action of a step that no caller may ask for: the service itself takes it."""


class Step(Value, frozen=True):
    """One row of the table.

    `action` is the verb of the route, `who` the relations (such as «seller», «moderator») that may take it, `refused` the code
    given in any other status.
    """

    action: str
    command: type[Value]
    when: frozenset[str]
    who: frozenset[str]
    refused: str


def step(action: str, command: type[Value], when: Iterable[str], who: Iterable[str], refused: str) -> Step:
    return Step(action, command, frozenset(when), frozenset(who), refused)


class Lifecycle:
    """The whole table of one thing; its order is the order in which actions are shown."""

    def __init__(self, name: str, steps: Sequence[Step]) -> None:
        self.name = name
        self.steps = tuple(steps)
        self._by_command = {each.command: each for each in steps}

    def check(self, command: Value, status: str, relations: frozenset[str]) -> None:
        """Refuse with `not_yours` who has no part in it, and with the step's own code what comes at the wrong time."""
        found = self._by_command.get(type(command))
        if found is None:
            return
        if found.who.isdisjoint(relations):
            raise Rejected("not_yours")
        if status not in found.when:
            raise Rejected(found.refused, f"The {self.name} is {status}.")

    def actions(self, status: str, relations: frozenset[str]) -> list[str]:
        return [each.action for each in self.steps if each.action and status in each.when and not each.who.isdisjoint(relations)]
