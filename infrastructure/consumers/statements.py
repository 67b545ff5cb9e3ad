"""The SQL of consumer groups. Whatever changes a group's deliveries holds its row first, in a statement of its own.

Only so does the statement behind it see all that others have done: which events of a subject are open decides what may be given.
"""

# ruff: noqa: S608 - the texts are put together from constants of this module

from typing import Any, LiteralString

from psycopg.sql import SQL, Composed, Identifier

from projections.view import Feed

HOLD: LiteralString = """
SELECT id, owner, position, types, max_attempts, lease_seconds FROM consumers
WHERE feed = %(feed)s AND name = %(name)s FOR NO KEY UPDATE
"""

PARK: LiteralString = """
UPDATE consumer_deliveries SET state = 'parked', due_at = NULL, lease = NULL, parked_at = %(now)s, reason = 'The lease ended.'
WHERE consumer = %(id)s AND state = 'out' AND due_at <= %(now)s AND attempts >= %(max_attempts)s
"""
"""Of what nobody has acknowledged in time, what has been given often enough."""

GIVE: LiteralString = """
UPDATE consumer_deliveries SET state = 'out', lease = %(lease)s, due_at = %(until)s, attempts = attempts + 1
WHERE consumer = %(id)s AND position = ANY(ARRAY(
    SELECT position FROM consumer_deliveries WHERE consumer = %(id)s AND due_at <= %(now)s ORDER BY due_at, position LIMIT %(limit)s
))
RETURNING position, attempts
"""
"""What was put off until now, what waited behind others, and what is out beyond its lease; the longest due first."""

PROMOTE: LiteralString = """
UPDATE consumer_deliveries AS d SET state = 'due', due_at = %(now)s
FROM (
    SELECT next.position FROM unnest(%(subjects)s::text[]) AS s(subject) CROSS JOIN LATERAL (
        SELECT position FROM consumer_deliveries WHERE consumer = %(id)s AND subject = s.subject AND state = 'behind'
        ORDER BY position LIMIT 1
    ) AS next
) AS first
WHERE d.consumer = %(id)s AND d.position = first.position
"""
"""The next event of each subject."""

GIVEN: LiteralString = " consumer = %(id)s AND (position, lease) IN (SELECT * FROM unnest(%(positions)s::bigint[], %(leases)s::uuid[]))"

ACKNOWLEDGE: LiteralString = "DELETE FROM consumer_deliveries WHERE" + GIVEN + " RETURNING position, subject"

REJECT: LiteralString = (
    """
UPDATE consumer_deliveries SET lease = NULL, reason = %(reason)s,
    state = CASE WHEN attempts >= %(max_attempts)s THEN 'parked' ELSE 'due' END,
    due_at = CASE WHEN attempts >= %(max_attempts)s THEN NULL ELSE %(again)s END,
    parked_at = CASE WHEN attempts >= %(max_attempts)s THEN %(now)s END
WHERE"""
    + GIVEN
    + " RETURNING position, state"
)

EXTEND: LiteralString = "UPDATE consumer_deliveries SET due_at = %(until)s WHERE" + GIVEN + " RETURNING position, state"

OPEN: LiteralString = """
INSERT INTO consumers (id, feed, name, owner, types, max_attempts, lease_seconds, position, created_at)
VALUES (%(consumer_id)s, %(feed)s, %(name)s, %(owner)s, %(types)s, %(max_attempts)s, %(lease_seconds)s, %(position)s, %(at)s)
"""

HOLD_BY_ID: LiteralString = "SELECT FROM consumers WHERE id = %(consumer_id)s FOR NO KEY UPDATE"

REWIND: LiteralString = """
WITH gone AS (DELETE FROM consumer_deliveries WHERE consumer = %(consumer_id)s AND position > %(position)s)
UPDATE consumers SET position = %(position)s WHERE id = %(consumer_id)s
"""
"""What is open up to the position stays so, and goes on to hold back later events of its subjects."""

