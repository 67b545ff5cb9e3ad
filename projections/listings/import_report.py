"""The report of an import as a file: what became of every row, one line of CSV each."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

from projections.ports import ReportedRow

HEADER = "row,line,outcome,listing,code,detail,repairs\n"
PAGE = 1000

ReadRows = Callable[[UUID, str | None, int, int], Sequence[ReportedRow]]
"""`ImportReports.rows`."""


def whole_report(read: ReadRows, import_id: UUID, outcome: str | None = None) -> Iterator[str]:
    """The file in pieces of many lines, read as they are asked for; repairs are a JSON list of field, code, was and now."""
    yield HEADER
    after = 0
    while page := read(import_id, outcome, after, PAGE):
        yield "".join(csv_lines(page))
        after = page[-1].row


def csv_lines(rows: Iterable[ReportedRow]) -> Iterator[str]:
    for row in rows:
        repairs = bytes(row.repairs).decode()
        yield _line((row.row, row.line, row.outcome, row.listing_id or "", row.code, row.detail, "" if repairs == "[]" else repairs))


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([_no_formula(each) for each in cells])
    return line.getvalue()


def _no_formula(cell: object) -> object:
    """The report is opened in spreadsheets, and its words come from strangers: no cell may begin as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
