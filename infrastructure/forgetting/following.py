"""Everything derived from history follows an erasure: rows are made from zero, what lies beside is removed."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog
from msgspec import Struct
from psycopg.sql import SQL, Identifier
from psycopg_pool import ConnectionPool

from application.effects.due import due
from application.jobs.forget import Unfinished
from domain.personal import personal_fields
from domain.recorded import Recorded
from domain.values import Value
from infrastructure.eventlog.outcomes import translated
from infrastructure.forgetting import leftovers
from infrastructure.forgetting.expunging import KEPT
from infrastructure.operations.statements import ASK_REFOLD
from infrastructure.readstores import bookkeeping
from infrastructure.readstores.bookkeeping import Connection
from projections.users import mentions
from projections.view import Index, Journal, Key, Projection

LOOK_AGAIN = 0.05
PATIENCE = 5.0
PAGE = 1_000

logger = structlog.get_logger(__name__)

OPEN = "SELECT user_id, position FROM erasures WHERE done_at IS NULL AND (told_at IS NULL) = %s ORDER BY position"
LATELY = "SELECT EXISTS (SELECT FROM erasures WHERE done_at IS NULL AND told_at > clock_timestamp() - %s)"
MENTIONED = "SELECT DISTINCT position FROM {} WHERE person = ANY(%s) AND position > %s ORDER BY position LIMIT %s"
OWN = "SELECT position FROM events WHERE stream = ANY(%s)"
UNMADE = """
SELECT DISTINCT r.name FROM projection_refolds r JOIN projection_positions USING (name, version, generation)
JOIN unnest(%s::text[], %s::integer[]) AS t(name, version) USING (name, version)
"""
OTHERS = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname ~ %s"


class Erasure(Struct, frozen=True):
    """`position` is that of the event by which the person was erased."""

    user_id: UUID
    position: int


class Following:
    """Follows all erasures that are open at once, however many. Each step may be run again."""

    def __init__(
        self,
        pool: ConnectionPool[Any],
        at: Callable[[Sequence[int]], Sequence[Recorded[Any]]],
        projections: Sequence[Projection],
        expunge: Callable[[Sequence[Index[Any]]], None],
        patience: float = PATIENCE,
    ) -> None:
        """`at` reads events by their positions; `expunge` makes an engine of indices forget what was overwritten."""
        self._pool = pool
        self._at = at
        self._kept = [each for each in projections if remembers(each) and any(personal_fields(event) for event in each.events)]
        self._by_event = by_event(self._kept)
        self._expunge = expunge
        self._patience = patience

    def __call__(self) -> None:
        """Raises `Unfinished` while read models are behind: what is done stays done."""
        fresh = self._open(told=False)
        if fresh:
            self._wait_for(max(each.position for each in fresh))
            self._tell([each.user_id for each in fresh])
        told = self._open(told=True)
        if not told:
            return
        self._wait_until_made()
        if indices := [each for each in self._kept if isinstance(each, Index)]:
            self._expunge(indices)
            if self._lately_told():
                raise Unfinished("what was overwritten in indices is kept for a minute")
        persons = [each.user_id for each in told]
        with translated(), self._pool.connection() as connection:
            connection.execute("UPDATE erasures SET done_at = clock_timestamp() WHERE user_id = ANY(%s)", [persons])
        logger.info("erasures followed", persons=len(persons))

    def _open(self, *, told: bool) -> Sequence[Erasure]:
        with translated(), self._pool.connection() as connection:
            return [Erasure(*row) for row in connection.execute(OPEN, [not told]).fetchall()]

    def _lately_told(self) -> bool:
        with translated(), self._pool.connection() as connection:
            return connection.execute(LATELY, [KEPT]).fetchone() == (True,)

    def _wait_for(self, position: int) -> None:
        """Until then a worker may still hold events that it has read in clear, and would write them after us."""
        self._until("behind", lambda connection: self._behind(connection, position))

    def _behind(self, connection: Connection, position: int) -> Sequence[str]:
        asked = [*self._kept, mentions.journal]
        reached = bookkeeping.positions(connection, asked)
        return [each.name for each, at in zip(asked, reached, strict=True) if at < position]

    def _wait_until_made(self) -> None:
        names, versions = [each.name for each in self._kept], [each.version for each in self._kept]
        self._until("not made anew", lambda connection: [name for (name,) in connection.execute(UNMADE, [names, versions]).fetchall()])

    def _until(self, what: str, left: Callable[[Connection], Sequence[str]]) -> None:
        until = time.monotonic() + self._patience
        while True:
            with translated(), self._pool.connection() as connection:
                names = left(connection)
            if not names:
                return
            if time.monotonic() >= until:
                raise Unfinished(f"{what}: {', '.join(sorted(names))}")
            time.sleep(LOOK_AGAIN)

    def _tell(self, persons: list[UUID]) -> None:
        """Ask for every row that an event about them went into, and remove what lies beside, page by page."""
        keys: dict[str, set[str]] = {}
        for page in self._pages(persons):
            for recorded in page:
                for projection in self._by_event.get(type(recorded.event), ()):
                    if (key := key_of(projection, recorded.event)) is not None:
                        keys.setdefault(projection.name, set()).add(str(key))
            found = leftovers.Found(
                persons,
                list({each.stream for each in page}),
                [each.position for each in page],
                [job.id for each in page for job in due(each)],
            )
            with translated(), self._pool.connection() as connection, connection.transaction():
                leftovers.remove(connection, found)
        with translated(), self._pool.connection() as connection, connection.transaction():
            for projection in self._kept:
                if asked := sorted(keys.get(projection.name, ())):
                    connection.execute(ASK_REFOLD, {"projection": projection.name, "keys": asked})
                    forget_other_versions(connection, projection, asked)
            connection.execute("UPDATE erasures SET told_at = clock_timestamp() WHERE user_id = ANY(%s)", [persons])

    def _pages(self, persons: list[UUID]) -> Iterator[Sequence[Recorded[Any]]]:
        """The events about them, and those of their own streams, which owed letters to them."""
        after = 0
        mentioned = SQL(MENTIONED).format(Identifier(mentions.journal.table))
        while True:
            with translated(), self._pool.connection() as connection:
                positions = [at for (at,) in connection.execute(mentioned, [persons, after, PAGE]).fetchall()]
                own = [] if after else [at for (at,) in connection.execute(OWN, [persons]).fetchall()]
            if wanted := sorted({*positions, *own}):
                yield self._at(wanted)
            if len(positions) < PAGE:
                return
            after = positions[-1]


def remembers(projection: Projection) -> bool:
    """Whether it has anything personal to be made anew: a journal's rows have not."""
    return not isinstance(projection, Journal) or projection.known is not None


