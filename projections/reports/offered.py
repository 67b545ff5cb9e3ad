"""Slots that were offered and those that were booked as one report: a window that nobody wanted stands there with no place taken."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from heapq import merge
from itertools import groupby
from typing import TypeAlias
from uuid import UUID

from projections.deliveries.timetables import Timetable
from projections.ports import Total

Place: TypeAlias = tuple[date, UUID, str]
"""A slot's day, zone and start: the order of the lines."""


def lines(timetables: Sequence[Timetable], booked: Iterable[Total], since: date, until: date) -> Iterator[Total]:
    """Every slot once, in order; what is `booked`, in the same order, says more of it than its timetable."""
    both = merge(booked, unbooked(timetables, since, until), key=place)  # of equals the first comes first
    return (next(same) for _, same in groupby(both, key=place))


def unbooked(timetables: Sequence[Timetable], since: date, until: date) -> Iterator[Total]:
    for number in range((until - since).days + 1):
        day = since + timedelta(days=number)
        yield from sorted((line for each in timetables for line in offered(each, day)), key=place)


def offered(timetable: Timetable, day: date) -> Iterator[Total]:
    for each in timetable.offered(day):
        group = {"day": day, "zone_id": timetable.zone_id, "start": each.window.start}
        yield Total(group, {"slots": 1, "places": each.window.capacity, "taken": 0}, 0)


def place(line: Total) -> Place:
    return line.group["day"], line.group["zone_id"], line.group["start"]
