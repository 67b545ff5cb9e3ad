"""What a projection remembers of each thing, for events that say too little by themselves: rows written with its position."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from psycopg.sql import SQL, Composed, Identifier

from infrastructure.readstores.bookkeeping import Connection
from projections.view import Key


def create(table: str) -> Composed:
    """`table` is the projection's own; what it remembers lies beside it."""
    return SQL("CREATE TABLE IF NOT EXISTS {} (key text PRIMARY KEY, document text NOT NULL)").format(_beside(table))


def remembered(connection: Connection, table: str, kind: type[Any], keys: Sequence[Key]) -> dict[Key, Any]:
    names = {str(key): key for key in keys}
    rows = connection.execute(SQL("SELECT key, document FROM {} WHERE key = ANY(%s)").format(_beside(table)), [list(names)]).fetchall()
    decoder = msgspec.json.Decoder(kind)
    return {names[name]: decoder.decode(document) for name, document in rows}


def remember(connection: Connection, table: str, touched: Mapping[Key, Any]) -> None:
    """What is known from now on of the things that events have touched; nothing of those that are None."""
    kept = [(str(key), msgspec.json.encode(known).decode()) for key, known in touched.items() if known is not None]
    gone = [str(key) for key, known in touched.items() if known is None]
    if kept:
        connection.execute(
            SQL(
                "INSERT INTO {} SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT (key) DO UPDATE SET document = excluded.document"
            ).format(_beside(table)),
            [list(column) for column in zip(*kept, strict=True)],
        )
    if gone:
        connection.execute(SQL("DELETE FROM {} WHERE key = ANY(%s)").format(_beside(table)), [gone])


def _beside(table: str) -> Identifier:
    return Identifier(f"{table}_known")
