"""How full slots are, told of all that were offered: those that nobody wanted too."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.deliveries.events import ZoneClosed, ZoneDeclared
from domain.deliveries.windows import Area, Terms, Window
from projections.deliveries.timetables import Timetable, view
from projections.ports import Total
from projections.reports.offered import lines
from tests.bdd import Shown

ZURICH, BERNE, STAN = UUID(int=1), UUID(int=2), UUID(int=3)
MONDAY = date(2026, 6, 1)
SUNDAY = MONDAY - timedelta(days=1)
MORNING = Window(1, "07:00", "09:00", 4, cutoff=60)
EVENING = Window(1, "18:00", "20:00", 2)


def declared(*windows: Window, zone: UUID = ZURICH, at: datetime = datetime(2026, 5, 1, tzinfo=UTC), **more: Any) -> ZoneDeclared:
    return ZoneDeclared(zone, Terms("Zürich", "Europe/Zurich", "CHF", (Area("CH"),), windows=windows, **more), STAN, at)


def timetable(*history: ZoneDeclared | ZoneClosed) -> Timetable:
    return Shown(view, *history).one


def booked(start: str, taken: int, places: int = 4, day: date = MONDAY) -> Total:
    return Total({"day": day, "zone_id": ZURICH, "start": start}, {"slots": 1, "places": places, "taken": taken}, taken)


def told(*found: Timetable, bookings: tuple[Total, ...] = (), days: int = 1) -> list[tuple[date, str, int, int]]:
    shown = lines(found, bookings, SUNDAY, SUNDAY + timedelta(days=days))
    return [(each.group["day"], each.group["start"], each.of["places"], each.of["taken"]) for each in shown]


def test_a_window_that_nobody_booked_stands_there_empty():
    weekly = timetable(declared(MORNING, EVENING))
    assert told(weekly) == [(MONDAY, "07:00", 4, 0), (MONDAY, "18:00", 2, 0)]
    assert told(weekly, bookings=(booked("07:00", 3),)) == [(MONDAY, "07:00", 4, 3), (MONDAY, "18:00", 2, 0)]
    assert told(weekly, days=8)[2:] == [(MONDAY + timedelta(days=7), "07:00", 4, 0), (MONDAY + timedelta(days=7), "18:00", 2, 0)]


def test_what_was_booked_stays_where_the_window_is_gone():
    assert told(timetable(declared(EVENING)), bookings=(booked("07:00", 3, places=5),)) == [
        (MONDAY, "07:00", 5, 3),
        (MONDAY, "18:00", 2, 0),
    ]


def test_days_gone_by_had_the_windows_that_were_declared_then():
    after_six = datetime(2026, 6, 1, 4, 30, tzinfo=UTC)  # half past six in Zürich: the morning's can no longer be booked
    history = timetable(declared(MORNING, EVENING), declared(Window(1, "18:00", "20:00", 9), at=after_six))
    assert told(history) == [(MONDAY, "07:00", 4, 0), (MONDAY, "18:00", 9, 0)]
    before = timetable(declared(MORNING), declared(EVENING, at=datetime(2026, 6, 1, 3, tzinfo=UTC)))
    assert told(before) == [(MONDAY, "18:00", 2, 0)]


def test_a_closed_zone_and_a_closed_day_offer_nothing():
    closed = ZoneClosed(ZURICH, STAN, datetime(2026, 5, 2, tzinfo=UTC))
    assert told(timetable(declared(MORNING), closed)) == []
    assert told(timetable(declared(MORNING), closed, declared(EVENING, at=datetime(2026, 5, 3, tzinfo=UTC)))) == [(MONDAY, "18:00", 2, 0)]
    assert told(timetable(declared(MORNING, closed_on=(MONDAY,)))) == []


def test_terms_that_change_only_where_is_delivered_are_remembered_once():
    elsewhere = declared(MORNING, at=datetime(2026, 5, 2, tzinfo=UTC))
    assert len(timetable(declared(MORNING), elsewhere).declared) == 1


def test_zones_stand_in_the_order_of_the_lines_that_were_booked():
    both = (timetable(declared(MORNING, zone=BERNE)), timetable(declared(MORNING)))
    found = list(lines(both, (booked("07:00", 1),), MONDAY, MONDAY))
    assert [(each.group["zone_id"], each.of["taken"]) for each in found] == [(ZURICH, 1), (BERNE, 0)]
