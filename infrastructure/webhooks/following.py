"""Follows the feeds for all webhook endpoints at once: what is told becomes deliveries, by the batch, never event by event."""

# ruff: noqa: S608 - the texts are put together from constants

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, LiteralString

from psycopg.sql import SQL, Composed, Identifier
from psycopg_pool import ConnectionPool

from application.ports import Clock
from infrastructure.readstores.bookkeeping import Connection
from infrastructure.webhooks.statements import OPEN_TO
from projections.view import Feed

MOST_ROWS = 20_000
"""Deliveries that one batch may make."""

MOST_EVENTS = 500

WAITING = 1_000
"""Deliveries that an endpoint may have waiting before more of a replay is taken up: what is told now does not stand behind all of it."""

KEPT = timedelta(days=30)
"""How long what has ended is kept."""

REMOVED_AT_ONCE = 1_000

BEHIND: LiteralString = """
WITH known AS (
    INSERT INTO webhook_feeds (feed, position) SELECT feed, 0 FROM unnest(%(feeds)s::text[]) AS t(feed)
    WHERE NOT EXISTS (SELECT FROM webhook_feeds AS w WHERE w.feed = t.feed) ON CONFLICT DO NOTHING
), served AS (SELECT * FROM unnest(%(feeds)s::text[], %(names)s::text[], %(versions)s::int[]) AS t(feed, name, version))
SELECT feed FROM served JOIN projection_positions AS p USING (name, version) LEFT JOIN webhook_feeds AS w USING (feed)
WHERE p.position > coalesce(w.position, 0)
"""

ANYBODY: LiteralString = f"SELECT EXISTS (SELECT FROM webhook_endpoints AS e WHERE {OPEN_TO})"

ENDPOINTS: LiteralString = "SELECT count(*) FROM webhook_endpoints WHERE enabled"

REPLAYS: LiteralString = f"""
SELECT r.endpoint, r.feed, r.position, r.upto, e.types FROM webhook_replays AS r JOIN webhook_endpoints AS e ON e.id = r.endpoint
WHERE {OPEN_TO} AND (
    SELECT count(*) FROM (SELECT FROM webhook_deliveries AS d WHERE d.endpoint = e.id AND d.state = 'pending' LIMIT %(waiting)s) AS w
) < %(waiting)s
ORDER BY r.endpoint, r.feed LIMIT 20 FOR NO KEY UPDATE OF r SKIP LOCKED
"""

HOLD: LiteralString = "SELECT position FROM webhook_feeds WHERE feed = %s FOR NO KEY UPDATE SKIP LOCKED"

ID: LiteralString = "encode(substr(sha256(convert_to(concat_ws(' ', {}, %(feed)s::text, n.position), 'UTF8')), 1, 16), 'hex')::uuid"
"""The same for the same endpoint and event for ever: a receiver knows by it what it has had."""

PAST: LiteralString = """
            SELECT position, type FROM {table} WHERE position > %(after)s AND position <= %(upto)s ORDER BY position LIMIT %(at_once)s"""

PAST_OF_TYPES: LiteralString = """
            SELECT e.position, e.type FROM unnest(%(types)s::text[]) AS wanted CROSS JOIN LATERAL (
                SELECT position, type FROM {table} WHERE type = wanted AND position > %(after)s AND position <= %(upto)s
                ORDER BY position LIMIT %(at_once)s
            ) AS e ORDER BY position LIMIT %(at_once)s"""
"""Each type's own first rows, then the first of these: a rare type costs no walk over the others."""

OLD: LiteralString = """
DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries WHERE ended_at < %s ORDER BY ended_at LIMIT %s)
"""
OF_CLOSED: LiteralString = """
DELETE FROM webhook_deliveries WHERE id IN (
    SELECT d.id FROM webhook_endpoints AS e CROSS JOIN LATERAL (
        SELECT id FROM webhook_deliveries AS d WHERE d.endpoint = e.id LIMIT %(limit)s
    ) AS d WHERE e.closed LIMIT %(limit)s
)
"""
CLOSED: LiteralString = """
DELETE FROM webhook_endpoints AS e WHERE closed AND NOT EXISTS (SELECT FROM webhook_deliveries AS d WHERE d.endpoint = e.id)
"""


