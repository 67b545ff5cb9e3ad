"""Runs an import: rows become listings by the same deciders as everyone's, many rows to an append, each row once for ever."""

from collections.abc import Callable, Iterator, Mapping
from itertools import dropwhile
from typing import BinaryIO
from uuid import UUID

from application.handler import Handler
from application.imports.assortment import Assortment
from application.imports.offers import Offers
from application.imports.ports import ImportBook
from application.imports.rows import FileRefused, Row
from application.imports.run import Run
from application.ports import Clock, Ids
from domain.decider import Rejected
from domain.listings.bulk_import import Progress, Requested, imports
from domain.listings.commands import CompleteImport, FailImport
from domain.values import SYSTEM

RUNS: Mapping[str, type[Run]] = {"products": Assortment, "wholesale": Assortment}
"""How the rows of a format are brought, where they are not listings of their own."""

Reader = Callable[[BinaryIO], Iterator[Row]]
"""Reads one format; raises `FileRefused` where the file as a whole is not of it."""

Watcher = Callable[[int], None]
"""Told after each batch the number of the last row done."""


def unwatched(_row: int) -> None:
    pass


class RunElsewhere(Exception):
    """Another process runs this import at the moment."""

    def __init__(self) -> None:
        super().__init__("another process runs this import")


class Importer:
    """Runs imports by id. May be stopped anywhere and called again: it goes on after the last row reported on."""

    def __init__(self, handle: Handler, book: ImportBook, readers: Mapping[str, Reader], clock: Clock, ids: Ids) -> None:
        self.handle = handle
        self.book = book
        self.readers = readers
        self.clock = clock
        self.ids = ids

    def __call__(self, import_id: UUID, correlation_id: UUID, watch: Watcher = unwatched) -> Progress:
        """Bring what is left of the file, and say how the import stands then.

        Raises `RunElsewhere` where another process is at it, `application.ports.Unavailable` where the log is away; what was
        brought stays brought.
        """
        with self.book.claim(import_id) as ours:
            if not ours:
                raise RunElsewhere
            return self._run(import_id, correlation_id, watch)

    def _run(self, import_id: UUID, correlation_id: UUID, watch: Watcher) -> Progress:
        asked = self._asked(import_id)
        if asked.status is not Progress.RUNNING:
            return asked.status
        run = RUNS.get(asked.format, Offers)(self.handle, self.book, self.clock, self.ids, asked, correlation_id)
        try:
            rows = self.readers[asked.format](self.book.file(import_id))
            done = self.book.last_row(import_id)
            left = dropwhile(lambda row: row.row <= done, rows)
            while batch := run.batch(left):
                if self._asked(import_id).status is not Progress.RUNNING:
                    return Progress.CANCELLED
                run.bring(batch)
                watch(batch[-1].row)
        except FileRefused as refused:
            run.give(FailImport(import_id, refused.code, SYSTEM, self.clock(), refused.detail))
            return Progress.FAILED
        totals = self.book.totals(import_id)
        run.give(
            CompleteImport(
                import_id,
                accepted=totals.get("accepted", 0),
                repaired=totals.get("repaired", 0),
                refused=totals.get("refused", 0),
                by=SYSTEM,
                now=self.clock(),
            )
        )
        return Progress.COMPLETED

    def status(self, import_id: UUID) -> Progress:
        return self._asked(import_id).status

    def _asked(self, import_id: UUID) -> Requested:
        state = self.handle.state(import_id, imports)
        if not isinstance(state, Requested):
            raise Rejected("import_not_found")
        return state
