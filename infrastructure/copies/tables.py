"""What a dump holds: everything but what is made from the log again."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from psycopg import sql

from infrastructure.postgres import Connection

DERIVED = frozenset(
    {
        "migrations",  # told in the contents
        "snapshots",
        "projection_positions",
        "projection_rebuilds",
        "projection_refolds",
        "parked_events",
        "skipped_events",
    }
)
"""Read models themselves have names that begin with `view_`; they and all this are made anew from the log."""

TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE 'view\\_%'
GROUP BY c.relname ORDER BY c.relname
"""
REFERENCES = """
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid
"""
SEQUENCES = """
SELECT s.relname, s.oid::regclass::text FROM pg_class s WHERE s.relnamespace = 'public'::regnamespace AND s.relkind = 'S'
  AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
                  WHERE d.objid = s.oid AND d.deptype IN ('a', 'i') AND (t.relname = ANY(%s) OR t.relname LIKE 'view\\_%%'))
ORDER BY 1
"""


class Contents(Struct, frozen=True, rename="camel"):
    """What a dump says of itself at its beginning: columns by table, in an order in which they can be brought back."""

    format: str
    made_at: str
    migrations: Mapping[str, str]
    tables: Mapping[str, Sequence[str]]
    sequences: Mapping[str, int]
    events: int


class Kept(Struct, frozen=True):
    """What a table's part came to."""

    rows: int
    sha256: str


def kept_tables(connection: Connection) -> dict[str, list[str]]:
    """With their columns, each behind those that its rows refer to."""
    found = {name: columns for name, columns in connection.execute(TABLES).fetchall() if name not in DERIVED}
    needs: dict[str, set[str]] = {name: set() for name in found}
    for table, other in connection.execute(REFERENCES).fetchall():
        if table in needs and other in needs:
            needs[table].add(other)
    ordered: dict[str, list[str]] = {}
    while len(ordered) < len(found):
        free = [name for name in found if name not in ordered and needs[name] <= ordered.keys()]
        if not free:
            raise ValueError(f"tables refer to each other: {', '.join(sorted(found.keys() - ordered.keys()))}")
        ordered |= {name: found[name] for name in free}
    return ordered


def sequences(connection: Connection) -> dict[str, int]:
    """How far each has come that numbers what is kept."""
    names = connection.execute(SEQUENCES, [list(DERIVED)]).fetchall()
    found: dict[str, int] = {}
    for name, _ in names:
        ((value, called),) = connection.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))).fetchall()
        if called:
            found[name] = value
    return found


def copied(table: str, columns: Sequence[str]) -> sql.Composed:
    """What is read of a table, for COPY: events in the order of the log."""
    order = sql.SQL(" ORDER BY position") if table == "events" else sql.SQL("")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(table)) + order
