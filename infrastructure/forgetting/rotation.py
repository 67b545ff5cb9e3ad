"""Everything that is wrapped by an older key-encryption key is wrapped by the newest, while the service runs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, LiteralString

from msgspec import Struct
from psycopg_pool import ConnectionPool

from infrastructure.eventlog.outcomes import translated
from infrastructure.invoices.archive import of_year
from infrastructure.suppliers.archive import bound_to
from infrastructure.webhooks.signing import bound_to as of_endpoint
from infrastructure.wrapping import Wrapping

BATCH = 500


class Wrapped(Struct, frozen=True):
    """A table with a column `wrapped`. `page` gives rows after a key: the key, what the wrapping is bound to is made of, the wrapping."""

    name: str
    first: Any
    count: LiteralString
    page: LiteralString
    update: LiteralString
    bound_to: Callable[..., bytes]


NO_ID = "00000000-0000-0000-0000-000000000000"
EVERYWHERE: Sequence[Wrapped] = (
    Wrapped(
        "keys of persons",
        NO_ID,
        "SELECT count(*) FROM personal_keys WHERE wrapped IS NOT NULL",
        "SELECT subject, wrapped, subject FROM personal_keys WHERE wrapped IS NOT NULL AND subject > %s ORDER BY subject LIMIT %s",
        "UPDATE personal_keys SET wrapped = %(new)s WHERE subject = %(key)s AND wrapped = %(old)s",
        lambda subject: subject.bytes,
    ),
    Wrapped(
        "keys of invoices by year",
        0,
        "SELECT count(*) FROM invoice_keys",
        "SELECT year, wrapped, year FROM invoice_keys WHERE year > %s ORDER BY year LIMIT %s",
        "UPDATE invoice_keys SET wrapped = %(new)s WHERE year = %(key)s AND wrapped = %(old)s",
        of_year,
    ),
    Wrapped(
        "keys of suppliers' papers",
        NO_ID,
        "SELECT count(*) FROM supplier_documents",
        "SELECT document_id, wrapped, supplier_id, document_id FROM supplier_documents WHERE document_id > %s ORDER BY 1 LIMIT %s",
        "UPDATE supplier_documents SET wrapped = %(new)s WHERE document_id = %(key)s AND wrapped = %(old)s",
        bound_to,
    ),
    Wrapped(
        "secrets of webhook endpoints",
        NO_ID,
        "SELECT count(*) FROM webhook_secrets",
        "SELECT id, wrapped, endpoint FROM webhook_secrets WHERE id > %s ORDER BY id LIMIT %s",
        "UPDATE webhook_secrets SET wrapped = %(new)s WHERE id = %(key)s AND wrapped = %(old)s",
        of_endpoint,
    ),
)


class Rotation:
    """Begun again it goes through everything and changes what is left. A key that is destroyed meanwhile stays destroyed."""

    def __init__(self, pool: ConnectionPool[Any], keys: Sequence[bytes], tables: Sequence[Wrapped] = EVERYWHERE) -> None:
        self._pool = pool
        self._wrapping = Wrapping(keys)
        self._tables = tables

    def total(self) -> Mapping[str, int]:
        with translated(), self._pool.connection() as connection:
            return {each.name: connection.execute(each.count).fetchall()[0][0] for each in self._tables}

    def run(self, progress: Callable[[str, int], None]) -> Mapping[str, int]:
        """How many were wrapped anew, by table; `progress` is told of those looked at.

        Raises `cryptography.exceptions.InvalidTag` where one was wrapped by a key that is not given: nothing is lost, and all before
        it is done.
        """
        return {table.name: self._rotate(table, lambda seen, table=table: progress(table.name, seen)) for table in self._tables}

    def _rotate(self, table: Wrapped, progress: Callable[[int], None]) -> int:
        after, changed = table.first, 0
        while True:
            # A batch is a transaction, so that who needs one of these rows waits for milliseconds.
            with translated(), self._pool.connection() as connection, connection.transaction():
                rows = connection.execute(table.page, [after, BATCH]).fetchall()
                for key, wrapped, *parts in rows:
                    new = self._wrapping.rewrapped(bytes(wrapped), table.bound_to(*parts))
                    if new is not None:
                        changed += connection.execute(table.update, {"new": new, "key": key, "old": wrapped}).rowcount
            if not rows:
                return changed
            after = rows[-1][0]
            progress(len(rows))
