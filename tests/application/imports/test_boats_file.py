"""The real boats file, where this checkout has it beside it: every one of its 9,888 records is accounted for."""

from collections import Counter
from pathlib import Path
from time import perf_counter

import pytest

from application.imports.boats import read
from application.imports.rows import Accepted, Refused, Row
from domain.listings.attributes import check_complete
from infrastructure.selling.places import Gazetteer

BOATS = Path(__file__).parents[4] / "shared" / "data" / "boats.csv"

pytestmark = pytest.mark.skipif(not BOATS.exists(), reason="the boats file is not beside this checkout")


@pytest.fixture(scope="module")
def find() -> Gazetteer:
    return Gazetteer()


@pytest.fixture(scope="module")
def rows(find: Gazetteer) -> list[Row]:
    with BOATS.open("rb") as file:
        return list(read(file, find))


@pytest.fixture(scope="module")
def accepted(rows: list[Row]) -> list[Accepted]:
    return [row for row in rows if isinstance(row, Accepted)]


def test_every_record_is_accepted_repaired_or_refused_in_its_order(rows: list[Row]):
    assert [row.row for row in rows] == list(range(1, 9_889))
    assert rows[-1].line == 9_894  # records over two and three lines among them
    assert Counter(row.outcome for row in rows) == {"accepted": 33, "repaired": 9_667, "refused": 188}


def test_only_prices_without_a_currency_and_repeated_rows_are_refused(rows: list[Row]):
    assert Counter(row.code for row in rows if isinstance(row, Refused)) == {"currency_missing": 134, "duplicate_of_row": 54}


def test_each_repair_is_told(accepted: list[Accepted]):
    repaired = Counter(repair.code for row in accepted for repair in row.repairs)
    places = repaired.pop("place_not_found")
    assert repaired == {
        "encoding": 9_597,  # 8,775 places, 658 makers, 164 pound signs
        "year_unknown": 539,
        "currency_sign": 164,
        "length_and_beam_swapped": 9,
        "length_and_beam_contradict": 5,
        "line_break": 4,
        "attribute_invalid": 1,
    }
    assert places < 4_800


def test_half_of_the_boats_have_coordinates_and_nearly_all_a_country(accepted: list[Accepted]):
    places = [row.listing.place for row in accepted if row.listing.place is not None]
    assert sum(place.latitude is not None for place in places) > 0.5 * len(accepted)
    assert sum(bool(place.country) for place in places) > 0.98 * len(accepted)


def test_no_mojibake_is_left(accepted: list[Accepted]):
    said = [
        text
        for row in accepted
        for text in (
            row.listing.title,
            row.listing.place.locality if row.listing.place else "",
            str(row.listing.attributes.get("maker", "")),
        )
    ]
    assert [text for text in said if "Ã" in text or "Â" in text] == []


def test_every_listing_satisfies_its_category_and_has_a_key_of_its_own(accepted: list[Accepted]):
    assert all(check_complete("boats", row.listing.attributes) == row.listing.attributes for row in accepted)
    assert len({row.key for row in accepted}) == len(accepted)


def test_reading_is_never_what_an_import_waits_for(find: Gazetteer):
    find(("Germany", "Kiel"))
    begun = perf_counter()
    with BOATS.open("rb") as file:
        read_rows = sum(1 for _ in read(file, find))
    assert read_rows / (perf_counter() - begun) > 3_000  # 15,000 alone on two cores
