"""A CSV file in any condition is told apart into records, and none is lost or takes others with it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.imports.records import LINE_LIMIT, SPAN_LIMIT, Record, records
from application.imports.rows import FileRefused, Refused

HEADER = b"Name,Size\n"


def told(content: bytes) -> list[tuple[int, int, str]]:
    """Row, line, and the name of the record or the code of the refusal."""
    return [
        (each.row, each.line, each.cells["Name"] if isinstance(each, Record) else each.code)
        for each in records(io.BytesIO(content), ("Name", "Size"))
    ]


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", "file_empty", "first line"),
        (b"\nAnna,1\n", "file_empty", "first line"),
        (b"Name\n", "column_missing", "Size"),
        (b"Name;Size\n", "column_missing", "Name, Size"),
        (b"Name,Size,Colour\n", "column_unknown", "3 is not known: 'Colour'"),
        (b"Name,Size,\xff\n", "column_unknown", "3"),
        (b"Name,Size,size\n", "column_repeated", "Size"),
        ("Name,Size\n".encode("utf-16"), "encoding_invalid", "UTF-8"),
        (b"\x00\x01\x02", "column_missing", "Name"),
        (b"x" * (3 * LINE_LIMIT), "column_missing", "Name"),
    ],
)
def test_a_file_without_its_header_is_refused_whole_and_says_which_column(content: bytes, code: str, says: str):
    with pytest.raises(FileRefused, match=says) as caught:
        records(io.BytesIO(content), ("Name", "Size"))
    assert caught.value.code == code


@pytest.mark.parametrize("header", [b"\xef\xbb\xbfName,Size\n", b"size, NAME\r\n", b'"Name","Size"\n'])
def test_a_header_may_have_a_byte_order_mark_another_order_case_or_quotes(header: bytes):
    swapped = header.startswith(b"size")
    assert told(header + (b"1,Anna\n" if swapped else b"Anna,1\n")) == [(1, 2, "Anna")]


def test_records_may_run_over_lines_and_the_last_may_lack_its_line_break():
    assert told(HEADER + b'"An\nna",1\n\n"Be""n",2\r\nCleo,3') == [(1, 2, "An\nna"), (2, 5, 'Be"n'), (3, 6, "Cleo")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"Anna", "row_ragged"),
        (b"Anna,1,2", "row_ragged"),
        (b'"Anna"s,1', "row_malformed"),
        (b"An\rna,1", "row_malformed"),
        (b'Anna,"1', "quote_unclosed"),
        (b"Anna," + b"1" * LINE_LIMIT, "row_too_long"),
        (b"Anna," + b"1" * (5 * LINE_LIMIT), "row_too_long"),
    ],
)
def test_a_broken_line_is_refused_alone(line: bytes, code: str):
    assert told(HEADER + line + b"\nBen,2\nCleo,3\n") == [(1, 2, code), (2, 3, "Ben"), (3, 4, "Cleo")]


def test_a_stray_quote_swallows_nothing_even_where_another_one_follows():
    rows = b"".join(b"N%d,1\n" % number for number in range(SPAN_LIMIT * 2))
    told_apart = told(HEADER + b'5" pipe,1\n' + rows + b'6" pipe,1\n')
    assert [name for _, _, name in told_apart] == [
        "quote_unclosed",
        *(f"N{number}" for number in range(SPAN_LIMIT * 2)),
        "quote_unclosed",
    ]
    assert told(HEADER + b'5" pipe,1\nAnna,1\n6" pipe,1\n') == [(1, 2, "quote_unclosed"), (2, 3, "Anna"), (3, 4, "quote_unclosed")]


def test_bytes_that_are_no_text_reach_the_reader_of_the_row():
    [record] = records(io.BytesIO(HEADER + b"B\xf6nn,1\n"), ("Name", "Size"))
    assert isinstance(record, Record)
    assert record.cells["Name"] == "B\udcf6nn"


@given(st.binary(max_size=400))
def test_whatever_bytes_come_every_line_that_is_not_blank_is_accounted_for(content: bytes):
    told_apart = list(records(io.BytesIO(HEADER + content), ("Name", "Size")))
    lines = (HEADER + content).split(b"\n")
    begun = {each.line for each in told_apart}
    spanned = {
        each.line + extra
        for each in told_apart
        if isinstance(each, Record)
        for extra in range(sum(cell.count("\n") for cell in each.cells.values()) + 1)
    }
    refused = {each.line for each in told_apart if isinstance(each, Refused)}
    assert [each.row for each in told_apart] == list(range(1, len(told_apart) + 1))
    assert begun | spanned | refused >= {number for number, line in enumerate(lines, 1) if number > 1 and line.strip()}
