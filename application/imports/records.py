"""The records of a CSV file in any condition: each is either a row of cells or a reason why not, and none takes others with it."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct

from application.imports.rows import FileRefused, Refused

LINE_LIMIT = 64 * 1024
"""Bytes; a longer line is passed over without being held in memory."""

SPAN_LIMIT = 20
"""Lines that one record may run over; where a quote stays open longer, it is a stray one."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")


class Record(Struct, frozen=True):
    """Cells by column name, still as the file has them; bytes that are not UTF-8 appear as lone surrogates."""

    row: int
    line: int
    cells: dict[str, str]


def records(file: BinaryIO, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Record | Refused]:
    """All records after the header, which must name these columns, in any order and case, and may name the optional ones.

    The header is read at once, and refused with `FileRefused`; the records as one goes. Blank lines count as nothing. What cannot be
    told apart is refused as row_too_long, quote_unclosed, row_malformed or row_ragged.
    """
    lines = Lines(file)
    header = _header(lines, columns, optional)
    return _records(lines, header)


class Lines:
    """Physical lines with their numbers; lines may be put back to be read again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._returned: deque[tuple[int, bytes]] = deque()
        self._number = 0

    def take(self) -> tuple[int, bytes] | None:
        """The next line with its number; a line over the limit is cut at the limit."""
        if self._returned:
            return self._returned.popleft()
        line = self._file.readline(LINE_LIMIT + 1)
        if not line:
            return None
        self._number += 1
        rest = line
        while len(rest) > LINE_LIMIT and not rest.endswith(b"\n"):
            rest = self._file.readline(LINE_LIMIT + 1)
        return self._number, line

    def put_back(self, lines: Sequence[tuple[int, bytes]]) -> None:
        self._returned.extendleft(reversed(lines))


def _header(lines: Lines, columns: Sequence[str], optional: Sequence[str]) -> list[str]:
    taken = lines.take()
    if taken is None or not taken[1].strip():
        raise FileRefused("file_empty", "The first line must name the columns.")
    line = taken[1]
    if line.startswith(OTHER_ENCODINGS):
        raise FileRefused("encoding_invalid", "The file must be UTF-8.")
    cells = _cells(_text(line.removeprefix(BYTE_ORDER_MARK))) or []
    known = {each.casefold(): each for each in (*columns, *optional)}
    named = [" ".join(cell.split()).casefold() for cell in cells]
    missing = [each for each in columns if each.casefold() not in named]
    if missing:
        raise FileRefused("column_missing", f"The first line lacks: {', '.join(missing)}.")
    for index, name in enumerate(named):
        if name not in known:
            raise FileRefused("column_unknown", f"Column {index + 1} is not known: {_shown(cells[index])}.")
        if name in named[:index]:
            raise FileRefused("column_repeated", f"Column {known[name]} comes twice.")
    return [known[name] for name in named]


def _records(lines: Lines, header: list[str]) -> Iterator[Record | Refused]:
    row = 0
    while (taken := lines.take()) is not None:
        number, line = taken
        if not line.strip():
            continue
        row += 1
        if len(line) > LINE_LIMIT:
            yield Refused(row, number, "row_too_long", f"The line has more than {LINE_LIMIT} bytes.")
            continue
        if line.count(b'"') % 2:
            cells = _joined(lines, line, len(header))
            if cells is None:
                yield Refused(row, number, "quote_unclosed", "A quotation mark is opened and not closed.")
                continue
        else:
            cells = _cells(_text(line))
        if cells is None:
            yield Refused(row, number, "row_malformed", "The line is not CSV.")
        elif len(cells) != len(header):
            yield Refused(row, number, "row_ragged", f"{len(cells)} columns instead of {len(header)}.")
        else:
            yield Record(row, number, dict(zip(header, cells, strict=True)))


def _joined(lines: Lines, first: bytes, width: int) -> list[str] | None:
    """A record over several lines, if those that follow close its quotation mark and complete it; else they are put back."""
    following: list[tuple[int, bytes]] = []
    joined = first
    while len(following) < SPAN_LIMIT and len(joined) <= LINE_LIMIT and (taken := lines.take()) is not None:
        following.append(taken)
        joined += taken[1]
        if taken[1].count(b'"') % 2:
            cells = _cells(_text(joined))
            if cells is not None and len(cells) == width:
                return cells
            break
    lines.put_back(following)
    return None


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape").rstrip("\r\n")


def _cells(text: str) -> list[str] | None:
    try:
        return next(csv.reader([text], strict=True), None)
    except csv.Error:
        return None


def _shown(text: str) -> str:
    return ascii(text[:40])
