"""What queries about suppliers need of the outside."""

from typing import Protocol, runtime_checkable
from uuid import UUID


@runtime_checkable
class SupplierPapers(Protocol):
    """The papers that suppliers have shown to staff."""

    def read(self, supplier_id: UUID, document_id: UUID) -> bytes | None:
        """The file, or None where there is none."""
        ...
