"""The report tells what became of every row."""

import csv
from uuid import UUID

import msgspec

from projections.listings.import_report import HEADER, whole_report
from projections.ports import ReportedRow

LISTING = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
REPAIRS = [
    {"field": "Year Built", "code": "year_unknown", "was": "0", "now": ""},
    {"field": "Location", "code": "encoding", "was": 'Germany Â» "Kiel"', "now": 'Germany » "Kiel"'},
]


def reported(
    row: int, line: int, outcome: str, listing: UUID | None = None, code: str = "", detail: str = "", repairs: object = ()
) -> ReportedRow:
    return ReportedRow(row, line, outcome, listing, code, detail, msgspec.Raw(msgspec.json.encode(repairs)))


def file_of(*rows: ReportedRow) -> list[dict[str, str]]:
    return list(csv.DictReader("".join(whole_report(lambda _id, _outcome, after, _limit: rows[after:], LISTING)).splitlines()))


def test_every_row_has_its_line_with_repairs_and_reasons():
    one, two, three, four = file_of(
        reported(1, 2, "accepted", LISTING),
        reported(2, 3, "repaired", LISTING, repairs=REPAIRS),
        reported(3, 5, "refused", code="currency_missing", detail="5170 of what?"),
        reported(4, 6, "known", LISTING),
    )
    assert one == {"row": "1", "line": "2", "outcome": "accepted", "listing": str(LISTING), "code": "", "detail": "", "repairs": ""}
    assert (two["outcome"], msgspec.json.decode(two["repairs"])) == ("repaired", REPAIRS)
    assert (three["row"], three["line"], three["outcome"], three["listing"]) == ("3", "5", "refused", "")
    assert (three["code"], three["detail"]) == ("currency_missing", "5170 of what?")
    assert (four["outcome"], four["listing"]) == ("known", str(LISTING))


def read(_import_id: UUID, outcome: str | None, after: int, limit: int) -> list[ReportedRow]:
    """Three rows, of which a page holds two."""
    found = [reported(row, row + 1, "accepted", LISTING) for row in (1, 2, 3)]
    return [each for each in found if each.row > after and outcome in {None, each.outcome}][: min(limit, 2)]


def test_the_whole_report_goes_on_over_pages():
    assert [row["row"] for row in csv.DictReader("".join(whole_report(read, LISTING)).splitlines())] == ["1", "2", "3"]
    assert "".join(whole_report(read, LISTING, "refused")) == ",".join(HEADER) + "\n"


def test_no_cell_of_the_report_begins_as_a_formula():
    [row] = file_of(reported(1, 2, "refused", code="price_invalid", detail="=HYPERLINK(A1)"))
    assert row["detail"] == "'=HYPERLINK(A1)"
