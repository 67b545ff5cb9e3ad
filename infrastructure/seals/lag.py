"""Whether the sealer keeps up with the log."""

from typing import Any

from psycopg_pool import ConnectionPool

from projections.health import Unwell

LATE = 60.0
"""Seconds that the oldest event may go unsealed; a block is closed after some ten."""

PATIENCE = 1.5
"""Seconds to wait for a connection."""

OLDEST_UNSEALED = """
SELECT extract(epoch FROM clock_timestamp() - recorded_at)::float8 FROM events
WHERE position > coalesce((SELECT last_position FROM seals ORDER BY size DESC LIMIT 1), 0) ORDER BY position LIMIT 1
"""


class SealLag:
    """A check of `infrastructure.health`."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    def __call__(self) -> str:
        with self._pool.connection(timeout=PATIENCE) as connection:
            row = connection.execute(OLDEST_UNSEALED).fetchone()
        if row and row[0] > LATE:
            raise Unwell(f"an event has gone unsealed for {row[0]:.0f} s: is `react` running, and with the present seal key?")
        return "the log is sealed"
