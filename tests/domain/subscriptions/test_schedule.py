"""Days and moments of a rule, on the customer's own clocks."""

import datetime as dt
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from domain.decider import Rejected
from domain.subscriptions.schedule import Schedule, dates, is_date, next_date, settled, settled_at, starts_at, upcoming

ZURICH = "Europe/Zurich"


def schedule(
    rule: str, begins_on: dt.date = dt.date(2026, 1, 1), at: dt.time = dt.time(7), zone: str = ZURICH, notice: int = 0
) -> Schedule:
    return settled(Schedule(rule, zone, begins_on, at, notice))


def first(found: Schedule, count: int) -> list[dt.date]:
    return list(islice(dates(found, None), count))


def test_milk_comes_at_seven_on_the_clock_on_both_sides_of_the_spring_change():
    daily = schedule("FREQ=DAILY", dt.date(2026, 3, 28))
    assert [starts_at(daily, day).hour for day in first(daily, 3)] == [6, 5, 5]
    assert [starts_at(daily, day).astimezone(dt.UTC).isoformat() for day in first(daily, 2)] == [
        "2026-03-28T06:00:00+00:00",
        "2026-03-29T05:00:00+00:00",
    ]


def test_milk_comes_at_seven_on_the_clock_on_both_sides_of_the_autumn_change():
    daily = schedule("FREQ=DAILY", dt.date(2026, 10, 24))
    assert [starts_at(daily, day).hour for day in first(daily, 3)] == [5, 6, 6]


def test_the_notice_is_a_length_of_time_and_no_time_on_the_clock():
    daily = schedule("FREQ=DAILY", dt.date(2026, 3, 29), notice=10 * 60)
    assert settled_at(daily, dt.date(2026, 3, 29)) == dt.datetime(2026, 3, 28, 19, tzinfo=dt.UTC)


def test_a_time_that_the_clock_leaves_out_is_read_as_before_the_change():
    night = schedule("FREQ=DAILY", dt.date(2026, 3, 29), dt.time(2, 30))
    assert starts_at(night, dt.date(2026, 3, 29)) == dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)


def test_a_time_that_the_clock_shows_twice_is_its_first():
    night = schedule("FREQ=DAILY", dt.date(2026, 10, 25), dt.time(2, 30))
    assert starts_at(night, dt.date(2026, 10, 25)) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


def test_what_begins_on_a_leap_day_comes_every_fourth_year():
    yearly = schedule("FREQ=YEARLY", dt.date(2028, 2, 29))
    assert first(yearly, 3) == [dt.date(2028, 2, 29), dt.date(2032, 2, 29), dt.date(2036, 2, 29)]


def test_every_month_on_the_last_day_means_also_february():
    monthly = schedule("FREQ=MONTHLY;BYMONTHDAY=-1", dt.date(2028, 1, 31))
    assert first(monthly, 3) == [dt.date(2028, 1, 31), dt.date(2028, 2, 29), dt.date(2028, 3, 31)]


def test_weekdays_may_be_said_by_days_or_by_weeks():
    days = schedule("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR")
    weeks = schedule("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    assert first(days, 30) == first(weeks, 30)
    assert all(day.weekday() < 5 for day in first(days, 30))


def test_every_third_day_is_counted_from_the_first():
    assert first(schedule("FREQ=DAILY;INTERVAL=3", dt.date(2026, 2, 27)), 3) == [
        dt.date(2026, 2, 27),
        dt.date(2026, 3, 2),
        dt.date(2026, 3, 5),
    ]


def test_a_rule_ends_with_its_count_or_its_last_day():
    assert first(schedule("FREQ=DAILY;COUNT=2"), 5) == [dt.date(2026, 1, 1), dt.date(2026, 1, 2)]
    assert first(schedule("FREQ=DAILY;UNTIL=20260103"), 5)[-1] == dt.date(2026, 1, 3)


def test_the_last_moment_in_utc_is_read_on_the_clocks_of_the_zone():
    assert schedule("FREQ=DAILY;UNTIL=20260103T060000Z").rule == "FREQ=DAILY;UNTIL=20260103"
    assert schedule("FREQ=DAILY;UNTIL=20260103T055959Z").rule == "FREQ=DAILY;UNTIL=20260102"


def test_a_rule_is_kept_in_one_form():
    assert schedule(" rrule:byday=mo,we;freq=weekly;interval=2;").rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=",
        "FREQ=HOURLY",
        "FREQ=SECONDLY;INTERVAL=1",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=367",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=5000",
        "FREQ=DAILY;COUNT=3;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=20260231",
        "FREQ=DAILY;UNTIL=00010101T000000Z",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;BYHOUR=7",
        "FREQ=DAILY;INTERVAL=2;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYMONTH=2",
        "EXDATE=20260101",
        "FREQ=DAILY\nDTSTART:20260101T000000",
        "FREQ=DAILY;" + "X" * 200,
        "FREQ=DAILY;INTERVAL=\u0663",
    ],
)
def test_what_is_no_rule_here_is_refused(rule: str):
    with pytest.raises(Rejected) as refusal:
        schedule(rule)
    assert (refusal.value.code, refusal.value.pointer) == ("rule_invalid", "/rule")


