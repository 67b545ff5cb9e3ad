"""What is kept of a person's events beside the log, found by their ids: one statement for each kind of it."""

from collections.abc import Iterable
from typing import Any, LiteralString
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict

from infrastructure.readstores.bookkeeping import Connection

STATEMENTS: tuple[LiteralString, ...] = (
    # Sealed with the destroyed keys: of no use to anyone.
    "DELETE FROM snapshots WHERE stream = ANY(%(streams)s)",
    "DELETE FROM local_mail WHERE id = ANY(%(jobs)s)",
    "DELETE FROM local_texts WHERE id = ANY(%(jobs)s)",
    "UPDATE jobs SET note = '' WHERE id = ANY(%(jobs)s) AND note <> ''",
    # An error may quote the event: its kind is enough to whoever looks at it.
    "UPDATE parked_events SET error = split_part(error, ':', 1) WHERE position = ANY(%(positions)s)",
    "UPDATE parked_reactions SET error = split_part(error, ':', 1) WHERE position = ANY(%(positions)s)",
    # Providers write the payer's name and address into their messages; that there was one stays.
    "UPDATE payment_messages SET body = '' WHERE payment_id = ANY(%(streams)s) AND body <> ''",
    "UPDATE payment_attempts SET action_url = '' WHERE payment_id = ANY(%(streams)s) AND action_url <> ''",
    "DELETE FROM tier_checkouts WHERE user_id = ANY(%(persons)s)",
    "DELETE FROM supplier_documents WHERE supplier_id = ANY(%(streams)s)",
    # Where he was, and where somebody went to find him.
    "DELETE FROM courier_positions WHERE courier_id = ANY(%(persons)s)",
    "DELETE FROM courier_tracks WHERE courier_id = ANY(%(persons)s) OR delivery_id = ANY(%(streams)s)",
    """
    WITH brought AS MATERIALIZED (SELECT DISTINCT stream FROM events WHERE actor = ANY(%(persons)s) AND kind = 'import'),
    rows AS (DELETE FROM import_rows WHERE import_id IN (SELECT stream FROM brought))
    DELETE FROM import_files WHERE import_id IN (SELECT stream FROM brought)
    """,
)


class Found(Struct, frozen=True):
    """Persons, the streams and positions of the events that are about them, and the jobs that those events owed."""

    persons: list[UUID]
    streams: list[UUID]
    positions: list[int]
    jobs: list[UUID]


def remove(connection: Connection, found: Found, statements: Iterable[LiteralString] = STATEMENTS) -> None:
    values: dict[str, Any] = asdict(found)
    for statement in statements:
        connection.execute(statement, values)
