"""The report of an import: what became of every row of the file, one line of CSV each."""

import csv
import io
from collections.abc import Iterable, Iterator

import msgspec

from application.imports.ports import Reported

COLUMNS = ("row", "line", "outcome", "listing", "code", "detail", "repairs")


def csv_lines(rows: Iterable[Reported]) -> Iterator[str]:
    """The header and a line per row, in their order; repairs are a JSON list of field, code, was and now."""
    yield _line(COLUMNS)
    for row in rows:
        repairs = msgspec.json.encode(row.repairs).decode() if row.repairs else ""
        yield _line((row.row, row.line, row.outcome, row.listing_id or "", row.code, row.detail, repairs))


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([_no_formula(each) for each in cells])
    return line.getvalue()


def _no_formula(cell: object) -> object:
    """The report is opened in spreadsheets, and its words come from strangers: no cell may begin as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
