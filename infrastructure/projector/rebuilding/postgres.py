"""Building in Postgres: tables of the same names in a schema of their own, which change places with the served ones in a transaction."""

from collections.abc import Generator
from contextlib import contextmanager

from psycopg.sql import SQL, Composed, Identifier, Literal

from infrastructure.projector.rebuilding import books
from infrastructure.projector.rebuilding.site import SHOWN, Bench, Comparison, Difference
from infrastructure.readstores import bookkeeping
from infrastructure.readstores.bookkeeping import reaching_postgres
from infrastructure.readstores.declared import comma
from infrastructure.readstores.generations.books import Building
from infrastructure.readstores.generations.tables import BUILDING, REPLACED, Table, tables_of
from infrastructure.readstores.postgres import PostgresStore, creation, in_postgres
from projections.view import Feed, Projection

LOCK_MILLISECONDS = 250
"""How long the switch waits for queries that run, and so how long other queries may wait for the switch."""


DOCUMENTS = "(s.document::text IS DISTINCT FROM b.document::text AND s.document::jsonb IS DISTINCT FROM b.document::jsonb)"


class PostgresSite:
    """Views and journals; a feed is only ever compared, since consumers have read what it has told."""

    def __init__(self, bench: Bench, generation: int) -> None:
        self._connection = bench.beside
        self._schema = bench.schema
        self._generation = generation
        self.store = PostgresStore(bench.beside, Building(generation, bench.schema))

    def begin(self, projection: Projection) -> None:
        kept = in_postgres(projection)
        with reaching_postgres(), self._connection.transaction():
            self._remove(BUILDING, projection)
            for statement in creation(kept):
                if statement.as_string().startswith("CREATE TABLE"):
                    self._connection.execute(statement)

    def finish(self, projection: Projection) -> None:
        """Indexes are made over all rows at once, which costs less than keeping them from the first row on."""
        self.store.prepare(projection)
        with reaching_postgres():
            for table in tables_of(in_postgres(projection)):
                self._connection.execute(SQL("ANALYZE {}").format(Identifier(BUILDING, table.name)))

    def switch(self, projection: Projection) -> bool:
        kept = in_postgres(projection)
        if isinstance(kept, Feed):
            raise TypeError(f"{projection.name} has been read by consumers, and stays")
        try:
            with reaching_postgres(), self._connection.transaction():
                return self._switch(projection)
        except bookkeeping.Busy:
            return False

    def _switch(self, projection: Projection) -> bool:
        self._among(self._schema)
        self._connection.execute(SQL("SET LOCAL lock_timeout = {}").format(Literal(LOCK_MILLISECONDS)))
        self._connection.execute("SET LOCAL synchronous_commit = on")
        with bookkeeping.giving_way():
            # The worker's transactions begin with this row: it comes before the switch or after it.
            served = bookkeeping.hold(self._connection, projection)
            position = books.wanted(self._connection, projection, self._generation)
            if position is None or position < served:
                return False
            self._remove(REPLACED, projection)
            for table in tables_of(in_postgres(projection)):
                for name, to in ((self._schema, REPLACED), (BUILDING, self._schema)):
                    move = SQL("ALTER TABLE IF EXISTS {} SET SCHEMA {}").format(Identifier(name, table.name), Identifier(to))
                    self._connection.execute(move)
        books.serve(self._connection, projection, self._generation, position)
        return True

    @contextmanager
    def still(self, projection: Projection) -> Generator[int]:
        with reaching_postgres(), self._connection.transaction():
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            self._among(self._schema)
            (served,) = bookkeeping.positions(self._connection, [projection])
            self._among(BUILDING)
            yield served

    def compare(self, projection: Projection) -> Comparison | None:
        rows = differences = 0
        first: list[Difference] = []
        for table in tables_of(in_postgres(projection)):
            found = self._connection.execute(_differences(table, self._schema), {"shown": SHOWN}).fetchall()
            counted = self._connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(BUILDING, table.name))).fetchone()
            rows += counted[0] if counted else 0
            differences += found[0][0] if found else 0
            first += [Difference(table.name, key, kind, fields or ()) for _, key, kind, fields in found]
        (at,) = self.store.positions([projection])
        return Comparison(at, rows, differences, first[:SHOWN])

    def clear(self, projection: Projection) -> None:
        with reaching_postgres(), self._connection.transaction():
            self._remove(BUILDING, projection)

    def drop(self, projection: Projection) -> None:
        with reaching_postgres(), self._connection.transaction():
            self._remove(REPLACED, projection)

    def _remove(self, schema: str, projection: Projection) -> None:
        for table in tables_of(in_postgres(projection)):
            self._connection.execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(schema, table.name)))

    def _among(self, schema: str) -> None:
        self._connection.execute(SQL("SET LOCAL search_path = {}").format(Identifier(schema)))


def _differences(table: Table, served: str) -> Composed:
    """How many rows differ, and the first of them: the key, what is with it, and the fields that differ."""
    plain = table.key in (["key"], ["position"])
    key = SQL("({})::text" if plain else "ROW({})::text").format(comma([Identifier(each) for each in table.key]))
    others = [each for each in table.others if each != "document"]
    changed: list[Composed] = [
        SQL("CASE WHEN s.{0}::text IS DISTINCT FROM b.{0}::text THEN {1} END").format(Identifier(each), Literal(each)) for each in others
    ]
    fields = SQL("array_remove(ARRAY[{}]::text[], NULL)").format(comma(changed))
    differs = [SQL("s.{0}::text IS DISTINCT FROM b.{0}::text").format(Identifier(each)) for each in others]
    if "document" in table.others:
        fields = SQL(
            "{} || CASE WHEN s.key IS NULL OR b.key IS NULL THEN '{{}}' ELSE (SELECT coalesce(array_agg(key ORDER BY key), '{{}}')"
            " FROM jsonb_each(s.document::jsonb) AS x FULL JOIN jsonb_each(b.document::jsonb) AS y USING (key)"
            " WHERE x.value IS DISTINCT FROM y.value) END"
        ).format(fields)
        differs.append(SQL(DOCUMENTS).format())
    return SQL(
        "WITH s AS (SELECT {key} AS _key, * FROM {served}), b AS (SELECT {key} AS _key, * FROM {built})"
        " SELECT count(*) OVER (), coalesce(s._key, b._key), CASE WHEN s._key IS NULL THEN 'missing' WHEN b._key IS NULL THEN 'extra'"
        " ELSE 'differs' END, CASE WHEN s._key IS NOT NULL AND b._key IS NOT NULL THEN {fields} END"
        " FROM s FULL JOIN b USING (_key) WHERE s._key IS NULL OR b._key IS NULL OR {differs} ORDER BY 2 LIMIT %(shown)s"
    ).format(
        key=key,
        served=Identifier(served, table.name),
        built=Identifier(BUILDING, table.name),
        fields=fields,
        differs=SQL(" OR ").join(differs),
    )
