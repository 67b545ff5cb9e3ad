"""What an operator's command changes beside the log: one statement each, about the version of a read model that is served.

Values are named as the fields of the rows. Each does nothing where there is nothing to do it to: the command has looked before.
"""

from typing import LiteralString

ASK_RETRY: LiteralString = """
    UPDATE parked_events SET retry_at = clock_timestamp()
    WHERE projection = %(projection)s AND version = served_version(%(projection)s) AND position = %(position)s
"""
"""projection, position"""

FORGET_PARKED: LiteralString = """
    WITH gone AS (
        DELETE FROM parked_events WHERE projection = %(projection)s AND version = served_version(%(projection)s) AND position = %(position)s
        RETURNING projection, version, position, sequence
    ), kept AS (
        INSERT INTO skipped_events (projection, version, position) SELECT projection, version, position FROM gone ON CONFLICT DO NOTHING
    )
    UPDATE parked_events AS p SET retry_at = clock_timestamp() FROM gone
    WHERE p.projection = gone.projection AND p.version = gone.version AND p.sequence = gone.sequence AND p.position <> gone.position
"""
"""projection, position. What was parked behind the event is tried again."""

SET_PAUSED: LiteralString = """
    UPDATE projection_positions SET paused = %(paused)s WHERE name = %(projection)s AND version = served_version(%(projection)s)
"""
"""projection, paused"""

ASK_REBUILD: LiteralString = """
    INSERT INTO projection_rebuilds (name, version, generation, purpose)
    VALUES (%(projection)s, served_version(%(projection)s), %(generation)s, %(purpose)s)
"""
"""projection, generation (by NEXT_GENERATION), purpose: 'rebuild' or 'check'.

Refused by `projection_rebuilds_one` where one is under way, by `projection_rebuilds_pkey` where the number is taken.
"""

NEXT_GENERATION: LiteralString = """
    SELECT 1 + greatest(
        (SELECT max(generation) FROM projection_positions WHERE name = %(projection)s AND version = served_version(%(projection)s)),
        (SELECT max(generation) FROM projection_rebuilds WHERE name = %(projection)s AND version = served_version(%(projection)s)))
"""
"""The number that a rebuild or a check asked for now is to have; NULL where there is no such projection."""

CANCEL_REBUILD: LiteralString = """
    UPDATE projection_rebuilds SET state = 'cancelled'
    WHERE name = %(projection)s AND version = served_version(%(projection)s) AND state IN ('requested', 'building', 'ready')
"""
"""projection"""

DROP_OLD: LiteralString = """
    UPDATE projection_rebuilds SET state = 'dropped'
    WHERE name = %(projection)s AND version = served_version(%(projection)s) AND state = 'switched'
"""
"""projection"""

ASK_REFOLD: LiteralString = """
    INSERT INTO projection_refolds (name, version, generation, key)
    SELECT found.name, found.version, found.generation, key FROM (
        SELECT name, version, generation FROM projection_positions WHERE name = %(projection)s
        UNION SELECT name, version, generation FROM projection_rebuilds
        WHERE name = %(projection)s AND state IN ('requested', 'building', 'ready')
    ) AS found, unnest(%(keys)s::text[]) AS key
    ON CONFLICT (name, version, generation, key) DO UPDATE SET asked = DEFAULT
"""
"""projection, keys: rows to be made from zero, of every version there is and of what is being built."""

REVIVE_JOB: LiteralString = """
    UPDATE jobs SET state = 'due', attempts = 0, due_at = %(at)s, ended_at = NULL WHERE id = %(job_id)s AND state = 'dead'
"""
"""job_id, at"""

DISCARD_JOB: LiteralString = "UPDATE jobs SET state = 'discarded', ended_at = %(at)s WHERE id = %(job_id)s AND state = 'dead'"
"""job_id, at"""

ASK_REACTION: LiteralString = """
    UPDATE parked_reactions SET retry_at = clock_timestamp() WHERE reader = 'effects' AND position = %(position)s
"""
"""position"""

FORGET_REACTION: LiteralString = "DELETE FROM parked_reactions WHERE reader = 'effects' AND position = %(position)s"
"""position"""

SET_MAINTENANCE: LiteralString = """
    UPDATE maintenance SET read_only = %(read_only)s, reason = %(reason)s, since = clock_timestamp()
"""
"""read_only, reason"""
