"""The SQL of the log: appends that hold a floor, and the load of a command."""
# ruff: noqa: S608 - the texts are put together from constants of this module

FLOOR = "SELECT last_value, pg_advisory_xact_lock_shared(last_value) FROM events_position"
"""Taken before any position is drawn: readers stop at the smallest floor held (see `stable_position` in the migration)."""

APPEND_ONE = f"""
WITH floor AS MATERIALIZED ({FLOOR}), appended AS (
    INSERT INTO events (position, stream, version, kind, type, schema, event_id, data,
                        actor, command_id, correlation_id, causation_id)
    SELECT nextval('events_position'), %b::uuid, %b::bigint, %b::text, %b::text, %b::smallint, %b::uuid, %b::bytea,
           %b::uuid, %b::uuid, %b::uuid, %b::uuid
    FROM floor
    RETURNING command_id, stream, version, position
)
INSERT INTO commands (command_id, ordinal, stream, version, position, fingerprint)
SELECT command_id, 0, stream, version, position, %b::bytea FROM appended
RETURNING position
"""
"""One event of one stream and the command's result, which is nearly every append."""

APPEND_ONE_TYPES = "uuid bigint text text smallint uuid bytea uuid uuid uuid uuid bytea"

APPEND = f"""
WITH floor AS MATERIALIZED ({FLOOR}), drawn AS MATERIALIZED (
    SELECT draw_positions(%(events)b::integer) AS positions FROM floor
), appended AS (
    INSERT INTO events (position, stream, version, kind, type, schema, event_id, data,
                        actor, command_id, correlation_id, causation_id)
    SELECT positions[e.ordinal], e.stream, e.version, e.kind, e.type, e.schema, e.event_id, e.data,
           %(actor)b::uuid, %(command_id)b::uuid, %(correlation_id)b::uuid, %(causation_id)b::uuid
    FROM drawn, unnest(%(streams)b::uuid[], %(versions)b::bigint[], %(kinds)b::text[], %(types)b::text[],
                       %(schemas)b::smallint[], %(event_ids)b::uuid[], %(data)b::bytea[])
         WITH ORDINALITY AS e(stream, version, kind, type, schema, event_id, data, ordinal)
    ORDER BY e.stream, e.version  -- two appends to the same streams meet at the first of them, and do not deadlock
    RETURNING stream, version, position
), recorded AS (
    INSERT INTO commands (command_id, ordinal, stream, version, position, fingerprint)
    SELECT %(command_id)b::uuid, c.ordinal - 1, c.stream, c.version,
           coalesce((SELECT a.position FROM appended a WHERE a.stream = c.stream AND a.version = c.version),
                    (SELECT e.position FROM events e WHERE e.stream = c.stream AND e.version = c.version), 0),
           %(fingerprint)b::bytea
    FROM unnest(%(result_streams)b::uuid[], %(result_versions)b::bigint[]) WITH ORDINALITY AS c(stream, version, ordinal)
    RETURNING ordinal, position
)
SELECT positions, ARRAY(SELECT position FROM recorded ORDER BY ordinal) FROM drawn
"""
"""Any number of events in any number of streams, and the command's results, one for each stream."""

INSERT_KEY = "INSERT INTO personal_keys (subject, wrapped) VALUES (%b, %b)"
"""No ON CONFLICT: who makes a person's second key has lost, and decides again with the first."""

COLUMNS = "position, stream, version, type, schema, event_id, data, actor, command_id, correlation_id, causation_id, recorded_at"

LOAD = f"""
WITH before AS MATERIALIZED (SELECT ordinal, stream, version, position, fingerprint FROM commands WHERE command_id = %b)
SELECT -1 AS ordinal, epoch, NULL::uuid, NULL::bigint, NULL::text, NULL::smallint, NULL::uuid, NULL::bytea,
       NULL::uuid, NULL::uuid, NULL::uuid, NULL::uuid, NULL::timestamptz
FROM key_epoch
UNION ALL
SELECT ordinal, position, stream, version, NULL, NULL, NULL, fingerprint, NULL, NULL, NULL, NULL, NULL FROM before
UNION ALL
SELECT NULL, {COLUMNS} FROM events WHERE stream = ANY(%b || ARRAY(SELECT stream FROM before))
"""
"""Told apart by the first column: -1 is the key epoch, from 0 the command's earlier results, null an event."""

