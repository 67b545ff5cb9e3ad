"""What the workers of a consumer group fetch, acknowledge and reject: short transactions that hold the group's row."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from msgspec import Raw, Struct
from psycopg_pool import ConnectionPool

from domain.decider import Rejected
from domain.values import Actor, Role
from infrastructure.consumers import statements
from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from projections.feeds.consumers import Deliveries, Delivery, Pulled, Settled
from projections.ports import Told, Unavailable
from projections.view import Feed

PATIENCE = 2.0
"""Seconds that a worker waits for a connection before it is told that Postgres does not answer."""

AT_ONCE = 200
"""How many events are taken up at least: where many are of subjects that have one out already, others are found behind them."""


class Group(Struct, frozen=True):
    """A consumer group whose row is held."""

    id: UUID
    owner: UUID
    position: int
    types: list[str]
    max_attempts: int
    lease_seconds: int


class PostgresDeliveries(Deliveries):
    """`clock` says when leases end, which is why those of all servers are to agree within a small part of a lease."""

    def __init__(self, pool: ConnectionPool[Any], clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    def pull(self, feed: Feed[Any], consumer: str, by: Actor, limit: int) -> Pulled:
        lease = uuid4()
        with self._held(feed, consumer, by) as (connection, group):
            now = self._clock()
            until = now + timedelta(seconds=group.lease_seconds)
            values = {"id": group.id, "now": now, "until": until, "lease": lease, "max_attempts": group.max_attempts, "limit": limit}
            connection.execute(statements.PARK, values)
            attempts: dict[int, int] = dict(connection.execute(statements.GIVE, values).fetchall())
            room = limit - len(attempts)
            values |= {"after": group.position, "types": group.types, "room": room, "at_once": max(room, AT_ONCE) if room else 0}
            values |= {"projection": feed.name, "version": feed.version}
            ((head, upto, given, left),) = connection.execute(statements.take_up(feed, typed=bool(group.types)), values).fetchall()
            attempts |= dict.fromkeys(given, 1)
            rows = connection.execute(statements.told_at(feed), [list(attempts)]).fetchall()
        items = [Delivery(token(row[0], lease), attempts[row[0]], until, told(row)) for row in rows]
        return Pulled(items, head, more=left or upto < head or len(items) == limit)

    def acknowledge(self, feed: Feed[Any], consumer: str, by: Actor, leases: Sequence[str]) -> Settled:
        with self._held(feed, consumer, by) as (connection, group):
            values = {"id": group.id, "now": self._clock(), **given(leases)}
            done = connection.execute(statements.ACKNOWLEDGE, values).fetchall()
            connection.execute(statements.PROMOTE, {**values, "subjects": [subject for _, subject in done]})
        return settled(leases, {position for position, _ in done})

    def reject(self, feed: Feed[Any], consumer: str, by: Actor, leases: Sequence[str], delay: int, reason: str) -> Settled:
        with self._held(feed, consumer, by) as (connection, group):
            now = self._clock()
            values = {"again": now + timedelta(seconds=delay), "now": now, "reason": reason, "max_attempts": group.max_attempts}
            done = connection.execute(statements.REJECT, {"id": group.id, **values, **given(leases)}).fetchall()
        parked = sum(state == "parked" for _, state in done)
        return settled(leases, {position for position, _ in done}, parked)

    def extend(self, feed: Feed[Any], consumer: str, by: Actor, leases: Sequence[str], seconds: int) -> Settled:
        with self._held(feed, consumer, by) as (connection, group):
            until = self._clock() + timedelta(seconds=seconds)
            done = connection.execute(statements.EXTEND, {"id": group.id, "until": until, **given(leases)}).fetchall()
        return settled(leases, {position for position, _ in done})

    @contextmanager
    def _held(self, feed: Feed[Any], consumer: str, by: Actor) -> Generator[tuple[Connection, Group]]:
        with reaching_postgres():
            try:
                with self._pool.connection(timeout=PATIENCE) as connection, connection.transaction():
                    row = connection.execute(statements.HOLD, {"feed": feed.feed, "name": consumer}).fetchone()
                    if row is None:
                        raise Rejected("consumer_not_found")
                    group = Group(*row)
                    if by.id != group.owner and not by.is_any(Role.ADMIN):
                        raise Rejected("not_yours")
                    yield connection, group
            except psycopg.errors.UndefinedTable as error:
                raise Unavailable("postgres") from error  # no projector has made the feed yet


def token(position: int, lease: UUID) -> str:
    """What a worker shows to say that the event is still his."""
    return f"{position}.{lease.hex}"


def given(leases: Iterable[str]) -> dict[str, Any]:
    parts = [each.split(".") for each in leases]
    return {"positions": [int(position) for position, _ in parts], "leases": [UUID(hex=lease) for _, lease in parts]}


def settled(leases: Sequence[str], done: set[int], parked: int = 0) -> Settled:
    stale = [each for each in leases if int(each.split(".")[0]) not in done]
    if not done:
        raise Rejected("stale_lease", "The events were acknowledged, rejected, skipped or replayed, or given to somebody else.")
    return Settled(len(done) - parked, parked, stale)


def told(row: Sequence[Any]) -> Told:
    """Of the columns `statements.TOLD`."""
    return Told(row[0], row[1], row[2], row[3], row[4], row[5], Raw(row[6].encode()))
