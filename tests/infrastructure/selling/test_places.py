"""Places are found offline by the names that people write, or not at all."""

from pathlib import Path

import msgspec
import pytest

from domain.values import Place
from infrastructure.selling.places import Gazetteer, folded


def town(name: str, latitude: float, longitude: float, population: int, *others: str, country: str = "DE") -> dict[str, object]:
    return {
        "name": name,
        "latitude": latitude,
        "longitude": longitude,
        "countrycode": country,
        "population": population,
        "alternatenames": others,
    }


@pytest.fixture(scope="module")
def find() -> Gazetteer:
    return Gazetteer()


@pytest.fixture
def made_up(tmp_path: Path) -> Gazetteer:
    towns = [
        town("Neustadt", 49.0, 8.0, 50_000),
        town("Neustadt", 54.0, 10.0, 40_000),
        town("Burg", 54.0, 11.0, 60_000),
        town("Burg", 52.0, 11.8, 20_000),
        town("Zell", 50.0, 7.0, 4_000),
        town("Zell", 50.1, 7.1, 3_900),
        town("Hafen", 53.0, 9.0, 700),
        town("Grosshafen", 48.0, 9.0, 90_000, "Hafen", "Port"),
    ]
    file = tmp_path / "towns.json"
    file.write_bytes(msgspec.json.encode({str(number): each for number, each in enumerate(towns)}))
    return Gazetteer(file)


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (("Germany", "Bönningstedt"), Place("DE", "", "Bönningstedt", 53.66, 9.91)),
        (("Germany", "Bayern", "MUENCHEN"), Place("DE", "Bayern", "MUENCHEN", 48.14, 11.58)),
        (("Switzerland", "Lake of Zurich", "Stäfa ZH"), Place("CH", "Lake of Zurich", "Stäfa ZH", 47.24, 8.72)),
        (("Switzerland", "8645 Jona"), Place("CH", "", "8645 Jona", 47.23, 8.84)),
        (("Netherlands", "Omgeving Harlingen"), Place("NL", "", "Omgeving Harlingen", 53.17, 5.42)),
        (("France", "LA GRANDE MOTTE, France"), Place("FR", "", "LA GRANDE MOTTE, France", 43.56, 4.08)),
        (("France", "ST MALO"), Place("FR", "", "ST MALO", 48.65, -2.01)),
        (("Croatia (Hrvatska)", "INFO BOOTE RIEDL TROGIR"), Place("HR", "", "INFO BOOTE RIEDL TROGIR", 43.51, 16.25)),
        (("Denmark", " København  "), Place("DK", "", "København", 55.68, 12.57)),
    ],
)
def test_a_town_is_found_as_people_write_it(find: Gazetteer, names: tuple[str, ...], place: Place):
    found = find(names)
    assert (found.country, found.region, found.locality) == (place.country, place.region, place.locality)
    assert (found.latitude, found.longitude) == (pytest.approx(place.latitude, abs=0.02), pytest.approx(place.longitude, abs=0.02))


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (("Italy", "Toscana", "Toscana"), Place("IT", "Toscana")),
        (("Italy", "Mar Tirreno"), Place("IT", "", "Mar Tirreno")),
        (("Italy", "Lago Di Garda"), Place("IT", "", "Lago Di Garda")),
        (("Germany", "AB WERFT"), Place("DE", "", "AB WERFT")),
        (("Germany", "Deutschland"), Place("DE")),
        (("Greece", "."), Place("GR")),
        (("Croatia (Hrvatska)", "onbekend"), Place("HR")),
        (("Netherlands", "In verkoophaven"), Place("NL", "", "In verkoophaven")),
        (("Lake Geneva", "versoix"), Place("", "Lake Geneva", "versoix")),
        (("Germany", "Paris"), Place("DE", "", "Paris")),
        (("Italy",), Place("IT")),
        (("",), Place()),
        ((), Place()),
    ],
)
def test_what_names_no_town_of_that_country_has_no_coordinates(find: Gazetteer, names: tuple[str, ...], place: Place):
    assert find(names) == place


def test_a_city_that_is_its_own_region_is_found(find: Gazetteer):
    place = find(("Germany", "Hamburg", "HAMBURG"))
    assert place.locality == "HAMBURG"
    assert place.latitude == pytest.approx(53.55, abs=0.05)


def test_of_two_towns_of_one_name_none_is_meant_unless_one_is_far_the_larger(made_up: Gazetteer):
    assert made_up.locate("DE", "Neustadt") is None
    assert made_up.locate("DE", "Burg") == (54.0, 11.0)


def test_two_entries_beside_each_other_are_one_place(made_up: Gazetteer):
    assert made_up.locate("DE", "Zell") == (50.0, 7.0)


def test_a_towns_own_name_counts_before_the_alternate_name_of_a_larger_one(made_up: Gazetteer):
    assert made_up.locate("DE", "Hafen") == (53.0, 9.0)
    assert made_up.locate("DE", "Port") == (48.0, 9.0)
    assert made_up.locate("DE", "Boote Meier, Port") is None


def test_towns_belong_to_their_country(made_up: Gazetteer):
    assert made_up.locate("AT", "Burg") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Saint-Malo", "ST MALO"),
        ("Sankt Gilgen", "St. Gilgen"),
        ("L'Estartit", "lestartit"),
        ("Sønderborg", "SONDERBORG"),
        ("Łódź", "lodz"),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(one: str, other: str):
    assert folded(one) == folded(other)
