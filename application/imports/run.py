"""One import's rows, brought batch by batch in its requester's and its seller's names."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import UUID

from application.handler import Handler
from application.imports.ports import ImportBook
from application.imports.rows import Row
from application.ports import Clock, Ids, Meta
from domain.decider import Rejected
from domain.listings.bulk_import import Requested
from domain.listings.commands import CompleteImport, FailImport
from domain.values import Actor, Role

BATCH = 100
"""Rows to an append: large enough that the commit does not count, small enough to be cancelled between two."""


class Run(ABC):
    def __init__(self, handle: Handler, book: ImportBook, clock: Clock, ids: Ids, asked: Requested, correlation_id: UUID) -> None:
        self.handle = handle
        self.book = book
        self.clock = clock
        self.ids = ids
        self.asked = asked
        self.correlation_id = correlation_id
        self.seller = Actor(asked.seller_id, frozenset({Role.SELLER}))
        self.by = self.seller if asked.agent or asked.by == asked.seller_id else Actor(asked.by, frozenset({Role.ADMIN}))

    def batch(self, rows: Iterator[Row]) -> Sequence[Row]:
        """The rows that are brought together next; none at the end."""
        return list(islice(rows, BATCH))

    @abstractmethod
    def bring(self, rows: Sequence[Row]) -> None:
        """Make of the rows what they give, and report on all, in one transaction."""

    def give(self, command: CompleteImport | FailImport) -> None:
        try:
            self.handle(self.asked.import_id, command, self.meta())
        except Rejected as rejected:
            if rejected.code != "import_ended":  # someone cancelled it at the last moment
                raise

    def meta(self) -> Meta:
        return Meta(self.ids(), self.asked.by, self.correlation_id)
