"""What consumer groups are given of feeds, how far they are, and what they have given up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

from domain.values import Actor
from projections.ports import Told
from projections.view import Feed

COUNTED = 100_000
"""Up to how many events a lag is counted."""


class Delivery(Struct, frozen=True):
    """An event given to one worker until its lease ends; `attempt` says the how manieth time."""

    lease: str
    attempt: int
    ends_at: datetime
    told: Told


class Pulled(Struct, frozen=True):
    """In order of the feed. `more`: something could be given at once, or there is more of the feed to look through."""

    items: Sequence[Delivery]
    head: int
    more: bool


class Settled(Struct, frozen=True):
    """How many events were acknowledged, or will be given again; how many were given up; and the leases of which nothing was done."""

    settled: int
    parked: int
    stale: Sequence[str]


@runtime_checkable
class LogHead(Protocol):
    """How far the log has come: whoever knows of a position beyond it was reading another log."""

    def __call__(self) -> int:
        """Raises `projections.ports.Unavailable`."""
        ...


@runtime_checkable
class Deliveries(Protocol):
    """The books of consumer groups as their workers move them. All raise `Rejected`: `consumer_not_found`, `not_yours`.

    Of one subject at most one event is out at a time, and none while an earlier one is parked.
    """

    def pull(self, feed: Feed[Any], consumer: str, by: Actor, limit: int) -> Pulled:
        """The same number of statements, however much there is. Raises `projections.ports.Unavailable`."""
        ...

    def acknowledge(self, feed: Feed[Any], consumer: str, by: Actor, leases: Sequence[str]) -> Settled:
        """`stale_lease` where none of the leases is the event's latest."""
        ...

    def reject(self, feed: Feed[Any], consumer: str, by: Actor, leases: Sequence[str], delay: int, reason: str) -> Settled:
        """To be given again after so many seconds, or parked where that was the last attempt. `stale_lease` as above."""
        ...

    def extend(self, feed: Feed[Any], consumer: str, by: Actor, leases: Sequence[str], seconds: int) -> Settled:
        """Let the leases end so many seconds from now. `stale_lease` as above."""
        ...


class ConsumerShown(Struct, frozen=True, rename="camel"):
    """How a group stands. `position` is how far it has taken the feed up: everything up to there was acknowledged or is counted here.

    `out` was given to workers, `waiting` is to be given, some of it not before a while or before an earlier event of its subject,
    `parked` was given up. `lagEvents` is what has still to be acknowledged, but for what is parked; counted up to 100,000.
    `lagSeconds` is the age of the oldest of these.
    """

    name: str
    feed: str
    owner: UUID
    types: list[str]
    max_attempts: int
    lease_seconds: int
    created_at: datetime
    head: int
    position: int
    out: int
    waiting: int
    parked: int
    lag_events: int
    lag_seconds: float


class ParkedDelivery(Struct, frozen=True):
    """An event that was given up, after so many attempts, and what the last of them said."""

    told: Told
    attempts: int
    reason: str
    parked_at: datetime


@runtime_checkable
class ConsumerGroups(Protocol):
    """`owner`: only this one's groups are seen; None: all. Everything raises `projections.ports.Unavailable`."""

    def all(self, feed: Feed[Any], owner: UUID | None, after: str, limit: int) -> Sequence[ConsumerShown]:
        """By name, behind `after`."""
        ...

    def one(self, feed: Feed[Any], name: str, owner: UUID | None) -> ConsumerShown | None: ...

    def parked(self, feed: Feed[Any], name: str, after: int, limit: int) -> Sequence[ParkedDelivery]:
        """In order of the feed, behind a position."""
        ...