@pytest.mark.parametrize(
    "zone", ["", "Zurich", "Europe", "Europe/", "../etc/passwd", "/etc/passwd", "Europe/Zürich", "localtime", "GMT+1\0"]
)
def test_what_is_no_time_zone_is_refused(zone: str):
    with pytest.raises(Rejected) as refusal:
        schedule("FREQ=DAILY", zone=zone)
    assert (refusal.value.code, refusal.value.pointer) == ("timezone_unknown", "/timezone")


def test_a_rule_without_any_day_is_refused():
    for rule in ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "FREQ=DAILY;UNTIL=20251231"):
        with pytest.raises(Rejected) as refusal:
            schedule(rule, dt.date(2026, 2, 1))
        assert refusal.value.code == "rule_without_dates"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"notice": -1}, "/noticeMinutes"),
        ({"notice": 10**9}, "/noticeMinutes"),
        ({"at": dt.time(7, 0, 1)}, "/time"),
        ({"at": dt.time(7, tzinfo=dt.UTC)}, "/time"),
        ({"begins_on": dt.date(1, 1, 1)}, "/beginsOn"),
        ({"begins_on": dt.date(9999, 12, 31)}, "/beginsOn"),
    ],
)
def test_moments_out_of_bounds_are_refused(changed: dict[str, dt.date | dt.time | int], pointer: str):
    with pytest.raises(Rejected) as refusal:
        schedule("FREQ=DAILY", **changed)  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.pointer) == ("schedule_invalid", pointer)


def test_skipped_days_are_left_out():
    daily = schedule("FREQ=DAILY;COUNT=3")
    assert next_date(daily, dt.date(2026, 1, 1), {dt.date(2026, 1, 2)}) == dt.date(2026, 1, 3)
    assert next_date(daily, dt.date(2026, 1, 1), {dt.date(2026, 1, 2), dt.date(2026, 1, 3)}) is None


def test_what_is_settled_is_no_longer_upcoming():
    daily = schedule("FREQ=DAILY", dt.date(2026, 6, 1), notice=600)
    due = settled_at(daily, dt.date(2026, 6, 3))
    assert upcoming(daily, due - dt.timedelta(seconds=1), limit=2) == [dt.date(2026, 6, 3), dt.date(2026, 6, 4)]
    assert upcoming(daily, due, limit=2) == [dt.date(2026, 6, 4), dt.date(2026, 6, 5)]
    assert upcoming(daily, due, after=dt.date(2026, 6, 9)) == [dt.date(2026, 6, 10)]


weekdays = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=7, unique=True).map(",".join)
intervals = st.integers(1, 40)
rules = st.one_of(
    intervals.map("FREQ=DAILY;INTERVAL={}".format),
    weekdays.map("FREQ=DAILY;BYDAY={}".format),
    st.tuples(intervals, weekdays, st.sampled_from(["MO", "SU"])).map(
        lambda parts: "FREQ=WEEKLY;INTERVAL={};BYDAY={};WKST={}".format(*parts)
    ),
    st.tuples(intervals, st.integers(1, 28)).map(lambda parts: "FREQ=MONTHLY;INTERVAL={};BYMONTHDAY={}".format(*parts)),
    st.tuples(intervals, st.sampled_from(["1MO", "-1FR", "2TU,4TU"])).map(lambda parts: "FREQ=MONTHLY;INTERVAL={};BYDAY={}".format(*parts)),
    st.integers(1, 50).map("FREQ=DAILY;INTERVAL=3;COUNT={}".format),
)
days = st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1))
zones = st.sampled_from([ZURICH, "America/New_York", "Australia/Lord_Howe", "Africa/Harare", "Asia/Kathmandu", "America/Santiago", "UTC"])
times = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@given(rules, days, st.integers(0, 4000), zones, times)
def test_the_next_day_is_later_and_that_of_the_whole_rule_counted_from_its_beginning(
    rule: str, begins_on: dt.date, passed: int, zone: str, at: dt.time
):
    found = schedule(rule, begins_on, at, zone)
    after = begins_on + dt.timedelta(days=passed)
    counted = rrulestr(found.rule, dtstart=dt.datetime.combine(begins_on, dt.time())).after(dt.datetime.combine(after, dt.time()))
    following = next_date(found, after)
    assert following == (counted.date() if counted else None)
    if following is not None:
        assert following > after
        assert is_date(found, following)
        later = next_date(found, following)
        assert later is None or later > following
        assert later is None or starts_at(found, later) > starts_at(found, following)
        assert starts_at(found, following).astimezone(dt.UTC).utcoffset() == dt.timedelta(0)
