"""Which listings the log says are on offer: by the last event that put each there or took it down."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from psycopg_pool import ConnectionPool

from domain.listings.events import ListingArchived, ListingPaused, ListingPublished, ListingRejected, ListingResumed, ListingSold
from infrastructure.eventlog.mapper import stable_name
from infrastructure.eventlog.outcomes import translated

PUT = [stable_name(each) for each in (ListingPublished, ListingResumed)]
TAKEN = [stable_name(each) for each in (ListingPaused, ListingSold, ListingArchived, ListingRejected)]

ON_OFFER: LiteralString = """
    SELECT stream FROM (
        SELECT DISTINCT ON (stream) stream, type FROM events
        WHERE stream > %(after)s AND type = ANY(%(either)s)
        ORDER BY stream, version DESC
    ) AS last
    WHERE type = ANY(%(put)s) ORDER BY stream LIMIT %(limit)s
"""


class OfferedOnLog:
    """`application.tiers.ports.OfferedListings`."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    def on_offer(self, after: UUID, limit: int) -> Sequence[UUID]:
        with translated(), self._pool.connection() as connection:
            found = connection.execute(ON_OFFER, {"after": after, "put": PUT, "either": [*PUT, *TAKEN], "limit": limit})
            return [stream for (stream,) in found.fetchall()]
