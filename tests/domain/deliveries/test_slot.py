"""Zones by post code and by circle, windows across daylight saving, and slots with so many places."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.decider import Rejected
from domain.deliveries import commands as c
from domain.deliveries import events as e
from domain.deliveries.slot import slots
from domain.deliveries.windows import Area, Circle, Terms, Window, covers, offers, slot_id
from domain.deliveries.zone import zones
from domain.trade import Spot
from domain.values import Actor, Role
from tests.bdd import Given

ZONE, SLOT = UUID(int=0x20), UUID(int=0x51)
ANN, BOB = UUID(int=1), UUID(int=2)
STAN, CARA = Actor(UUID(int=3), frozenset({Role.STAFF})), Actor(UUID(int=4), frozenset({Role.CUSTOMER}))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MORNING = Window(1, "07:00", "09:00", 2, 60, 390)
LAKE = Terms("Lake Zurich", "Europe/Zurich", "CHF", (Area("CH", ("87",)), Area("LI")), None, (MORNING,))
SUNDAYS = replace(
    LAKE, windows=tuple(Window(7, start, end, 1) for start, end in [("01:30", "02:30"), ("02:30", "03:30"), ("22:00", "01:00")])
)
STAEFA = Spot(47.24, 8.72)


def times(terms: Terms, day: date) -> list[tuple[str, str]]:
    return [(f"{each.starts_at:%d. %H:%M}", f"{each.ends_at:%d. %H:%M}") for each in offers(ZONE, terms, day)]


def test_a_zone_is_where_its_post_codes_begin_or_its_circle_reaches():
    assert covers(LAKE, "CH", "8712", None)
    assert covers(LAKE, "LI", "9490", None)
    assert not covers(LAKE, "CH", "1200", None)
    assert not covers(LAKE, "DE", "8712", None)
    london = replace(LAKE, areas=(Area("GB", ("SW1A",)),))
    assert covers(london, "GB", "sw1a 1aa", None)
    round_town = replace(LAKE, areas=(), circle=Circle(47.24, 8.72, 10))
    assert covers(round_town, "", "", Spot(47.26, 8.70))
    assert not covers(round_town, "", "", Spot(47.37, 8.54))
    assert not covers(round_town, "CH", "8712", None)


def test_a_window_is_by_the_clocks_of_its_zone():
    assert times(LAKE, date(2026, 6, 1)) == [("01. 05:00", "01. 07:00")]
    assert times(LAKE, date(2026, 12, 7)) == [("07. 06:00", "07. 08:00")]
    assert times(LAKE, date(2026, 6, 2)) == []
    assert times(replace(LAKE, closed_on=(date(2026, 6, 1),)), date(2026, 6, 1)) == []
    assert offers(ZONE, LAKE, date(2026, 6, 1))[0].closes_at == datetime(2026, 6, 1, 4, tzinfo=UTC)


def test_a_window_in_the_hour_that_is_skipped_is_left_out_and_one_in_the_hour_that_comes_twice_is_longer():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert times(SUNDAYS, spring) == [("29. 00:30", "29. 01:30"), ("29. 20:00", "29. 23:00")]
    assert times(SUNDAYS, autumn) == [("24. 23:30", "25. 00:30"), ("25. 00:30", "25. 02:30"), ("25. 21:00", "26. 00:00")]


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.sampled_from(["Europe/Zurich", "America/New_York", "Africa/Harare", "Asia/Kathmandu"]),
)
def test_every_day_a_window_is_on_starts_when_the_clocks_say_so(day: date, timezone: str):
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - what the function under test uses too

    always = replace(LAKE, timezone=timezone, windows=tuple(replace(MORNING, weekday=each) for each in range(1, 8)))
    (offer,) = offers(ZONE, always, day)
    local = offer.starts_at.astimezone(ZoneInfo(timezone))
    assert (local.date(), f"{local:%H:%M}") == (day, "07:00")
    assert offer.ends_at - offer.starts_at == timedelta(hours=2)
    assert offer.slot_id == slot_id(ZONE, day, "07:00")


def test_staff_declare_a_zone_and_close_it():
    declare, declared = c.DeclareZone(ZONE, LAKE, STAN, NOON), e.ZoneDeclared(ZONE, LAKE, STAN.id, NOON)
    closed = e.ZoneClosed(ZONE, STAN.id, NOON)
    Given(zones).when(declare).then(declared)
    Given(zones, declared).when(declare).then()
    Given(zones, declared).when(c.CloseZone(ZONE, STAN, NOON)).then(closed)
    Given(zones, declared, closed).when(c.CloseZone(ZONE, STAN, NOON)).then()
    Given(zones, declared, closed).when(declare).then(declared)
    Given(zones).when(c.CloseZone(ZONE, STAN, NOON)).rejected("zone_not_found")
    Given(zones).when(replace(declare, by=CARA)).rejected("not_yours")
    Given(zones, declared).offers(STAN, "declare", "close")


@pytest.mark.parametrize(
    ("terms", "code", "pointer"),
    [
        (replace(LAKE, areas=()), "zone_invalid", "/areas"),
        (replace(LAKE, areas=(Area("XX"),)), "zone_invalid", "/areas/0/country"),
        (replace(LAKE, areas=(Area("CH", ("87", "!")),)), "zone_invalid", "/areas/0/prefixes/1"),
        (replace(LAKE, circle=Circle(47, 8, 0)), "zone_invalid", "/circle/kilometres"),
        (replace(LAKE, circle=Circle(91, 8, 1)), "place_invalid", "/latitude"),
        (replace(LAKE, timezone="Europe/Atlantis"), "timezone_unknown", "/timezone"),
        (replace(LAKE, timezone="../etc/passwd"), "timezone_unknown", "/timezone"),
        (replace(LAKE, timezone="Europe"), "timezone_unknown", "/timezone"),
        (replace(LAKE, currency="XXX"), "zone_invalid", "/currency"),
        (replace(LAKE, name=" "), "text_invalid", "/name"),
        (replace(LAKE, windows=(MORNING, replace(MORNING, end="10:00"))), "zone_invalid", "/windows"),
        (replace(LAKE, windows=(replace(MORNING, weekday=8),)), "zone_invalid", "/windows/0/weekday"),
        (replace(LAKE, windows=(replace(MORNING, start="7:00"),)), "zone_invalid", "/windows/0/start"),
        (replace(LAKE, windows=(replace(MORNING, end="24:00"),)), "zone_invalid", "/windows/0/end"),
        (replace(LAKE, windows=(replace(MORNING, capacity=0),)), "zone_invalid", "/windows/0/capacity"),
        (replace(LAKE, windows=(replace(MORNING, fee=-1),)), "zone_invalid", "/windows/0/fee"),
    ],
)
def test_terms_that_cannot_hold_are_refused_where_they_are_wrong(terms: Terms, code: str, pointer: str):
    Given(zones).when(c.DeclareZone(ZONE, terms, STAN, NOON)).rejected(code, pointer=pointer)


def book(order: UUID, now: datetime = NOON) -> c.BookSlot:
    ends = NOON + timedelta(hours=4)
    return c.BookSlot(SLOT, ZONE, date(2026, 6, 1), "16:00", NOON + timedelta(hours=2), ends, 2, NOON + timedelta(hours=1), order, now)


def booked(order: UUID, taken: int) -> e.SlotBooked:
    asked = book(order)
    return e.SlotBooked(SLOT, ZONE, asked.day, asked.start, asked.starts_at, asked.ends_at, 2, order, taken, NOON)


def test_a_slot_has_so_many_places_and_an_order_one_of_them():
    Given(slots).when(book(ANN)).then(booked(ANN, 1))
    Given(slots, booked(ANN, 1)).when(book(ANN)).then()
    Given(slots, booked(ANN, 1), booked(BOB, 2)).when(book(UUID(int=9))).rejected("slot_full", pointer="/slot")
    Given(slots).when(book(ANN, NOON + timedelta(hours=1))).rejected("slot_closed", pointer="/slot")


def test_a_place_is_given_back_once():
    freed = e.SlotFreed(SLOT, ZONE, ANN, 1, NOON)
    Given(slots, booked(ANN, 1), booked(BOB, 2)).when(c.FreeSlot(SLOT, ANN, NOON)).then(freed)
    Given(slots, booked(ANN, 1), booked(BOB, 2), freed).when(c.FreeSlot(SLOT, ANN, NOON)).then()
    Given(slots, booked(ANN, 1), booked(BOB, 2), freed).when(book(UUID(int=9))).then(booked(UUID(int=9), 2))
    Given(slots).when(c.FreeSlot(SLOT, ANN, NOON)).then()


def test_a_zone_name_that_is_no_zone_never_reads_a_file():
    with pytest.raises(Rejected):
        zones.decide(c.DeclareZone(ZONE, replace(LAKE, timezone="/etc/localtime"), STAN, NOON), zones.initial)