LOAD_TYPES = "uuid uuid[]"

LOAD_ON = f"""
WITH wanted AS MATERIALIZED (
    SELECT a.stream, coalesce(s.version, a.after) AS after, s.version, s.schema, s.state
    FROM unnest((SELECT %b), (SELECT %b)) AS a(stream, after)
    LEFT JOIN snapshots AS s ON s.stream = a.stream AND s.version > a.after AND s.schema = ANY((SELECT %b)::uuid[])
)
SELECT -1 AS ordinal, epoch, NULL::uuid, NULL::bigint, NULL::text, NULL::smallint, NULL::uuid, NULL::bytea,
       NULL::uuid, NULL::uuid, NULL::uuid, NULL::uuid, NULL::timestamptz
FROM key_epoch
UNION ALL
SELECT ordinal, position, stream, version, NULL, NULL, NULL, fingerprint, NULL, NULL, NULL, NULL, NULL
FROM commands WHERE command_id = %b
UNION ALL
SELECT -2, NULL, stream, version, NULL, NULL, schema, state, NULL, NULL, NULL, NULL, NULL FROM wanted WHERE version IS NOT NULL
UNION ALL
SELECT NULL, e.* FROM wanted CROSS JOIN LATERAL (
    SELECT {COLUMNS} FROM events WHERE stream = wanted.stream AND version > wanted.after ORDER BY version
) AS e
"""
"""The same of streams of which a part is known: -2 is a snapshot, from which the events go on, as they do from the versions given.

Arrays stand in subqueries, so that a plan made for any arrays looks as good as one made for these, and is made once.
"""

LOAD_ON_TYPES = "uuid[] bigint[] uuid[] uuid"

KEEP_SNAPSHOT = """
INSERT INTO snapshots AS s (stream, kind, version, schema, state) VALUES (%b, %b, %b, %b, %b)
ON CONFLICT (stream) DO UPDATE SET kind = excluded.kind, version = excluded.version, schema = excluded.schema, state = excluded.state,
    kept_at = excluded.kept_at
WHERE s.version < excluded.version OR s.schema <> excluded.schema
"""

PERSONAL_EVENTS = "SELECT type, data FROM events WHERE stream = %b AND version <= %b AND type = ANY(%b)"

LOCK_STREAMS = """
SELECT pg_advisory_xact_lock(first, second), (SELECT set_config('plan_cache_mode', 'force_generic_plan', true))
FROM unnest(%b::integer[], %b::integer[]) AS keys(first, second)
"""
"""For this transaction plans are made once for all values: to plan a load anew takes longer than to run it, while others wait."""

STABLE = "SELECT stable_position(), epoch, last_value FROM key_epoch, events_position"

READ = f"SELECT {COLUMNS} FROM events WHERE position > %b AND position <= %b ORDER BY position LIMIT %b"
READ_TYPES = f"SELECT {COLUMNS} FROM events WHERE position > %b AND position <= %b AND type = ANY(%b) ORDER BY position LIMIT %b"
READ_AT = f"SELECT {COLUMNS} FROM events WHERE position = ANY(%b) ORDER BY position"
READ_STREAM = f"SELECT {COLUMNS} FROM events WHERE stream = %b AND version > %b AND version <= %b ORDER BY version"

SELECT = """
SELECT stream, version, type, data FROM events WHERE stream = %(id)s AND version > %(gt)s AND version <= %(lte)s
ORDER BY version LIMIT %(limit)s
"""
SELECT_LATEST_FIRST = SELECT.replace("ORDER BY version", "ORDER BY version DESC")
"""A stream as the library's recorders read it."""
