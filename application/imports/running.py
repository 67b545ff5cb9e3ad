"""Runs an import: rows become listings by the same deciders as everyone's, many rows to an append, each row once for ever."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import dropwhile, islice
from typing import BinaryIO
from uuid import UUID

import msgspec
from msgspec import Struct

from application.handler import Handler
from application.imports.ports import ImportBook, Reported
from application.imports.rows import Accepted, FileRefused, Refused, Row
from application.ports import Clock, Ids, Meta
from application.rows import KeepReport, Reserve
from domain.decider import Rejected
from domain.listings.bulk_import import Progress, Requested, imports
from domain.listings.commands import ApproveListing, CompleteImport, DraftListing, FailImport, PublishListing, SubmitListing
from domain.values import Actor, Role, Value

BATCH = 100
"""Rows to an append: large enough that the commit does not count, small enough to be cancelled between two."""

SPACE = "import_row"

Reader = Callable[[BinaryIO], Iterator[Row]]
"""Reads one format; raises `FileRefused` where the file as a whole is not of it."""

Watcher = Callable[[int], None]
"""Told after each batch the number of the last row done."""


def unwatched(_row: int) -> None:
    pass


class Offer(Struct, frozen=True):
    """A row on its way to being a listing; `key` is the same whenever this seller's row is brought again."""

    row: Accepted
    key: bytes
    listing_id: UUID


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
        run = Run(self, asked, correlation_id)
        try:
            rows = self.readers[asked.format](self.book.file(import_id))
            done = self.book.last_row(import_id)
            left = dropwhile(lambda row: row.row <= done, rows)
            while batch := list(islice(left, BATCH)):
                if self._asked(import_id).status is not Progress.RUNNING:
                    return Progress.CANCELLED
                run.bring(batch)
                watch(batch[-1].row)
        except FileRefused as refused:
            run.give(FailImport(import_id, refused.code, run.by, self.clock(), refused.detail))
            return Progress.FAILED
        totals = self.book.totals(import_id)
        run.give(
            CompleteImport(
                import_id,
                accepted=totals.get("accepted", 0),
                repaired=totals.get("repaired", 0),
                refused=totals.get("refused", 0),
                by=run.by,
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


class Run:
    """One import's rows, brought in its requester's and its seller's names."""

    def __init__(self, importer: Importer, asked: Requested, correlation_id: UUID) -> None:
        self.importer = importer
        self.asked = asked
        self.correlation_id = correlation_id
        self.by = Actor(asked.by, frozenset({Role.ADMIN}))
        self.seller = Actor(asked.seller_id, frozenset({Role.SELLER}))

    def give(self, command: CompleteImport | FailImport) -> None:
        try:
            self.importer.handle(self.asked.import_id, command, self._meta())
        except Rejected as rejected:
            if rejected.code != "import_ended":  # someone cancelled it at the last moment
                raise

    def bring(self, rows: Sequence[Row]) -> None:
        """Make listings of the rows that give one, and report on all, in one transaction."""
        refused = [Reported(row.row, row.line, "refused", code=row.code, detail=row.detail) for row in rows if isinstance(row, Refused)]
        accepted = [(row, self._key(row)) for row in rows if isinstance(row, Accepted)]
        while True:
            brought = self.importer.book.brought([key for _, key in accepted])
            known = [Reported(row.row, row.line, "known", brought[key]) for row, key in accepted if key in brought]
            offers = [Offer(row, key, self.importer.ids()) for row, key in accepted if key not in brought]
            reports = sorted([*refused, *known, *map(made, offers)], key=lambda each: each.row)
            if not offers:
                self.importer.book.report(self.asked.import_id, reports)
                return
            try:
                self._append(offers, reports)
            except Rejected as rejected:
                turned_down = [offer for offer in offers if offer.listing_id == rejected.stream]
                if not turned_down and rejected.code != f"{SPACE}_taken":
                    raise
                # A rule turned one row down, or another import brought one meanwhile: the others go on.
                refused += [Reported(each.row.row, each.row.line, "refused", None, rejected.code, rejected.detail) for each in turned_down]
                accepted = [(row, key) for row, key in accepted if all(row is not each.row for each in turned_down)]
                continue
            return

    def _append(self, offers: Sequence[Offer], reports: Sequence[Reported]) -> None:
        commands = [(offer.listing_id, command) for offer in offers for command in self._commands(offer)]
        reserved = [Reserve(SPACE, offer.key, offer.listing_id) for offer in offers]
        report = KeepReport(self.asked.import_id, msgspec.json.encode(reports))
        self.importer.handle.together(commands, self._meta(), rows=[*reserved, report])

    def _commands(self, offer: Offer) -> list[Value]:
        id, now, fields = offer.listing_id, self.importer.clock(), offer.row.listing
        draft = DraftListing(
            id,
            self.seller.id,
            "classified",
            fields.category,
            self.by,
            now,
            fields.title,
            fields.description,
            fields.attributes,
            fields.price,
            fields.place,
        )
        offered = [draft, SubmitListing(id, self.seller, now)]
        published = [ApproveListing(id, self.by, now), PublishListing(id, self.seller, now)] if self.asked.publish else []
        return [*offered, *published]

    def _key(self, row: Accepted) -> bytes:
        return hashlib.sha256(f"{self.seller.id}\n{self.asked.format}\n{row.key}".encode()).digest()

    def _meta(self) -> Meta:
        return Meta(self.importer.ids(), self.by.id, self.correlation_id)


def made(offer: Offer) -> Reported:
    row = offer.row
    return Reported(row.row, row.line, "repaired" if row.repairs else "accepted", offer.listing_id, repairs=row.repairs)
