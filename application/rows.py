"""Rows of several families that are written in the append's transaction."""

from uuid import UUID

from application.ports import Row


class Reserve(Row, frozen=True):
    """Take a value that only one may have; refused as `<space>_taken`. `value` is an HMAC, never the clear text."""

    space: str
    value: bytes
    owner: UUID


class Release(Row, frozen=True):
    """Give up what this owner took; nothing happens where it is someone else's."""

    space: str
    value: bytes
    owner: UUID


class KeepFile(Row, frozen=True):
    """The bytes that an import reads, kept until they are no longer asked for."""

    import_id: UUID
    content: bytes


class KeepReport(Row, frozen=True):
    """What became of some rows of an import: a JSON list of `application.imports.ports.Reported`."""

    import_id: UUID
    reported: bytes
