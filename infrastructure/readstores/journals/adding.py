"""Rows added to a journal with the sums they move, in the transaction that moves its position: every event counts once."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import asdict
from psycopg.sql import Composed

from domain.recorded import Recorded
from infrastructure.readstores.bookkeeping import Connection
from infrastructure.readstores.folding import Keyed, describe, keyed
from infrastructure.readstores.journals.known import remember, remembered
from infrastructure.readstores.store import Parked, Step
from projections.view import Journal, Key


class Given(Struct):
    """What a batch gives: rows in order, what is known afterwards of the things it touched, and what was parked."""

    rows: list[dict[str, Any]]
    touched: dict[Key, Any]
    parked: list[Parked]


def add(connection: Connection, journal: Journal[Any], statement: Composed, step: Step) -> Sequence[Parked]:
    """Take the batch; `statement` is what `tables.add` makes. Return what was parked."""
    these = keyed(journal, step)
    known: dict[Key, Any] = {}
    if journal.known is not None and these.events:
        known = remembered(connection, journal.table, journal.known, these.keys)
    given = read(journal, these, known)
    if given.rows:
        connection.execute(statement, (msgspec.json.encode(given.rows).decode(),))
    if journal.known is not None:
        remember(connection, journal.table, given.touched)
    return given.parked


def read(journal: Journal[Any], these: Keyed, known: dict[Key, Any]) -> Given:
    """Ask each event for its rows. What fails is parked, and what comes behind it with the same key."""
    given = Given([], {}, list(these.parked))
    blocked: set[Key] = set()
    for key, recorded in these.events:
        if key in blocked:
            given.parked.append(Parked(recorded, str(key), ""))
            continue
        try:
            rows = _numbered(journal, known.get(key), recorded)
            after = journal.evolve(known.get(key), recorded.event) if journal.known is not None else None
        except Exception as error:  # noqa: BLE001 - whatever a journal raises, the event is parked
            given.parked.append(Parked(recorded, str(key), describe(error)))
            blocked.add(key)
            continue
        given.rows += rows
        known[key] = given.touched[key] = after
    given.parked.sort(key=lambda each: each.recorded.position)
    return given


def _numbered(journal: Journal[Any], known: Any, recorded: Recorded[Any]) -> list[dict[str, Any]]:
    rows = journal.rows(known, recorded.event)
    return [{"position": recorded.position, "ordinal": ordinal, **asdict(row)} for ordinal, row in enumerate(rows)]