REVIVE: LiteralString = """
UPDATE consumer_deliveries SET state = 'due', due_at = %(at)s, attempts = 0, parked_at = NULL
WHERE consumer = %(consumer_id)s AND position = %(position)s AND state = 'parked'
"""

DROP: LiteralString = """
WITH gone AS (
    DELETE FROM consumer_deliveries WHERE consumer = %(consumer_id)s AND position = %(position)s AND state = 'parked' RETURNING subject
)
UPDATE consumer_deliveries AS d SET state = 'due', due_at = %(at)s
FROM gone CROSS JOIN LATERAL (
    SELECT position FROM consumer_deliveries WHERE consumer = %(consumer_id)s AND subject = gone.subject AND state = 'behind'
    ORDER BY position LIMIT 1
) AS next
WHERE d.consumer = %(consumer_id)s AND d.position = next.position
"""

CLOSE: LiteralString = "DELETE FROM consumers WHERE id = %(consumer_id)s"

PARKED: LiteralString = "SELECT FROM consumer_deliveries WHERE consumer = %s AND position = %s AND state = 'parked'"

LOG_HEAD: LiteralString = "SELECT last_value FROM events_position"

HEAD: LiteralString = """
SELECT coalesce((SELECT position FROM projection_positions WHERE name = %(projection)s AND version = %(version)s), 0) AS head
"""

TOLD: LiteralString = "f.position, f.type, f.schema, f.id, f.subject, f.time, f.data"


NEXT: LiteralString = """
            SELECT position, subject FROM {table} WHERE position > %(after)s ORDER BY position LIMIT %(at_once)s"""

NEXT_OF_TYPES: LiteralString = """
            SELECT e.position, e.subject FROM unnest(%(types)s::text[]) AS wanted CROSS JOIN LATERAL (
                SELECT position, subject FROM {table} WHERE type = wanted AND position > %(after)s ORDER BY position LIMIT %(at_once)s
            ) AS e ORDER BY position LIMIT %(at_once)s"""
"""Each type's own first rows, then the first of these: a rare type costs no walk over the others."""


def take_up(feed: Feed[Any], *, typed: bool) -> Composed:
    """Take the feed's next events up, and give what may be given of them; what comes back is how far the feed is, and those given.

    Of each subject only the first may be given, and none of which one is open already; `room` is how many.
    """
    return SQL("""
        WITH head AS ({head}), next AS MATERIALIZED ({next}
        ), ordered AS (
            SELECT position, subject, row_number() OVER (PARTITION BY subject ORDER BY position) = 1 AND NOT EXISTS (
                SELECT FROM consumer_deliveries AS d WHERE d.consumer = %(id)s AND d.subject = next.subject AND d.state <> 'behind'
            ) AS first FROM next
        ), numbered AS (
            SELECT position, subject, CASE WHEN NOT first THEN 'behind'
                WHEN row_number() OVER (PARTITION BY first ORDER BY position) <= %(room)s THEN 'out' ELSE 'due' END AS state FROM ordered
        ), taken AS (
            INSERT INTO consumer_deliveries (consumer, position, subject, state, due_at, lease, attempts)
            SELECT %(id)s, position, subject, state, CASE state WHEN 'out' THEN %(until)s WHEN 'due' THEN %(now)s END,
                   CASE WHEN state = 'out' THEN %(lease)s END, CASE WHEN state = 'out' THEN 1 ELSE 0 END FROM numbered
        ), upto AS (
            SELECT greatest(%(after)s, CASE WHEN count(next.position) < %(at_once)s THEN head ELSE max(next.position) END) AS upto
            FROM head LEFT JOIN next ON true GROUP BY head
        ), moved AS (
            UPDATE consumers SET position = upto FROM upto WHERE id = %(id)s AND position <> upto
        )
        SELECT head, upto, ARRAY(SELECT position FROM numbered WHERE state = 'out' ORDER BY position),
               EXISTS (SELECT FROM numbered WHERE state = 'due')
        FROM head, upto
    """).format(head=SQL(HEAD), next=SQL(NEXT_OF_TYPES if typed else NEXT).format(table=Identifier(feed.table)))


