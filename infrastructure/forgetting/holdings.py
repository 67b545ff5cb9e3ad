"""What is held about a person, from the read models and from history."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.sql import SQL, Composed, Identifier
from psycopg_pool import ConnectionPool

from domain.personal import personal_fields
from domain.recorded import Recorded
from infrastructure.readstores.bookkeeping import reaching_postgres
from infrastructure.readstores.declared import literal
from projections.conversations import messages
from projections.deliveries import couriers, delivery
from projections.groups import members
from projections.groups import page as groups
from projections.groups.passes import page as passes
from projections.invoices import billing, papers
from projections.listings import favourites, inquiries
from projections.listings import page as listings
from projections.notifications import stock_alerts
from projections.orders import cart
from projections.orders import page as orders
from projections.payments import page as payments
from projections.payments import payouts
from projections.ports import Unavailable
from projections.subscriptions import details, recurring, tiers
from projections.suppliers import file as suppliers
from projections.users import mentions, profile
from projections.users.export import Topic
from projections.view import View

OTHERS = "personal to somebody else"

TOPICS: tuple[tuple[str, View[Any], str], ...] = (
    ("profile", profile.view, "key = %(user)s"),
    ("billing-details", billing.view, "key = %(user)s"),
    ("listings", listings.view, "seller_id = %(user)s"),
    ("favourites", favourites.view, "user_id = %(user)s"),
    ("inquiries", inquiries.view, "sender_id = %(user)s OR seller_id = %(user)s"),
    ("stock-alerts", stock_alerts.view, "user_id = %(user)s"),
    ("cart", cart.view, "key::text = %(user)s::text"),
    ("orders", orders.view, "buyer_id = %(user)s OR seller_id = %(user)s"),
    ("payments", payments.view, "payer_id = %(user)s"),
    ("payouts", payouts.view, "seller_id = %(user)s"),
    ("invoices", papers.view, "buyer_id = %(user)s OR seller_id = %(user)s"),
    ("deliveries", delivery.view, "buyer_id = %(user)s OR courier_id = %(user)s"),
    ("courier", couriers.view, "key = %(user)s"),
    ("recurring-orders", recurring.view, "customer_id = %(user)s"),
    ("recurring-details", details.view, f"key IN (SELECT key FROM {recurring.view.table} WHERE customer_id = %(user)s)"),  # noqa: S608
    ("tier", tiers.view, "user_id = %(user)s"),
    ("groups", groups.view, "page_organiser_id = %(user)s"),
    ("memberships", members.view, "member_id = %(user)s"),
    ("passes", passes.view, "member_id = %(user)s"),
    ("conversations", messages.view, "author_id = %(user)s"),
    ("suppliers", suppliers.view, "seller_id = %(user)s OR %(user)s = ANY(people)"),
)
SESSIONS = """
SELECT json_build_object(
    'id', id, 'agent', agent, 'address', address, 'startedAt', started_at, 'seenAt', seen_at, 'endedAt', ended_at)::text
FROM sessions WHERE user_id = %(user)s AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
PAGE = 200


class PostgresHoldings:
    """`at` reads events by their positions."""

    def __init__(self, pool: ConnectionPool[Any], at: Callable[[Sequence[int]], Sequence[Recorded[Any]]]) -> None:
        self._pool = pool
        self._at = at

    def topics(self, user_id: UUID) -> Sequence[Topic]:
        shown = [(name, self._documents(view, where, user_id)) for name, view, where in TOPICS]
        return [*shown, ("sessions", self._sessions(user_id)), ("events", self._events(user_id))]

    def _documents(self, view: View[Any], where: str, user_id: UUID) -> Iterator[bytes]:
        page = SQL("SELECT key::text, document::text FROM {} WHERE ({}) AND key::text > %(after)s ORDER BY key::text LIMIT %(limit)s")
        query, after = page.format(Identifier(view.table), literal(where)), ""
        while rows := self._select(query, user=user_id, after=after, limit=PAGE):
            yield from (document.encode() for _, document in rows)
            after = rows[-1][0]

    def _sessions(self, user_id: UUID) -> Iterator[bytes]:
        after = UUID(int=0)
        while rows := self._select(Composed([literal(SESSIONS)]), user=user_id, after=after, limit=PAGE):
            yield from (shown.encode() for (shown,) in rows)
            after = UUID(msgspec.json.decode(rows[-1][0])["id"])

    def _events(self, user_id: UUID) -> Iterator[bytes]:
        query = SQL("SELECT DISTINCT position FROM {} WHERE person = %(user)s AND position > %(after)s ORDER BY 1 LIMIT %(limit)s")
        page, after = query.format(Identifier(mentions.journal.table)), 0
        while rows := self._select(page, user=user_id, after=after, limit=PAGE):
            for recorded in self._at([position for (position,) in rows]):
                yield msgspec.json.encode(told(recorded, user_id))
            after = rows[-1][0]

    def _select(self, query: Composed, **values: Any) -> list[tuple[Any, ...]]:
        with reaching_postgres(), self._pool.connection() as connection:
            try:
                return connection.execute(query, values).fetchall()
            except psycopg.errors.UndefinedTable as error:  # nothing was projected yet
                raise Unavailable("postgres") from error


def told(recorded: Recorded[Any], user_id: UUID) -> dict[str, Any]:
    """An event in clear, but for what is personal to others in it."""
    data: dict[str, Any] = msgspec.to_builtins(recorded.event)
    for field in personal_fields(type(recorded.event)):
        if getattr(recorded.event, field.subject) != user_id:
            data[field.stored] = OTHERS
    return {"position": recorded.position, "type": recorded.type, "recordedAt": recorded.recorded_at, "data": data}
