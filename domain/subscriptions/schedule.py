"""On which days something recurs, and at which moments: a rule of RFC 5545 read in the customer's own time zone.

Days are those of the zone, and the time on its clocks stays the same through summer and winter. A time that clocks leave out is
read with the offset before the change, one that they show twice is its first: as RFC 5545, section 3.3.5, has it.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrule, rrulestr

from domain.decider import Rejected
from domain.values import Value

RULE_LIMIT = 200
INTERVAL_LIMIT = 366
COUNT_LIMIT = 3_660
NOTICE_LIMIT = 15 * 24 * 60
"""In minutes: the longest notice that a window of delivery asks for, and a day more."""

ZONE = re.compile(r"UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}")
WHOLE = re.compile(r"[1-9][0-9]{0,3}")
WEEKDAYS = re.compile(r"(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU)){0,6}")
NUMBERED_WEEKDAYS = re.compile(r"(-?[1-4])(MO|TU|WE|TH|FR|SA|SU)(,(-?[1-4])(MO|TU|WE|TH|FR|SA|SU)){0,9}")
MONTH_DAYS = re.compile(r"-?([1-9]|[12][0-9]|3[01])(,-?([1-9]|[12][0-9]|3[01])){0,30}")
LAST_DAY = re.compile(r"[0-9]{8}")
LAST_MOMENT = re.compile(r"[0-9]{8}T[0-9]{6}Z")

Part = Callable[[str, str, Mapping[str, str]], bool]


def one_of_its_days(part: str, frequency: str, given: Mapping[str, str]) -> bool:
    """Numbered days of the week («the second Tuesday») only make sense in months, and days with a daily rule only for every day."""
    match frequency:
        case "MONTHLY":
            return "BYMONTHDAY" not in given and NUMBERED_WEEKDAYS.fullmatch(part) is not None
        case "WEEKLY":
            return WEEKDAYS.fullmatch(part) is not None
        case "DAILY":
            return given.get("INTERVAL", "1") == "1" and WEEKDAYS.fullmatch(part) is not None
        case _:
            return False


PARTS: Mapping[str, Part] = {
    "FREQ": lambda part, _, __: part in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"},
    "INTERVAL": lambda part, _, __: WHOLE.fullmatch(part) is not None and int(part) <= INTERVAL_LIMIT,
    "COUNT": lambda part, _, given: WHOLE.fullmatch(part) is not None and int(part) <= COUNT_LIMIT and "UNTIL" not in given,
    "UNTIL": lambda part, _, __: (LAST_DAY.fullmatch(part) or LAST_MOMENT.fullmatch(part)) is not None,
    "BYDAY": one_of_its_days,
    "BYMONTHDAY": lambda part, frequency, _: frequency == "MONTHLY" and MONTH_DAYS.fullmatch(part) is not None,
    "WKST": lambda part, _, __: part in {"MO", "SU"},
}
"""What a rule may consist of, in the order in which it is kept; every rule of it that has days at all soon has one."""


class Schedule(Value, frozen=True):
    """`at` is the time on the clocks of the zone, `notice` the minutes before it at which the day is settled.

    The rule counts from `begins_on`, which is a day of it where the rule says so.
    """

    rule: str
    timezone: str
    begins_on: dt.date
    at: dt.time
    notice: int = 0


def settled(schedule: Schedule) -> Schedule:
    """The schedule with its rule in its kept form, else `rule_invalid`, `timezone_unknown`, `schedule_invalid` or `rule_without_dates`."""
    if not 0 <= schedule.notice <= NOTICE_LIMIT:
        raise Rejected("schedule_invalid", f"The notice lies between 0 and {NOTICE_LIMIT} minutes.", pointer="/noticeMinutes")
    if schedule.at.tzinfo is not None or schedule.at.second or schedule.at.microsecond:
        raise Rejected("schedule_invalid", "A time has hours and minutes, on the clocks of the zone.", pointer="/time")
    if not 2000 <= schedule.begins_on.year <= 2200:
        raise Rejected("schedule_invalid", "The first day lies between the years 2000 and 2200.", pointer="/beginsOn")
    zone = zone_of(schedule.timezone)
    found = Schedule(kept(schedule.rule, zone, schedule.at), schedule.timezone, schedule.begins_on, schedule.at, schedule.notice)
    if next_date(found, None) is None:
        raise Rejected("rule_without_dates", "No day fits this rule.", pointer="/rule")
    return found


def zone_of(name: str) -> ZoneInfo:
    try:
        if ZONE.fullmatch(name):
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise Rejected("timezone_unknown", "Time zones have the names of the IANA database, such as Europe/Zurich.", pointer="/timezone")


def kept(rule: str, zone: ZoneInfo, at: dt.time) -> str:
    """The parts in their order, the end as the last day; `rule_invalid` names the part that cannot be."""
    if len(rule) > RULE_LIMIT:
        raise Rejected("rule_invalid", f"At most {RULE_LIMIT} characters.", pointer="/rule")
    given: dict[str, str] = {}
    for part in rule.strip().upper().removeprefix("RRULE:").removesuffix(";").split(";"):
        name, _, value = part.partition("=")
        if name not in PARTS or name in given:
            raise Rejected("rule_invalid", f"{name[:20]!r} is no part of a rule here, or stands there twice.", pointer="/rule")
        given[name] = value
    frequency = given.get("FREQ", "")
    for name in ("FREQ", *given):
        if not PARTS[name](given.get(name, ""), frequency, given):
            raise Rejected("rule_invalid", f"{name} cannot be {given.get(name, '')!r} in this rule.", pointer="/rule")
    if "UNTIL" in given:
        given["UNTIL"] = f"{last_day(given['UNTIL'], zone, at):%Y%m%d}"
    return ";".join(f"{name}={given[name]}" for name in PARTS if name in given)


def last_day(until: str, zone: ZoneInfo, at: dt.time) -> dt.date:
    try:
        if LAST_DAY.fullmatch(until):
            return dt.datetime.strptime(until, "%Y%m%d").replace(tzinfo=zone).date()
        end = dt.datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC).astimezone(zone)
        return end.date() if at <= end.time() else end.date() - dt.timedelta(days=1)
    except (ValueError, OverflowError):
        raise Rejected("rule_invalid", f"UNTIL cannot be {until!r}: there is no such moment.", pointer="/rule") from None


def next_date(schedule: Schedule, after: dt.date | None, skipped: Collection[dt.date] = ()) -> dt.date | None:
    """The first day of the rule after this one that is not skipped, or with None the first of all; None where no more come."""
    return next(dates(schedule, after, skipped), None)


def upcoming(
    schedule: Schedule, now: dt.datetime, after: dt.date | None = None, skipped: Collection[dt.date] = (), limit: int = 1
) -> list[dt.date]:
    """The next days that are not settled yet at this moment."""
    today = now.astimezone(zone_of(schedule.timezone)).date()
    begin = max(today - dt.timedelta(days=1), after or dt.date.min)  # all later ones may still be open, as no notice is negative
    return list(islice((day for day in dates(schedule, begin, skipped) if settled_at(schedule, day) > now), limit))


def is_date(schedule: Schedule, day: dt.date) -> bool:
    return next_date(schedule, day - dt.timedelta(days=1)) == day


def dates(schedule: Schedule, after: dt.date | None, skipped: Collection[dt.date] = ()) -> Iterator[dt.date]:
    """The days of the rule in their order, from the one after this on."""
    begin = schedule.begins_on - dt.timedelta(days=1) if after is None else after
    for moment in rule_from(schedule, begin).xafter(midnight(begin), inc=False):
        if moment.date() not in skipped:
            yield moment.date()


def rule_from(schedule: Schedule, after: dt.date) -> rrule:
    """The rule, begun as late as its days from `after` on allow: a daily order of many years is not counted through each time."""
    parts = dict(part.split("=") for part in schedule.rule.split(";"))
    begin = schedule.begins_on
    period = int(parts.get("INTERVAL", "1")) * {"DAILY": 1, "WEEKLY": 7}.get(parts["FREQ"], 0)
    if period and "COUNT" not in parts and after > begin:
        begin += dt.timedelta(days=(after - begin).days // period * period)
    found = rrulestr(schedule.rule, dtstart=midnight(begin))
    assert isinstance(found, rrule)  # noqa: S101 - a single RRULE never reads as a set
    return found


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def starts_at(schedule: Schedule, day: dt.date) -> dt.datetime:
    """The schedule's time on that day, in UTC."""
    return dt.datetime.combine(day, schedule.at, zone_of(schedule.timezone)).astimezone(dt.UTC)


def settled_at(schedule: Schedule, day: dt.date) -> dt.datetime:
    """When the day is settled, in UTC: from then on it can no longer be skipped."""
    return starts_at(schedule, day) - dt.timedelta(minutes=schedule.notice)
