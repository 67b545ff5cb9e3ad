"""The files of invoices, sealed with a retention key per year: they outlive the key of the person they name, as the law wants it."""

import os
from collections.abc import Mapping
from functools import partial
from typing import Any, LiteralString
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg_pool import ConnectionPool

from application.invoices.ports import KeepPaper
from application.ports import Row
from infrastructure.eventlog.outcomes import translated
from infrastructure.wrapping import KEY_BYTES, NONCE_BYTES, Wrapping

ROWS: Mapping[type[Row], LiteralString] = {
    KeepPaper: "INSERT INTO invoice_files (document_id, year, sealed) VALUES (%(document_id)s, %(year)s, %(sealed)s)",
}
KEY = "SELECT wrapped FROM invoice_keys WHERE year = %s"
NEW_KEY = "INSERT INTO invoice_keys (year, wrapped) VALUES (%s, %s) ON CONFLICT DO NOTHING"
FILE = "SELECT year, sealed, wrapped FROM invoice_files LEFT JOIN invoice_keys USING (year) WHERE document_id = %s"


class PostgresArchive:
    """`application.invoices.ports.Archive` for those who make papers, `projections.ports.Papers` for those who ask for them."""

    def __init__(self, pool: ConnectionPool[Any], *wrapping_keys: bytes) -> None:
        """`wrapping_keys` are the key-encryption keys, 32 bytes each, the one for new keys first."""
        self._pool = pool
        self._wrapping = Wrapping(wrapping_keys)

    def keep(self, document_id: UUID, year: int, pdf: bytes) -> KeepPaper:
        return KeepPaper(document_id, year, sealed(self._key(year), pdf, document_id.bytes))

    def read(self, document_id: UUID) -> bytes | None:
        with translated(), self._pool.connection() as connection:
            found = connection.execute(FILE, [document_id], binary=True).fetchone()
        if found is None or found[2] is None:
            return None
        year, file, wrapped = found
        return opened(self._unwrapped(year, wrapped), file, document_id.bytes)

    def _key(self, year: int) -> AESGCM:
        """The year's key, made with its first paper; of two that are made at once the first stays."""
        with translated(), self._pool.connection() as connection:
            ask = partial(connection.execute, KEY, [year], binary=True)
            found = ask().fetchone()
            if found is None:
                connection.execute(NEW_KEY, [year, self._wrapping.wrap(AESGCM.generate_key(KEY_BYTES * 8), of_year(year))])
                found = ask().fetchone()
        (wrapped,) = found or (b"",)
        return self._unwrapped(year, wrapped)

    def _unwrapped(self, year: int, wrapped: bytes) -> AESGCM:
        return AESGCM(self._wrapping.unwrap(wrapped, of_year(year)))


def of_year(year: int) -> bytes:
    """What a year's key is bound to, so that no other can be put in its place."""
    return b"invoices of %d" % year


def sealed(key: AESGCM, clear: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, clear, bound_to)


def opened(key: AESGCM, cipher: bytes, bound_to: bytes) -> bytes:
    """Raises `cryptography.exceptions.InvalidTag` where it was changed, or put in another's place."""
    return key.decrypt(cipher[:NONCE_BYTES], cipher[NONCE_BYTES:], bound_to)
