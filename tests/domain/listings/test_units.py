"""Feet and horsepower come in; metres and kilowatts are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decider import Rejected
from domain.listings.attributes import CATEGORIES
from domain.listings.units import FACTORS, in_metric, metric, parsed

BOAT = CATEGORIES["boats"].attributes


@pytest.mark.parametrize(
    ("value", "unit", "name", "kept"),
    [
        (30, "ft", "length", 9.144),
        (30.5, "ft", "length", 9.296),  # 9.2964
        (100, "in", "beam", 2.54),
        (250, "cm", "beam", 2.5),
        (100, "hp", "power", 74.57),  # 74.569987…
        (100, "PS", "power", 73.55),  # 73.549875
        (10, "gal-us", "fuelTank", 37.854),  # 37.85411784
        (2000, "lb", "displacement", 907.185),  # 907.18474
        (37.04, "km/h", "topSpeed", 20.0),
        (23, "mph", "topSpeed", 20.0),  # 19.986…
        (0.5, "mm", "draught", 0.0),  # half of the last decimal goes to the even one
        (1.5, "mm", "draught", 0.002),
    ],
)
def test_measures_are_converted_by_exact_factors(value: float, unit: str, name: str, kept: float):
    assert metric(value, unit, BOAT[name]) == kept


def test_a_measure_in_its_own_unit_is_kept_to_the_last_digit():
    assert metric(9.14444, "m", BOAT["length"]) == 9.14444


def test_every_declared_unit_can_be_converted_to():
    assert {each.unit for category in CATEGORIES.values() for each in category.attributes.values() if each.unit} <= FACTORS.keys()


@pytest.mark.parametrize(
    ("text", "name", "kept"),
    [("9.5", "length", 9.5), ("30ft", "length", 9.144), (" 30 ft ", "length", 9.144), ("150 hp", "power", 111.855), ("-1", "length", -1.0)],
)
def test_bounds_of_a_query_are_read_with_or_without_a_unit(text: str, name: str, kept: float):
    assert parsed(text, BOAT[name]) == kept


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("", "length", "attribute_invalid"),
        ("long", "length", "attribute_invalid"),
        ("1e9", "length", "unknown_unit"),
        ("nan", "length", "attribute_invalid"),
        ("٣", "length", "attribute_invalid"),
        ("3 parsec", "length", "unknown_unit"),
        ("3 kW", "length", "unknown_unit"),
        ("3 ft", "year", "unknown_unit"),
    ],
)
def test_what_is_no_measure_is_refused(text: str, name: str, code: str):
    with pytest.raises(Rejected) as caught:
        parsed(text, BOAT[name])
    assert (caught.value.code, caught.value.pointer) == (code, f"/attributes/{name}")


def test_measured_attributes_arrive_in_metric_and_all_else_untouched():
    assert in_metric("boats", {"length": {"value": 30, "unit": "ft"}, "beam": 3, "maker": "Bavaria", "wings": {"any": "thing"}}) == {
        "length": 9.144,
        "beam": 3,
        "maker": "Bavaria",
        "wings": {"any": "thing"},
    }


@pytest.mark.parametrize(
    "measure", [{}, {"value": 3}, {"value": "3", "unit": "ft"}, {"value": True, "unit": "ft"}, {"value": 3, "unit": "ft", "x": 1}]
)
def test_a_half_said_measure_is_refused(measure: dict[str, object]):
    with pytest.raises(Rejected, match="attribute_invalid"):
        in_metric("boats", {"length": measure})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
def test_a_measure_beyond_all_sense_is_refused(value: float):
    with pytest.raises(Rejected, match="attribute_invalid"):
        in_metric("boats", {"length": {"value": value, "unit": "ft"}})


@given(st.floats(0.01, 100_000), st.sampled_from(sorted(FACTORS["m"])))
def test_a_conversion_is_never_off_by_more_than_half_a_millimetre(value: float, unit: str):
    length = BOAT["length"]
    assert abs(metric(value, unit, length) - value * float(FACTORS["m"][unit])) <= 0.000501
