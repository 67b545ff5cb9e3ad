"""A row of the boats file becomes a listing, with every repair told, or a refusal with its reason."""

import io
from collections.abc import Sequence

import pytest

from application.imports.boats import COLUMNS, read
from application.imports.rows import Accepted, FileRefused, Refused, Repair, Row
from domain.listings.content import TITLE_LIMIT
from domain.values import Money, Place

HEADER = ",".join(COLUMNS)
BOAT = {
    "Price": "EUR 65000",
    "Boat Type": "Motor Yacht",
    "Manufacturer": "Bavaria power boats",
    "Type": "Used boat,Diesel",
    "Year Built": "2008",
    "Length": "12",
    "Width": "3.9",
    "Material": "GRP",
    "Location": "Germany » Kiel",
    "Number of views last 7 days": "75",
}


def kiel_only(names: Sequence[str]) -> Place:
    if names[-1] == "Kiel":
        return Place("DE", "", "Kiel", 54.32, 10.13)
    return Place("DE", "", names[-1])


def line(**cells: str) -> str:
    said = BOAT | {name.replace("_", " "): cell for name, cell in cells.items()}
    return ",".join('"' + said[name].replace('"', '""') + '"' for name in COLUMNS)


def rows(*lines: str) -> list[Row]:
    return list(read(io.BytesIO("\n".join([HEADER, *lines]).encode()), kiel_only))


def accepted(**cells: str) -> Accepted:
    [row] = rows(line(**cells))
    assert isinstance(row, Accepted), row
    return row


def refused(**cells: str) -> str:
    [row] = rows(line(**cells))
    assert isinstance(row, Refused), row
    return row.code


def test_a_clean_row_is_accepted_as_it_is():
    row = accepted()
    assert row.outcome == "accepted"
    assert (row.row, row.line) == (1, 2)
    assert row.listing.title == "Bavaria Motor yacht 12 m, 2008"
    assert row.listing.category == "boats"
    assert row.listing.price == Money(65_000_00, "EUR")
    assert row.listing.place == Place("DE", "", "Kiel", 54.32, 10.13)
    assert row.listing.attributes == {
        "type": ("motor-yacht",),
        "maker": "Bavaria",
        "year": 2008,
        "condition": "used",
        "length": 12.0,
        "beam": 3.9,
        "material": "grp",
        "fuel": "diesel",
    }


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        ({"Manufacturer": ""}, "Motor yacht 12 m, 2008"),
        ({"Length": ""}, "Bavaria Motor yacht, 2008"),
        ({"Year_Built": "0"}, "Bavaria Motor yacht 12 m"),
        ({"Boat_Type": "Runabout,Classic", "Length": "6.20"}, "Bavaria Classic Runabout 6.2 m, 2008"),
        ({"Manufacturer": "Power Boats Ltd power boats"}, "Power Boats Ltd Motor yacht 12 m, 2008"),
        ({"Manufacturer": "power boats"}, "Motor yacht 12 m, 2008"),
    ],
)
def test_a_title_is_made_of_what_is_known(cells: dict[str, str], title: str):
    assert accepted(**cells).listing.title == title


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("", {}),
        ("Diesel", {"fuel": "diesel"}),
        ("Used boat", {"condition": "used"}),
        ("new boat from stock,Unleaded", {"condition": "new-in-stock", "fuel": "petrol"}),
        ("new boat on order,Electric", {"condition": "new-on-order", "fuel": "electric"}),
        ("Display Model,Hybrid", {"condition": "display-model", "fuel": "hybrid"}),
    ],
)
def test_condition_and_fuel_share_a_column(said: str, known: dict[str, str]):
    row = accepted(Type=said)
    assert {name: value for name, value in row.listing.attributes.items() if name in ("condition", "fuel")} == known
    assert row.repairs == ()


@pytest.mark.parametrize(
    ("cells", "repair"),
    [
        ({"Manufacturer": "BÃ©nÃ©teau power boats"}, Repair("Manufacturer", "encoding", "BÃ©nÃ©teau power boats", "Bénéteau power boats")),
        ({"Location": "Germany Â» Kiel"}, Repair("Location", "encoding", "Germany Â» Kiel", "Germany » Kiel")),
        ({"Location": "Germany »\nKiel"}, Repair("Location", "line_break", "Germany »\nKiel", "Germany » Kiel")),
        ({"Location": "Germany » Atlantis"}, Repair("Location", "place_not_found", "Germany » Atlantis", "DE » Atlantis")),
        ({"Price": "£ 65000"}, Repair("Price", "currency_sign", "£ 65000", "GBP 65000")),
        ({"Year_Built": "0"}, Repair("Year Built", "year_unknown", "0")),
        ({"Year_Built": "20077"}, Repair("year", "attribute_invalid", "20077")),
        ({"Year_Built": "9" * 900}, Repair("year", "attribute_invalid", "9" * 9)),
        ({"Length": "long"}, Repair("Length", "number_unreadable", "long")),
        ({"Length": "0"}, Repair("Length", "number_unreadable", "0")),
        ({"Length": "1200", "Width": ""}, Repair("length", "attribute_invalid", "1200.0")),
        ({"Width": "0.01"}, Repair("beam", "attribute_invalid", "0.01")),
        ({"Length": "2.32", "Width": "5.6"}, Repair("Length", "length_and_beam_swapped", "2.32 x 5.6", "5.6 x 2.32")),
        ({"Length": "9.9", "Width": "9.9"}, Repair("Length", "length_and_beam_contradict", "9.9 x 9.9")),
        ({"Length": "1.04", "Width": "11.61"}, Repair("Length", "length_and_beam_contradict", "1.04 x 11.61")),
        ({"Boat_Type": "Submarine"}, Repair("Boat Type", "type_unknown", "Submarine", "Other")),
        ({"Material": "Unobtainium"}, Repair("Material", "material_unknown", "Unobtainium", "Other")),
        ({"Type": "Wrecked,Diesel"}, Repair("Type", "condition_unknown", "Wrecked")),
        ({"Manufacturer": "x" * 200}, Repair("maker", "attribute_invalid", "x" * 200)),
    ],
)
def test_what_can_be_repaired_is_and_says_so(cells: dict[str, str], repair: Repair):
    row = accepted(**cells)
    assert row.repairs == (repair,)
    assert row.outcome == "repaired"


