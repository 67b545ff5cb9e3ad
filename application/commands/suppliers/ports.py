"""What suppliers need of the outside: an archive for the papers that they show to staff."""

from typing import Protocol, runtime_checkable
from uuid import UUID

from application.ports import Row


class KeepDocument(Row, frozen=True):
    """A paper's file, sealed with a key of its own; it is written with the event that tells of it, or not at all."""

    document_id: UUID
    supplier_id: UUID
    wrapped: bytes
    sealed: bytes


@runtime_checkable
class DocumentArchive(Protocol):
    def keep(self, supplier_id: UUID, document_id: UUID, content: bytes) -> KeepDocument:
        """What is to be written beside the log so that the file is kept."""
        ...
