"""A lifecycle: which command is allowed in which status, to whom, declared once and asked by deciders and queries alike."""

from collections.abc import Iterable, Sequence

from domain.decider import Rejected
from domain.values import Value

UNASKED = ""
"""The action of a step that no caller may ask for: the service itself takes it."""


class Step(Value, frozen=True):
    """One row of the table.

    `action` is the verb of the route, `who` the relations (such as «seller», «moderator») that may take it, `refused` the code
    given in any other status. A command has several rows where others may take it at other times.
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
        self._by_command: dict[type[Value], list[Step]] = {}
        for each in steps:
            self._by_command.setdefault(each.command, []).append(each)

    def check(self, command: Value, status: str, relations: frozenset[str]) -> None:
        """Refuse with `not_yours` who has no part in it, and with the step's own code what comes at the wrong time."""
        rows = self._by_command.get(type(command))
        if rows is None:
            return
        own = [each for each in rows if not each.who.isdisjoint(relations)]
        if not own:
            raise Rejected("not_yours")
        if all(status not in each.when for each in own):
            raise Rejected(own[0].refused, f"The {self.name} is {status}.")

    def actions(self, status: str, relations: frozenset[str]) -> list[str]:
        open_ = (each for each in self.steps if each.action and status in each.when and not each.who.isdisjoint(relations))
        return list(dict.fromkeys(each.action for each in open_))