class Following:
    """Many may run: each feed is followed by one of them at a time, whose batch is a transaction."""

    def __init__(
        self, pool: ConnectionPool[Any], feeds: Mapping[str, Feed[Any]], clock: Clock, *, events: int = MOST_EVENTS, waiting: int = WAITING
    ) -> None:
        self._pool = pool
        self._feeds = feeds
        self._clock = clock
        self._events = events
        self._waiting = waiting

    def anybody(self) -> bool:
        """Whether there is anyone to send anything to. Where there is not, feeds go on unfollowed, and are taken up where they are."""
        with self._pool.connection() as connection:
            return connection.execute(ANYBODY).fetchone() == (True,)

    def step(self) -> int:
        """One batch of each feed that has gone on, and of each replay; how many deliveries were made."""
        names = [each.name for each in self._feeds.values()], [each.version for each in self._feeds.values()]
        with self._pool.connection() as connection:
            values = {"feeds": list(self._feeds), "names": names[0], "versions": names[1]}
            behind = [feed for (feed,) in connection.execute(BEHIND, values).fetchall()]
            made = sum(self._follow(connection, self._feeds[feed]) for feed in behind)
            return made + self._replay(connection)

    def remove_old(self) -> int:
        """What has ended long ago, and what is left of endpoints that were deleted, piece by piece; how much that was."""
        with self._pool.connection() as connection:
            old = connection.execute(OLD, [self._clock() - KEPT, REMOVED_AT_ONCE]).rowcount
            left = connection.execute(OF_CLOSED, {"limit": REMOVED_AT_ONCE}).rowcount
            connection.execute(CLOSED)
        return old + left

    def _follow(self, connection: Connection, feed: Feed[Any]) -> int:
        with connection.transaction():
            held = connection.execute(HOLD, [feed.feed]).fetchone()
            if held is None:
                return 0
            ((endpoints,),) = connection.execute(ENDPOINTS).fetchall()
            values = {"feed": feed.feed, "name": feed.name, "version": feed.version, "after": held[0], "now": self._clock()}
            at_once = min(self._events, max(MOST_ROWS // max(endpoints, 1), 1))
            ((made,),) = connection.execute(follow(feed), {**values, "at_once": at_once}).fetchall()
        return made

    def _replay(self, connection: Connection) -> int:
        made = 0
        with connection.transaction():
            for endpoint, name, position, upto, types in connection.execute(REPLAYS, {"waiting": self._waiting}).fetchall():
                feed = self._feeds.get(name)
                values = {"endpoint": endpoint, "feed": name, "after": position, "upto": upto, "types": types, "now": self._clock()}
                if feed is None or (types and not any(feed.type_of(each) in types for each in feed.payloads)):
                    connection.execute("DELETE FROM webhook_replays WHERE endpoint = %(endpoint)s AND feed = %(feed)s", values)
                    continue
                ((count,),) = connection.execute(replay(feed, typed=bool(types)), {**values, "at_once": self._events}).fetchall()
                made += count
        return made


def follow(feed: Feed[Any]) -> Composed:
    """From the first event that any endpoint may be sent, up to where the feed is; one snapshot sees the feed's head and the endpoints.

    An endpoint is in it if anything behind its `since` is: readers of the log do not pass the append that made it before it is done.
    """
    return SQL("""
        WITH head AS (
            SELECT coalesce((SELECT position FROM projection_positions WHERE name = %(name)s AND version = %(version)s), 0) AS head
        ), start AS (
            SELECT greatest(%(after)s, least((SELECT min(since) FROM webhook_endpoints WHERE enabled), head)) AS start FROM head
        ), next AS MATERIALIZED (
            SELECT position, type FROM {table} WHERE position > (SELECT start FROM start) ORDER BY position LIMIT %(at_once)s
        ), made AS (
            INSERT INTO webhook_deliveries (id, endpoint, feed, position, type, due_at, made_at)
            SELECT {id}, e.id, %(feed)s, n.position, n.type, %(now)s, %(now)s FROM next AS n
            JOIN webhook_endpoints AS e ON {open} AND n.position > e.since AND (e.types = '{{}}' OR n.type = ANY(e.types))
            ON CONFLICT (id) DO NOTHING RETURNING 1
        ), moved AS (
            UPDATE webhook_feeds SET position = (
                SELECT greatest(%(after)s, CASE WHEN count(*) < %(at_once)s THEN (SELECT head FROM head) ELSE max(position) END) FROM next
            ) WHERE feed = %(feed)s
        ) SELECT count(*) FROM made
    """).format(table=Identifier(feed.table), id=SQL(ID).format(SQL("e.id")), open=SQL(OPEN_TO))


def replay(feed: Feed[Any], *, typed: bool) -> Composed:
    """What is waiting stays so; what has ended begins anew. A replay that has come to its end goes."""
    return SQL("""
        WITH next AS MATERIALIZED ({next}
        ), made AS (
            INSERT INTO webhook_deliveries AS d (id, endpoint, feed, position, type, due_at, made_at)
            SELECT {id}, %(endpoint)s, %(feed)s, n.position, n.type, %(now)s, %(now)s FROM next AS n
            ON CONFLICT (id) DO UPDATE SET state = 'pending', due_at = excluded.due_at, tries = 0, ended_at = NULL
            WHERE d.state <> 'pending' RETURNING 1
        ), upto AS (SELECT count(*) < %(at_once)s AS done, max(position) AS position FROM next
        ), moved AS (
            UPDATE webhook_replays AS r SET position = upto.position FROM upto
            WHERE r.endpoint = %(endpoint)s AND r.feed = %(feed)s AND NOT upto.done
        ), ended AS (
            DELETE FROM webhook_replays AS r USING upto WHERE r.endpoint = %(endpoint)s AND r.feed = %(feed)s AND upto.done
        ) SELECT count(*) FROM made
    """).format(
        next=SQL(PAST_OF_TYPES if typed else PAST).format(table=Identifier(feed.table)), id=SQL(ID).format(SQL("%(endpoint)s::uuid"))
    )
