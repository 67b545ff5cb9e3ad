"""The report of an import as a file: what became of every row, one line of CSV each."""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from projections import spreadsheet
from projections.ports import ReportedRow

HEADER = ("row", "line", "outcome", "listing", "code", "detail", "repairs")
PAGE = 1000

ReadRows = Callable[[UUID, str | None, int, int], Sequence[ReportedRow]]
"""`ImportReports.rows`."""


def whole_report(read: ReadRows, import_id: UUID, outcome: str | None = None) -> Iterator[str]:
    """The file in pieces of many lines, read as they are asked for; repairs are a JSON list of field, code, was and now."""
    return spreadsheet.whole(HEADER, map(_cells, _rows(read, import_id, outcome)))


def _rows(read: ReadRows, import_id: UUID, outcome: str | None) -> Iterator[ReportedRow]:
    after = 0
    while page := read(import_id, outcome, after, PAGE):
        yield from page
        after = page[-1].row


def _cells(row: ReportedRow) -> tuple[object, ...]:
    repairs = bytes(row.repairs).decode()
    return row.row, row.line, row.outcome, row.listing_id, row.code, row.detail, "" if repairs == "[]" else repairs
