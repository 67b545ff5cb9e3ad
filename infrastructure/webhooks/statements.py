"""The SQL of webhook endpoints' books as commands change them: short statements, since appends wait for them."""

from typing import LiteralString

OPEN_TO: LiteralString = """e.enabled AND EXISTS (
    SELECT FROM accounts AS a WHERE a.user_id = e.owner AND NOT a.suspended AND a.roles && '{admin,consumer}'
)"""
"""Who is sent anything: an owner who might not read a feed himself any more has nothing sent either."""

OPEN_OF: LiteralString = "SELECT count(*) FROM webhook_endpoints WHERE owner = %s AND NOT closed"

LOG_HEAD: LiteralString = "SELECT last_value FROM events_position"

OPEN: LiteralString = """
WITH opened AS (
    INSERT INTO webhook_endpoints (id, owner, url, types, description, since, created_at)
    SELECT %(endpoint_id)s, %(owner)s, %(url)s, %(types)s, %(description)s, last_value, %(at)s FROM events_position RETURNING id
)
INSERT INTO webhook_secrets (id, endpoint, wrapped, made_at) SELECT %(secret_id)s, id, %(wrapped)s, %(at)s FROM opened
"""

ALTER: LiteralString = """
UPDATE webhook_endpoints SET url = coalesce(%(url)s, url), types = coalesce(%(types)s, types),
    description = coalesce(%(description)s, description),
    failing_since = CASE WHEN %(url)s = url OR %(url)s IS NULL THEN failing_since END,
    failures = CASE WHEN %(url)s = url OR %(url)s IS NULL THEN failures ELSE 0 END,
    held_until = CASE WHEN %(url)s = url OR %(url)s IS NULL THEN held_until END
WHERE id = %(endpoint_id)s
"""

SWITCH_OFF: LiteralString = """
UPDATE webhook_endpoints SET enabled = false, disabled_because = %(because)s, disabled_at = %(at)s
WHERE id = %(endpoint_id)s AND enabled
"""

SWITCH_ON: LiteralString = """
UPDATE webhook_endpoints SET enabled = true, disabled_because = NULL, disabled_at = NULL, failing_since = NULL, failures = 0,
    slow = false, held_until = NULL, since = (SELECT last_value FROM events_position)
WHERE id = %(endpoint_id)s AND NOT enabled AND NOT closed
"""

ROTATE: LiteralString = """
WITH old AS (
    DELETE FROM webhook_secrets WHERE id IN (
        SELECT id FROM webhook_secrets WHERE endpoint = %(endpoint_id)s AND ends_at IS NOT NULL
        ORDER BY ends_at <= %(at)s, made_at DESC OFFSET 2
    )
), before AS (
    UPDATE webhook_secrets SET ends_at = %(both_until)s WHERE endpoint = %(endpoint_id)s AND ends_at IS NULL RETURNING endpoint
)
INSERT INTO webhook_secrets (id, endpoint, wrapped, made_at)
SELECT %(secret_id)s, endpoint, %(wrapped)s, %(at)s FROM before
"""
"""No more than three sign beside the present one, however often somebody rotates."""

TEST: LiteralString = """
INSERT INTO webhook_deliveries (id, endpoint, feed, position, type, due_at, made_at)
VALUES (%(delivery_id)s, %(endpoint_id)s, '', 0, 'webhooks.EndpointTested', %(at)s, %(at)s)
"""

AGAIN: LiteralString = """
UPDATE webhook_deliveries SET state = 'pending', due_at = %(at)s, tries = 0, ended_at = NULL
WHERE id = %(delivery_id)s AND endpoint = %(endpoint_id)s AND lease IS NULL
"""

REPLAY: LiteralString = """
INSERT INTO webhook_replays (endpoint, feed, position, upto)
SELECT e.id, f.feed, %(position)s, greatest(w.position, e.since) FROM webhook_endpoints AS e
CROSS JOIN unnest(%(feeds)s::text[]) AS f(feed) LEFT JOIN webhook_feeds AS w USING (feed)
WHERE e.id = %(endpoint_id)s AND greatest(w.position, e.since) > %(position)s
ON CONFLICT (endpoint, feed) DO UPDATE
SET position = least(webhook_replays.position, excluded.position), upto = greatest(webhook_replays.upto, excluded.upto)
"""

CLOSE: LiteralString = """
WITH secrets AS (DELETE FROM webhook_secrets WHERE endpoint = %(endpoint_id)s),
     replays AS (DELETE FROM webhook_replays WHERE endpoint = %(endpoint_id)s)
UPDATE webhook_endpoints SET closed = true, enabled = false, disabled_because = coalesce(disabled_because, 'asked'),
    disabled_at = coalesce(disabled_at, %(at)s)
WHERE id = %(endpoint_id)s
"""

SIGNING: LiteralString = "SELECT endpoint, wrapped FROM webhook_secrets WHERE id = %s"

DELIVERY: LiteralString = "SELECT FROM webhook_deliveries WHERE endpoint = %s AND id = %s"
