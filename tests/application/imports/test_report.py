"""The report tells what became of every row."""

import csv
from uuid import UUID

import msgspec

from application.imports.ports import Reported
from application.imports.report import csv_lines
from application.imports.rows import Repair

LISTING = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
REPAIRS = (Repair("Year Built", "year_unknown", "0"), Repair("Location", "encoding", 'Germany Â» "Kiel"', 'Germany » "Kiel"'))


def test_every_row_has_its_line_with_repairs_and_reasons():
    lines = csv_lines(
        [
            Reported(1, 2, "accepted", LISTING),
            Reported(2, 3, "repaired", LISTING, repairs=REPAIRS),
            Reported(3, 5, "refused", code="currency_missing", detail="5170 of what?"),
            Reported(4, 6, "known", LISTING),
        ]
    )
    one, two, three, four = csv.DictReader(lines)
    assert one == {"row": "1", "line": "2", "outcome": "accepted", "listing": str(LISTING), "code": "", "detail": "", "repairs": ""}
    assert (two["outcome"], msgspec.json.decode(two["repairs"], type=tuple[Repair, ...])) == ("repaired", REPAIRS)
    assert (three["row"], three["line"], three["outcome"], three["listing"]) == ("3", "5", "refused", "")
    assert (three["code"], three["detail"]) == ("currency_missing", "5170 of what?")
    assert (four["outcome"], four["listing"]) == ("known", str(LISTING))


def test_a_report_of_nothing_still_names_its_columns():
    assert list(csv_lines([])) == ["row,line,outcome,listing,code,detail,repairs\n"]


def test_no_cell_of_the_report_begins_as_a_formula():
    [row] = csv.DictReader(csv_lines([Reported(1, 2, "refused", code="price_invalid", detail="=HYPERLINK(A1)")]))
    assert row["detail"] == "'=HYPERLINK(A1)"
