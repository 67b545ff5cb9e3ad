"""Where couriers are, in Postgres beside the log: a row for each position that a device tells, and the last one of each courier."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from application.ports import Clock
from domain.trade import Spot
from infrastructure.eventlog.outcomes import translated
from infrastructure.readstores.documents import Questions
from projections.deliveries.tracking import Seen

KEPT = timedelta(days=30)
"""After that a day's positions go: they tell where people live and where couriers were."""

RECORD: LiteralString = """
    WITH kept AS (
        INSERT INTO courier_tracks (recorded_at, at, courier_id, delivery_id, latitude, longitude)
        VALUES (%(now)s, %(at)s, %(courier)s, %(delivery)s, %(latitude)s, %(longitude)s)
    )
    INSERT INTO courier_positions AS last (courier_id, at, latitude, longitude)
    VALUES (%(courier)s, %(at)s, %(latitude)s, %(longitude)s)
    ON CONFLICT (courier_id) DO UPDATE
    SET at = excluded.at, latitude = excluded.latitude, longitude = excluded.longitude WHERE last.at < excluded.at
"""
TURN: LiteralString = "SELECT turn_courier_tracks(%s, %s)"

LAST = b"SELECT courier_id, latitude, longitude, at FROM courier_positions WHERE courier_id = ANY(%(couriers)s::uuid[])"
TRAIL = b"""
    SELECT latitude, longitude, at FROM (
        SELECT latitude, longitude, at FROM courier_tracks WHERE delivery_id = %(delivery)s ORDER BY at DESC LIMIT %(limit)s
    ) AS latest ORDER BY at
"""


class PostgresTracks:
    """For those who write: `application.commands.deliveries.Tracks`."""

    def __init__(self, pool: ConnectionPool[Any], clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def record(self, courier_id: UUID, delivery_id: UUID, spot: Spot, at: datetime) -> None:
        values = {
            "now": self._clock(),
            "at": at,
            "courier": courier_id,
            "delivery": delivery_id,
            "latitude": spot.latitude,
            "longitude": spot.longitude,
        }
        with translated(), self._pool.connection() as connection:
            try:
                connection.execute(RECORD, values)
            except psycopg.errors.CheckViolation:  # the first position of a day: it has no partition yet
                self.turn(connection)
                connection.execute(RECORD, values)

    def turn(self, connection: psycopg.Connection[Any]) -> None:
        today = self._clock().date()
        connection.execute(TURN, (today, today - KEPT))


class PostgresWhereabouts:
    """For those who ask: `projections.deliveries.tracking.Whereabouts`."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._ask = Questions(pool).rows

    def last(self, couriers: Sequence[UUID]) -> Mapping[UUID, Seen]:
        return {courier: Seen(*seen) for courier, *seen in self._ask(LAST, {"couriers": list(couriers)})} if couriers else {}

    def trail(self, delivery_id: UUID, limit: int) -> Sequence[Seen]:
        return [Seen(*seen) for seen in self._ask(TRAIL, {"delivery": delivery_id, "limit": limit})]
