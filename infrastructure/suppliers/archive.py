"""The papers of suppliers, each sealed with a key of its own: a file without its row's key is nobody's to read."""

from collections.abc import Mapping
from typing import Any, LiteralString
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg_pool import ConnectionPool

from application.commands.suppliers.ports import KeepDocument
from application.ports import Row
from infrastructure.eventlog.outcomes import translated
from infrastructure.invoices.archive import opened, sealed
from infrastructure.wrapping import KEY_BYTES, Wrapping

# The same file twice at the same moment is one document, which both have read to be new.
KEEP: LiteralString = """
    INSERT INTO supplier_documents (document_id, supplier_id, wrapped, sealed)
    VALUES (%(document_id)s, %(supplier_id)s, %(wrapped)s, %(sealed)s) ON CONFLICT DO NOTHING
"""
ROWS: Mapping[type[Row], LiteralString] = {KeepDocument: KEEP}
FILE = "SELECT wrapped, sealed FROM supplier_documents WHERE document_id = %s AND supplier_id = %s"


class PostgresDocumentArchive:
    """`application.commands.suppliers.ports.DocumentArchive`, and `projections.suppliers.ports.SupplierPapers` for those who ask."""

    def __init__(self, pool: ConnectionPool[Any], *wrapping_keys: bytes) -> None:
        """`wrapping_keys` are the key-encryption keys, 32 bytes each, the one for new keys first."""
        self._pool = pool
        self._wrapping = Wrapping(wrapping_keys)

    def keep(self, supplier_id: UUID, document_id: UUID, content: bytes) -> KeepDocument:
        key, bound = AESGCM.generate_key(KEY_BYTES * 8), bound_to(supplier_id, document_id)
        return KeepDocument(document_id, supplier_id, self._wrapping.wrap(key, bound), sealed(AESGCM(key), content, bound))

    def read(self, supplier_id: UUID, document_id: UUID) -> bytes | None:
        with translated(), self._pool.connection() as connection:
            found = connection.execute(FILE, [document_id, supplier_id], binary=True).fetchone()
        if found is None:
            return None
        (wrapped, file), bound = found, bound_to(supplier_id, document_id)
        return opened(AESGCM(self._wrapping.unwrap(wrapped, bound)), file, bound)


def bound_to(supplier_id: UUID, document_id: UUID) -> bytes:
    """What a file and its key are bound to, so that neither can be put in another's place."""
    return supplier_id.bytes + document_id.bytes
