"""Where members go to pay for their tiers, in Postgres."""

from typing import Any, LiteralString
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.tiers.ports import Opened
from infrastructure.eventlog.outcomes import translated

OPENED: LiteralString = """
    INSERT INTO tier_checkouts (user_id, revision, provider, reference, url) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (user_id, revision) DO UPDATE SET reference = excluded.reference, url = excluded.url
"""
ONE: LiteralString = "SELECT reference, url FROM tier_checkouts WHERE user_id = %s AND revision = %s"


class TierCheckouts:
    """`application.tiers.ports.CheckoutBook` for those who work, `projections.subscriptions.tiers.CheckoutDesk` for those who ask."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    def opened(self, user_id: UUID, revision: int, provider: str, opened: Opened) -> None:
        with translated(), self._pool.connection() as connection:
            connection.execute(OPENED, (user_id, revision, provider, opened.reference, opened.url))

    def checkout(self, user_id: UUID, revision: int) -> Opened | None:
        with translated(), self._pool.connection() as connection:
            found = connection.execute(ONE, (user_id, revision)).fetchone()
        return Opened(*found) if found else None

    def checkout_url(self, user_id: UUID, revision: int) -> str:
        found = self.checkout(user_id, revision)
        return found.url if found else ""