def test_a_title_is_never_longer_than_a_listing_may_have():
    row = accepted(Manufacturer="x" * 120, Boat_Type="Wakeboard/Wakesurf,Center console boat,Passenger boat")
    assert len(row.listing.title) == TITLE_LIMIT


def test_swapped_measures_change_places_and_contradicting_ones_are_left_out():
    swapped = accepted(Length="2.32", Width="5.6").listing.attributes
    assert (swapped["length"], swapped["beam"]) == (5.6, 2.32)
    assert not {"length", "beam"} & accepted(Length="9.9", Width="9.9").listing.attributes.keys()


def test_a_broken_pound_sign_is_repaired_in_two_steps():
    row = accepted(Price="Â£ 24950")
    assert row.listing.price == Money(24_950_00, "GBP")
    assert [repair.code for repair in row.repairs] == ["encoding", "currency_sign"]


@pytest.mark.parametrize(
    ("price", "money"),
    [
        ("CHF 3337", Money(3_337_00, "CHF")),
        ("EUR 3337.5", Money(3_337_50, "EUR")),
        ("eur 3337", Money(3_337_00, "EUR")),
        ("JPY 3337", Money(3_337, "JPY")),
        ("KWD 1.25", Money(1_250, "KWD")),
    ],
)
def test_prices_become_minor_units_of_their_currency(price: str, money: Money):
    assert accepted(Price=price).listing.price == money


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Price": "5170"}, "currency_missing"),
        ({"Price": ""}, "price_missing"),
        ({"Price": "XXX 5170"}, "currency_unknown"),
        ({"Price": "$ 5170"}, "currency_unknown"),
        ({"Price": "EUR 0"}, "price_invalid"),
        ({"Price": "EUR -5"}, "price_invalid"),
        ({"Price": "EUR 12,000"}, "price_invalid"),
        ({"Price": "JPY 1.5"}, "price_invalid"),
        ({"Price": "EUR 1.234"}, "price_invalid"),
        ({"Price": "EUR 999999999999"}, "price_invalid"),
        ({"Price": "EUR ٣"}, "price_invalid"),
        ({"Price": "on request"}, "price_invalid"),
        ({"Boat_Type": ""}, "attribute_required"),
        ({"Manufacturer": "Bava\x00ria"}, "control_characters"),
        ({"Location": "x" * 1_001}, "cell_too_long"),
    ],
)
def test_what_cannot_be_repaired_is_refused_with_why(cells: dict[str, str], code: str):
    assert refused(**cells) == code


def test_a_row_in_another_encoding_is_refused_and_names_its_column():
    content = f"{HEADER}\n{line(Location='Germany » Köln')}\n".encode("latin-1")
    [row] = read(io.BytesIO(content), kiel_only)
    assert isinstance(row, Refused)
    assert row.code == "encoding_invalid"
    assert "Location" in row.detail


def test_the_later_of_two_rows_equal_but_for_the_views_is_refused():
    first, other, again = rows(line(), line(Length="13"), line(Number_of_views_last_7_days="99"))
    assert isinstance(first, Accepted)
    assert isinstance(other, Accepted)
    assert again == Refused(3, 4, "duplicate_of_row", "Equal to row 1 but for the views.")


def test_a_listing_keeps_its_key_in_any_later_file():
    [before] = rows(line())
    *_, after = rows(line(Length="13"), line(Number_of_views_last_7_days="99", Location=" Germany  » Kiel "))
    other = accepted(Length="13")
    assert isinstance(before, Accepted)
    assert isinstance(after, Accepted)
    assert before.key == after.key != other.key


def test_a_boat_somewhere_unsaid_has_no_place_and_no_repair():
    row = accepted(Location="")
    assert row.listing.place is None
    assert row.repairs == ()


def test_a_broken_line_is_refused_where_it_stands():
    broken, good = rows("EUR 1,RIB", line())
    assert broken == Refused(1, 2, "row_ragged", "2 columns instead of 10.")
    assert isinstance(good, Accepted)


def test_a_file_of_something_else_is_refused_before_its_rows():
    with pytest.raises(FileRefused, match="Boat Type"):
        read(io.BytesIO(b"Price,Colour\n1,red\n"), kiel_only)