def told_at(feed: Feed[Any]) -> Composed:
    return SQL("SELECT {told} FROM {table} AS f WHERE f.position = ANY(%s) ORDER BY f.position").format(
        told=SQL(TOLD), table=Identifier(feed.table)
    )


def shown(feed: Feed[Any]) -> Composed:
    """How groups stand, by name. Events that are not taken up yet are counted no further than to a bound."""
    return SQL("""
        SELECT c.name, c.feed, c.owner, c.types, c.max_attempts, c.lease_seconds, c.created_at, head, c.position,
               open.out, open.waiting, open.parked, (open.out + open.waiting + coming.count) AS lag_events,
               coalesce(extract(epoch FROM clock_timestamp() - least(coming.oldest, (
                   SELECT time FROM {table} AS f WHERE f.position = open.oldest))), 0)::float8 AS lag_seconds
        FROM ({head}) AS h CROSS JOIN consumers AS c
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE state = 'out') AS out, count(*) FILTER (WHERE state IN ('due', 'behind')) AS waiting,
                   count(*) FILTER (WHERE state = 'parked') AS parked, min(position) FILTER (WHERE state <> 'parked') AS oldest
            FROM consumer_deliveries AS d WHERE d.consumer = c.id
        ) AS open CROSS JOIN LATERAL (
            SELECT count(*), min(time) AS oldest FROM (
                SELECT time FROM {table} AS f WHERE f.position > c.position AND (c.types = '{{}}' OR f.type = ANY(c.types))
                ORDER BY f.position LIMIT %(counted)s
            ) AS f
        ) AS coming
        WHERE c.feed = %(feed)s AND (%(owner)s::uuid IS NULL OR c.owner = %(owner)s)
        AND c.name > %(after)s AND (%(name)s::text IS NULL OR c.name = %(name)s)
        ORDER BY c.name LIMIT %(limit)s
    """).format(head=SQL(HEAD), table=Identifier(feed.table))


def parked_of(feed: Feed[Any]) -> Composed:
    return SQL("""
        SELECT {told}, d.attempts, d.reason, d.parked_at FROM consumer_deliveries AS d
        JOIN consumers AS c ON c.id = d.consumer JOIN {table} AS f ON f.position = d.position
        WHERE c.feed = %(feed)s AND c.name = %(name)s AND d.state = 'parked' AND d.position > %(after)s
        ORDER BY d.position LIMIT %(limit)s
    """).format(told=SQL(TOLD), table=Identifier(feed.table))


def first_since(feed: Feed[Any]) -> Composed:
    """The position behind which everything lies that was recorded at `time` or later: found by halving, then by walking.

    Positions and times are not in quite the same order: what is told later may have been recorded earlier, by no more than an
    append takes. So the halving looks for a time that much before.
    """
    return SQL("""
        WITH RECURSIVE search (low, high) AS (
            SELECT 0::bigint, coalesce(max(position), 0) FROM {table}
            UNION ALL
            SELECT CASE WHEN middle.before THEN middle.position ELSE low END, CASE WHEN middle.before THEN high ELSE (low + high) / 2 END
            FROM search CROSS JOIN LATERAL (
                SELECT position, time < %(time)s - interval '10 minutes' AS before FROM {table}
                WHERE position > (low + high) / 2 ORDER BY position LIMIT 1
            ) AS middle WHERE low < high
        )
        SELECT coalesce((
            SELECT f.position - 1 FROM {table} AS f WHERE f.position > (SELECT max(low) FROM search) AND f.time >= %(time)s
            ORDER BY f.position LIMIT 1
        ), ({head}))
    """).format(head=SQL(HEAD), table=Identifier(feed.table))
