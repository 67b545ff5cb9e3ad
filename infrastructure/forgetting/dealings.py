"""What a person has to do with others, asked of the read models in Postgres."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from psycopg_pool import ConnectionPool

from application.commands.people.erasing import Kept
from application.ports import Unavailable
from domain.users.events import Blocking
from infrastructure.eventlog.outcomes import translated
from infrastructure.readstores.bookkeeping import positions
from infrastructure.readstores.declared import literal
from projections.deliveries import delivery
from projections.groups import members
from projections.groups import page as groups
from projections.invoices import papers
from projections.listings import page as listings
from projections.orders import page as orders
from projections.payments import page as payments
from projections.payments import payouts
from projections.subscriptions import recurring, tiers
from projections.view import View

LOOK_AGAIN = 0.05
PATIENCE = 5.0

OPEN: Mapping[str, tuple[View[Any], LiteralString]] = {
    "order": (
        orders.view,
        "(buyer_id = %(user)s OR seller_id = %(user)s) AND stage NOT IN ('DELIVERED', 'CANCELLED', 'RETURNED')",
    ),
    "payment": (
        payments.view,
        "(payer_id = %(user)s OR %(user)s = ANY(sellers)) AND status IN ('pending', 'action_required', 'authorised', 'held', 'disputed')",
    ),
    "payout": (payouts.view, "seller_id = %(user)s AND status IN ('requested', 'sent')"),
    "delivery": (delivery.view, "courier_id = %(user)s AND status IN ('ASSIGNED', 'PICKED_UP', 'IN_TRANSIT')"),
    "group": (
        groups.view,
        "(page_organiser_id = %(user)s OR page_seller_id = %(user)s) AND page_status NOT IN ('completed', 'closed')",
    ),
    "recurring_order": (recurring.view, "customer_id = %(user)s AND status IN ('active', 'paused')"),
    "tier": (tiers.view, "user_id = %(user)s AND standing <> 'free'"),
}
"""By what is named in the answer: what has not come to its end."""

MEMBER = """
SELECT 'group', m.group_id FROM {members} AS m JOIN {groups} AS g ON g.key = m.group_id
WHERE m.member_id = %(user)s AND m.standing IN ('queued', 'reserved', 'paid') AND g.page_status NOT IN ('completed', 'closed')
"""
LAST_ADMIN = """
SELECT 'last_admin', %(user)s FROM accounts WHERE user_id = %(user)s AND 'admin' = ANY(roles) AND NOT suspended
AND NOT EXISTS (SELECT FROM accounts WHERE user_id <> %(user)s AND 'admin' = ANY(roles) AND NOT suspended)
"""
ON_OFFER = "SELECT key FROM {} WHERE seller_id = %(user)s AND status <> 'archived' ORDER BY created_at DESC, key DESC LIMIT %(limit)s"
KEPT = """
SELECT document->>'kind', count(*), max(extract(year FROM issued_at))::integer FROM {}
WHERE buyer_id = %(user)s OR seller_id = %(user)s GROUP BY 1 ORDER BY 1
"""


class PostgresDealings:
    """`application.commands.people.erasing.Dealings`. `stable` is the log's; `retention_years` is how long papers are kept."""

    def __init__(self, pool: ConnectionPool[Any], stable: Callable[[], int], retention_years: int, patience: float = PATIENCE) -> None:
        self._pool = pool
        self._stable = stable
        self._retention = retention_years
        self._patience = patience
        self._asked = [view for view, _ in OPEN.values()] + [members.view, listings.view]
        parts = [
            SQL("(SELECT {}, key FROM {} WHERE {})").format(kind, Identifier(view.table), literal(where))
            for kind, (view, where) in OPEN.items()
        ]
        parts.append(SQL(MEMBER).format(members=Identifier(members.view.table), groups=Identifier(groups.view.table)))
        parts.append(Composed([literal(LAST_ADMIN)]))
        self._open = SQL(" UNION ").join(parts) + SQL(" ORDER BY 1, 2 LIMIT %(limit)s")

    def caught_up(self) -> bool:
        head, until = self._stable(), time.monotonic() + self._patience
        while True:
            with translated(), self._pool.connection() as connection:
                reached = min(positions(connection, self._asked))
            if reached >= head:
                return True
            if time.monotonic() >= until:
                return False
            time.sleep(LOOK_AGAIN)

    def blocking(self, user_id: UUID, limit: int) -> Sequence[Blocking]:
        return [Blocking(kind, id) for kind, id in self._select(self._open, user=user_id, limit=limit)]

    def on_offer(self, user_id: UUID, limit: int) -> Sequence[UUID]:
        rows = self._select(SQL(ON_OFFER).format(Identifier(listings.view.table)), user=user_id, limit=limit)
        return [listing for (listing,) in rows]

    def kept(self, user_id: UUID) -> Sequence[Kept]:
        rows = self._select(SQL(KEPT).format(Identifier(papers.view.table)), user=user_id)
        return [Kept(kind, count, year + self._retention) for kind, count, year in rows]

    def _select(self, query: Composed, **values: Any) -> list[tuple[Any, ...]]:
        with translated(), self._pool.connection() as connection:
            try:
                return connection.execute(query, values).fetchall()
            except psycopg.errors.UndefinedTable as error:  # nothing was projected yet
                raise Unavailable("postgres") from error
