"""The workers' books in Postgres, as operators look at them."""

from collections import deque
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Any, LiteralString, TypeVar
from uuid import UUID

from msgspec import Raw
from msgspec.structs import replace
from psycopg import Cursor
from psycopg.rows import class_row, dict_row
from psycopg_pool import ConnectionPool

from infrastructure.readstores.bookkeeping import reaching_postgres
from projections.operations import Building, JobShown, JobState, Maintenance, ParkedEvent, ParkedReaction, ReadModel
from projections.view import Projection

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds to wait for a connection."""

WINDOW = 60.0
"""Seconds over which a rate is taken."""

READ_MODELS = """
SELECT p.name, p.version, p.generation, p.paused, greatest(log.head, log.stable) AS head, log.stable, p.position,
       greatest(log.stable - p.position, 0) AS lag_events,
       coalesce(extract(epoch FROM clock_timestamp() - (
           SELECT recorded_at FROM events AS e WHERE e.position > p.position AND e.position <= log.stable ORDER BY e.position LIMIT 1
       )), 0)::float8 AS lag_seconds,
       parked.parked, coalesce(extract(epoch FROM clock_timestamp() - parked.first), 0)::float8 AS oldest_parked_seconds, p.taken,
       EXISTS (SELECT FROM projection_rebuilds AS r WHERE r.name = p.name AND r.version = p.version AND r.state = 'switched') AS replaced
FROM projection_positions AS p
JOIN unnest(%(names)s::text[], %(versions)s::int[]) AS served(name, version) USING (name, version),
LATERAL (
    SELECT count(*) AS parked, min(parked_at) AS first FROM parked_events AS e WHERE e.projection = p.name AND e.version = p.version
) AS parked, (SELECT stable_position() AS stable, last_value AS head FROM events_position) AS log
ORDER BY p.name
"""

BUILDINGS = """
SELECT name, generation, purpose, state, position, goal, events, differences, report, error, requested_at, started_at, ended_at,
       extract(epoch FROM coalesce(ended_at, clock_timestamp()) - started_at)::float8 AS seconds
FROM projection_rebuilds
JOIN unnest(%(names)s::text[], %(versions)s::int[]) AS served(name, version) USING (name, version)
WHERE %(every)s OR state IN ('requested', 'building', 'ready')
ORDER BY name, generation DESC LIMIT %(limit)s
"""

PARKED = """
SELECT position, sequence, stream, stream_version, type, error, attempts, parked_at, retry_at FROM parked_events
WHERE projection = %(name)s AND version = %(version)s AND position > %(after)s ORDER BY position LIMIT %(limit)s
"""

REACTIONS = """
SELECT position, event_id, stream, type, error, parked_at, retry_at FROM parked_reactions
WHERE reader = 'effects' AND position > %(after)s ORDER BY position LIMIT %(limit)s
"""

JOB = """
SELECT id, kind, state, work::text AS work, event_id, correlation_id, attempts, due_at, taken_by, note, created_at, ended_at FROM jobs
"""
JOBS = f"""{JOB} WHERE state = %(state)s AND (%(kind)s::text IS NULL OR kind = %(kind)s)
AND (%(after)s::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM jobs WHERE id = %(after)s))
ORDER BY created_at DESC, id DESC LIMIT %(limit)s
"""  # noqa: S608 - a constant of this module

MAINTENANCE = "SELECT read_only, reason, since FROM maintenance"


class PostgresOperations:
    """`projections.operations.Operations`; `pool` gives autocommit connections, `projections` tell what is served."""

    def __init__(self, pool: ConnectionPool[Any], projections: Iterable[Projection]) -> None:
        self._pool = pool
        self._served = {each.name: each for each in projections}
        self._rates = Rates()

    def read_models(self) -> Sequence[ReadModel]:
        return self._models(list(self._served))

    def read_model(self, name: str) -> ReadModel | None:
        found = self._models([name]) if name in self._served else []
        return found[0] if found else None

    def buildings(self, name: str, limit: int) -> Sequence[Building]:
        return [each for _, each in self._buildings([name], limit, every=True)]

    def parked(self, name: str, after: int, limit: int) -> Sequence[ParkedEvent]:
        values = {"name": name, "version": self._served[name].version, "after": after, "limit": limit}
        return self._all(ParkedEvent, PARKED, values)

    def parked_reactions(self, after: int, limit: int) -> Sequence[ParkedReaction]:
        return self._all(ParkedReaction, REACTIONS, {"after": after, "limit": limit})

    def jobs(self, state: JobState, kind: str | None, after: UUID | None, limit: int) -> Sequence[JobShown]:
        return [shown(row) for row in self._rows(JOBS, {"state": state, "kind": kind, "after": after, "limit": limit})]

    def job(self, id: UUID) -> JobShown | None:
        rows = self._rows(f"{JOB} WHERE id = %(id)s", {"id": id})
        return shown(rows[0]) if rows else None

    def maintenance(self) -> Maintenance:
        (found,) = self._all(Maintenance, MAINTENANCE, {})
        return found

    def _models(self, names: Sequence[str]) -> Sequence[ReadModel]:
        rows = self._rows(READ_MODELS, self._identities(names))
        building = dict(self._buildings(names, len(names), every=False))
        return [
            ReadModel(
                **row,
                engine=self._served[row["name"]].engine,
                rate=self._rates.of(row["name"], row["taken"]),
                building=building.get(row["name"]),
            )
            for row in rows
        ]

    def _buildings(self, names: Sequence[str], limit: int, *, every: bool) -> Sequence[tuple[str, Building]]:
        rows = self._rows(BUILDINGS, {**self._identities(names), "limit": limit, "every": every})
        return [(row.pop("name"), built(row)) for row in rows]

    def _identities(self, names: Sequence[str]) -> Mapping[str, Any]:
        return {"names": list(names), "versions": [self._served[name].version for name in names]}

    def _rows(self, statement: LiteralString, values: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
        with self._cursor() as cursor:
            cursor.row_factory = dict_row
            return cursor.execute(statement, values).fetchall()

    def _all(self, kind: type[T], statement: LiteralString, values: Mapping[str, Any]) -> Sequence[T]:
        with self._cursor() as cursor:
            cursor.row_factory = class_row(kind)
            return cursor.execute(statement, values).fetchall()

    @contextmanager
    def _cursor(self) -> Generator[Cursor[Any]]:
        with reaching_postgres(), self._pool.connection(timeout=PATIENCE) as connection, connection.cursor() as cursor:
            yield cursor


class Rates:
    """How fast counters grow, from what this process has seen of them: each look is a sample."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: dict[str, deque[tuple[float, int]]] = {}

    def of(self, name: str, count: int) -> float | None:
        now = monotonic()
        with self._lock:
            seen = self._seen.setdefault(name, deque(maxlen=1000))
            while len(seen) > 1 and seen[1][0] <= now - WINDOW:  # one sample from before the window is kept to measure from
                seen.popleft()
            seen.append((now, count))
            began, before = seen[0]
        return (count - before) / (now - began) if now > began else None


def built(row: dict[str, Any]) -> Building:
    seconds = row.pop("seconds")
    per_second = row["position"] / seconds if seconds else 0.0
    under_way = row["state"] == "building" and per_second > 0
    return Building(
        **row,
        rate=row["events"] / seconds if seconds else None,
        seconds_left=max(row["goal"] - row["position"], 0) / per_second if under_way else None,
    )


def shown(row: dict[str, Any]) -> JobShown:
    return replace(JobShown(**row), work=Raw(row["work"].encode()))