def by_event(projections: Sequence[Projection]) -> Mapping[type[Value], Sequence[Projection]]:
    found: dict[type[Value], list[Projection]] = {}
    for projection in projections:
        for event in projection.events:
            found.setdefault(event, []).append(projection)
    return found


def key_of(projection: Projection, event: Value) -> Key | None:
    find: Callable[[Any], Key | None] = projection.key
    try:
        return find(event)
    except Exception:  # noqa: BLE001 - whatever a projection raises: the event is parked there, and in no row
        return None


def forget_other_versions(connection: Connection, projection: Projection, keys: Sequence[str]) -> None:
    """Rows of another release's version go: no code here could make them anew. Where that release still runs, it does."""
    if projection.engine != "postgres":
        return
    own = {f"view_{projection.name}_v{projection.version}", f"view_{projection.name}_v{projection.version}_known"}
    for (table,) in connection.execute(OTHERS, [f"^view_{projection.name}_v[0-9]+(_known)?$"]).fetchall():
        if table in own or not has_key(connection, table):
            continue
        connection.execute(SQL("DELETE FROM {} WHERE key::text = ANY(%s)").format(Identifier(table)), [list(keys)])


def has_key(connection: Connection, table: str) -> bool:
    """Journals have rows without a key, and nothing personal in them."""
    asked = "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'key')"
    return connection.execute(asked, [table]).fetchone() == (True,)
