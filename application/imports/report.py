"""The report of an import: what became of every row of the file, as CSV beside it, and the totals."""

import csv
from collections import Counter
from typing import TextIO
from uuid import UUID

import msgspec
from msgspec import Struct

from application.imports.rows import Accepted, Row

COLUMNS = ("row", "line", "outcome", "listing", "title", "code", "detail", "repairs")


class Totals(Struct):
    """`repairs` and `refusals` count by code; a row with two repairs counts in both, and once in `repaired`."""

    accepted: int = 0
    repaired: int = 0
    refused: int = 0
    repairs: Counter[str] = msgspec.field(default_factory=Counter[str])
    refusals: Counter[str] = msgspec.field(default_factory=Counter[str])

    @property
    def rows(self) -> int:
        return self.accepted + self.repaired + self.refused

    def count(self, row: Row) -> None:
        match row:
            case Accepted():
                if row.repairs:
                    self.repaired += 1
                else:
                    self.accepted += 1
                self.repairs.update({each.code for each in row.repairs})
            case _:
                self.refused += 1
                self.refusals[row.code] += 1


class Report:
    """Writes one line per row, in the order of the file; repairs are a JSON list of field, code, was and now."""

    def __init__(self, file: TextIO) -> None:
        self.totals = Totals()
        self._lines = csv.writer(file, lineterminator="\n")
        self._lines.writerow(COLUMNS)

    def write(self, row: Row, listing: UUID | None = None) -> None:
        """`listing` is the id of the listing that came of an accepted row."""
        self.totals.count(row)
        match row:
            case Accepted():
                repairs = msgspec.json.encode(row.repairs).decode() if row.repairs else ""
                said = (row.row, row.line, row.outcome, listing or "", row.listing.title, "", "", repairs)
            case _:
                said = (row.row, row.line, row.outcome, "", "", row.code, row.detail, "")
        self._lines.writerow([_as_text(each) for each in said])


def _as_text(value: object) -> object:
    """No cell may begin as a formula: the report is opened in spreadsheets, and its words come from strangers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
