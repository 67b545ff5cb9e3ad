"""Lists as files that spreadsheets open: CSV by RFC 4180, in which no cell can act."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

AT_ONCE = 1000
"""Lines that are handed on together."""


def whole(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The file in pieces of many lines, written as rows come."""
    piece = io.StringIO()
    writer = csv.writer(piece, lineterminator="\n")
    writer.writerow(header)
    for number, row in enumerate(rows, 1):
        writer.writerow([_cell(each) for each in row])
        if number % AT_ONCE == 0:
            yield piece.getvalue()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue()


def _cell(value: object) -> object:
    """Some words come from strangers: no text may begin as a formula. Numbers stay numbers, moments are as JSON has them."""
    match value:
        case str() if value.startswith(("=", "+", "-", "@", "\t", "\r")):
            return f"'{value}"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case bool():
            return str(value).lower()
        case _:
            return value
