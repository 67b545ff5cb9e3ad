"""What invoicing needs of the outside: papers set as files, and an archive that keeps them as they are."""

from typing import Protocol, runtime_checkable
from uuid import UUID

from application.ports import Row
from domain.invoices.events import Paper


class KeepPaper(Row, frozen=True):
    """A paper's file, sealed with the retention key of its year; it is written with the paper and its number, or not at all."""

    document_id: UUID
    year: int
    sealed: bytes


@runtime_checkable
class Printer(Protocol):
    def __call__(self, paper: Paper) -> bytes:
        """The paper as PDF: the same bytes for the same paper."""
        ...


@runtime_checkable
class Archive(Protocol):
    def keep(self, document_id: UUID, year: int, pdf: bytes) -> KeepPaper:
        """What is to be written beside the log so that the file is kept."""
        ...

    def read(self, document_id: UUID) -> bytes | None:
        """The file of this paper; None where there is none, or its year's key was destroyed when it need no longer be kept."""
        ...
