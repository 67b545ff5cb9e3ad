"""The report tells what became of every row."""

import csv
import io
from uuid import UUID

import msgspec

from application.imports.report import Report
from application.imports.rows import Accepted, ListingFields, Refused, Repair
from domain.values import Money

BOAT = ListingFields("boats", "Bavaria 12 m", "", {"type": ("motor-yacht",)}, Money(100, "EUR"), None)
LISTING = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
REPAIRS = (Repair("Year Built", "year_unknown", "0"), Repair("Price", "encoding", "Â£", "£"), Repair("Location", "encoding", "Â»", "»"))


def test_every_row_has_its_line_with_repairs_and_reasons():
    file = io.StringIO()
    report = Report(file)
    report.write(Accepted(1, 2, "k1", BOAT), LISTING)
    report.write(Accepted(2, 3, "k2", BOAT, REPAIRS), LISTING)
    report.write(Refused(3, 5, "currency_missing", "5170 of what?"))
    one, two, three = csv.DictReader(io.StringIO(file.getvalue()))
    assert (one["row"], one["line"], one["outcome"], one["listing"], one["repairs"]) == ("1", "2", "accepted", str(LISTING), "")
    assert (two["outcome"], msgspec.json.decode(two["repairs"], type=tuple[Repair, ...])) == ("repaired", REPAIRS)
    assert (three["row"], three["line"], three["outcome"]) == ("3", "5", "refused")
    assert (three["listing"], three["code"], three["detail"]) == ("", "currency_missing", "5170 of what?")


def test_totals_count_rows_by_outcome_and_by_code():
    report = Report(io.StringIO())
    for row in (
        Accepted(1, 2, "k1", BOAT),
        Accepted(2, 3, "k2", BOAT, REPAIRS),
        Refused(3, 5, "row_ragged", ""),
        Refused(4, 6, "row_ragged", ""),
    ):
        report.write(row)
    totals = report.totals
    assert (totals.accepted, totals.repaired, totals.refused, totals.rows) == (1, 1, 2, 4)
    assert totals.repairs == {"year_unknown": 1, "encoding": 1}
    assert totals.refusals == {"row_ragged": 2}


def test_no_cell_of_the_report_begins_as_a_formula():
    file = io.StringIO()
    Report(file).write(Refused(1, 2, "price_invalid", "=HYPERLINK(A1)"))
    [row] = csv.DictReader(io.StringIO(file.getvalue()))
    assert row["detail"] == "'=HYPERLINK(A1)"
