"""Why an event happened, and what followed from it: the chain of causes, found again from what the log holds."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from application.effects.effect import Reaction
from application.jobs.react import command_id
from domain.process import Owed
from domain.values import Value
from infrastructure.eventlog.mapper import EventMapper, stable_name
from infrastructure.readstores.bookkeeping import Connection
from projections.audit import Cause, Causes

MOST = 1000
"""Events that are shown of each part of a chain."""

COMMANDS = 64
"""Commands of one reaction whose ids are tried where its rule can no longer be asked what it owes."""

JOB = "job"
"""Through what a command came where it cannot be told which job did it."""

MARGINS = (timedelta(seconds=2), timedelta(minutes=5), timedelta(days=1))
"""How far the moment in an event's id and the one it was recorded at may lie apart; what is found in the first needs no second. The
last is for clocks that were set back."""

FIND = """
SELECT position, correlation_id FROM events
WHERE position > position_around(%(moment)s - %(margin)s::interval) AND position <= position_around(%(moment)s + %(margin)s::interval)
  AND event_id = %(event_id)s
"""
"""By the moment that a UUIDv7 begins with, which spares the log an index that every append would pay for."""

# A command and what follows from it keep the correlation of the request that it all began with, so one index leads to the whole. What
# gave a command is an event, or a job that was due for an event, or what a payment provider said.
CHAIN = """
WITH RECURSIVE related AS MATERIALIZED (
    SELECT e.position, e.event_id, e.command_id, coalesce(j.event_id, e.causation_id) AS causation_id,
           coalesce('job ' || j.kind, 'message of ' || m.provider) AS through
    FROM events e LEFT JOIN jobs j ON j.id = e.causation_id LEFT JOIN payment_messages m ON m.id = e.causation_id
    WHERE e.correlation_id = %(correlation)s
), asked AS (
    SELECT * FROM related WHERE event_id = %(event_id)s
), up AS (
    SELECT r.*, 1 AS above FROM related r JOIN asked a ON r.event_id = a.causation_id
    UNION ALL
    SELECT r.*, up.above + 1 FROM related r JOIN up ON r.event_id = up.causation_id
), down AS (
    SELECT r.*, 1 AS below FROM related r JOIN asked a ON r.causation_id = a.event_id
    UNION ALL
    SELECT r.*, down.below + 1 FROM related r JOIN down ON r.causation_id = down.event_id
), beside AS (
    SELECT r.* FROM related r JOIN asked a USING (command_id) WHERE r.event_id <> a.event_id
), chosen AS (
    (SELECT position, causation_id, through, -above AS depth, 'up' AS part FROM up LIMIT %(most)s)
    UNION ALL SELECT position, causation_id, through, 0, 'event' FROM asked
    UNION ALL (SELECT position, causation_id, through, 0, 'together' FROM beside LIMIT %(most)s)
    UNION ALL (SELECT position, causation_id, through, below, 'down' FROM down LIMIT %(most)s)
)
SELECT c.part, c.depth, e.position, e.event_id, e.stream, e.version, e.kind, e.type, e.recorded_at, e.actor, e.command_id,
       c.causation_id, c.through, e.schema, e.data
FROM chosen c JOIN events e USING (position) ORDER BY c.depth, e.position
"""


class Link(Value, frozen=True):
    """A row of `CHAIN`."""

    part: str
    depth: int
    position: int
    event_id: UUID
    stream: UUID
    version: int
    kind: str
    type: str
    recorded_at: datetime
    actor: UUID
    command_id: UUID
    causation_id: UUID | None
    through: str | None
    schema: int
    data: bytes


class Tracing:
    """Knows the rules by which events lead to commands, so that it can say which of them a command came by."""

    def __init__(self, reactions: Iterable[Reaction[Any]], mapper: EventMapper) -> None:
        self._mapper = mapper
        self._reactions: dict[str, list[Reaction[Any]]] = {}
        for each in reactions:
            self._reactions.setdefault(stable_name(each.event), []).append(each)

    def causes(self, connection: Connection, event_id: UUID) -> Causes | None:
        correlation = find(connection, event_id)
        if correlation is None:
            return None
        asked = {"correlation": correlation, "event_id": event_id, "most": MOST + 1}
        with connection.cursor(row_factory=class_row(Link)) as cursor:
            links = cursor.execute(CHAIN, asked).fetchall()
        by_id = {each.event_id: each for each in links}
        origins = {each.event_id: self._origin(each, by_id) for each in links}
        parts: dict[str, list[Cause]] = {"up": [], "event": [], "together": [], "down": []}
        first = min(each.depth for each in links)
        for link in links:
            through, command = origins[link.event_id]
            parts[link.part].append(shown(link, link.depth - first, through, command))
        cut = any(len(parts[name]) > MOST for name in parts)
        return Causes(
            correlation, parts["up"][:MOST], parts["event"][0], parts["together"][:MOST], in_order(parts["down"][:MOST], event_id), cut
        )

    def _origin(self, link: Link, by_id: Mapping[UUID, Link]) -> tuple[str | None, str | None]:
        """The rule that gave the event's command, and the command's name."""
        if link.causation_id is None or link.through is not None:
            return link.through, None
        cause = by_id.get(link.causation_id)
        if cause is None:
            return JOB, None
        for reaction in self._reactions.get(cause.type, ()):
            owed = self._owed(reaction, cause)
            for ordinal in range(len(owed) if owed is not None else COMMANDS):
                if command_id(cause.event_id, reaction.name, ordinal) == link.command_id:
                    return reaction.name, type(owed[ordinal][1]).__name__ if owed is not None else None
        return JOB, None

    def _owed(self, reaction: Reaction[Any], cause: Link) -> Owed | None:
        """What a rule owes for an event, which is the same for ever; None where it cannot be asked without anybody's private words."""
        try:
            return reaction.react(self._mapper.decode(cause.type, cause.schema, cause.data, cause.event_id))
        except Exception:  # noqa: BLE001 - whatever a rule makes of erased words, the chain is shown without the command's name
            return None


def find(connection: Connection, event_id: UUID) -> UUID | None:
    """The correlation of an event."""
    if event_id.version != 7:
        return None
    moment = datetime.fromtimestamp((event_id.int >> 80) / 1000, UTC)
    for margin in MARGINS:
        row = connection.execute(FIND, {"moment": moment, "margin": margin, "event_id": event_id}).fetchone()
        if row is not None:
            return row[1]
    return None


def shown(link: Link, depth: int, through: str | None, command: str | None) -> Cause:
    return Cause(
        depth,
        link.position,
        link.event_id,
        link.stream,
        link.version,
        link.kind,
        link.type,
        link.recorded_at,
        link.actor,
        link.command_id,
        command,
        through,
        link.causation_id,
    )


def in_order(causes: Sequence[Cause], root: UUID) -> list[Cause]:
    """Each event before what follows from it, as a tree is read."""
    followers: dict[UUID | None, list[Cause]] = {}
    for each in causes:
        followers.setdefault(each.caused_by, []).append(each)
    ordered: list[Cause] = []
    pending = list(reversed(followers.get(root, ())))
    while pending:
        each = pending.pop()
        ordered.append(each)
        pending += reversed(followers.get(each.event_id, ()))
    return ordered
