"""A process: what follows from an event of one family in the streams of others."""

from collections.abc import Sequence
from uuid import UUID

from domain.values import Value

Owed = Sequence[tuple[UUID, Value]]
"""Commands with the streams they are for, in the order in which they are given.

A rule `react(event) -> Owed` is pure and answers the same for the same event for ever, so the moment in a command is one that the
event tells, but for a deadline that says otherwise. Each command stands alone: others are given even where one is refused.
What is already so is for the decider to see.
"""
