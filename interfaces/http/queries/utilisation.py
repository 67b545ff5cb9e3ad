"""The report on slots over a range of days, which is bounded: windows are offered without end."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

import msgspec
from msgspec import Struct

from interfaces.http.errors import Problem
from projections import cursors
from projections.deliveries.timetables import Timetable, of_zone
from projections.deliveries.timetables import view as timetables
from projections.ports import Documents, Journals, Total
from projections.reports.offered import Place, lines, place
from projections.reports.table import REPORTS, asked_for

NAME = "slot-utilisation"
REPORT = REPORTS[NAME]

LONGEST = timedelta(days=400)
BEFORE, AFTER = timedelta(days=30), timedelta(days=14)
"""The days around today that are meant where none are named."""

MOST_ZONES = 1_000
AT_A_TIME = 1_000


class Range(Struct, frozen=True):
    since: date
    until: date
    zone_id: UUID | None


def asked(since: date | None, until: date | None, zone_id: UUID | None, today: date) -> Range:
    since = since or min(today, until or today) - BEFORE
    until = until or max(today, since) + AFTER
    if until - since > LONGEST:
        raise Problem(422, "range_too_long", f"At most {LONGEST.days} days.", parameter="to")
    return Range(since, until, zone_id)


def page(journals: Journals, documents: Documents, wanted: Range, limit: int, cursor: str | None) -> tuple[list[Total], str | None]:
    """As many lines, and the cursor of the next; raises `BadCursor`."""
    question = (NAME, wanted.since, wanted.until, wanted.zone_id)
    after = None if cursor is None else cursors.read(cursor, question, Place)
    found = list(islice(every(journals, documents, wanted, after), limit + 1))
    return found[:limit], cursors.written(place(found[limit - 1]), question) if len(found) > limit else None


def every(journals: Journals, documents: Documents, wanted: Range, after: Place | None = None) -> Iterator[Total]:
    """Asks for nothing before the first line is asked for."""
    since = wanted.since if after is None else after[0]
    known = documents.page(timetables, of_zone(wanted.zone_id), limit=MOST_ZONES)
    declared = [msgspec.json.decode(each.document, type=Timetable) for each in known.items]
    for each in lines(declared, booked(journals, since, wanted), since, wanted.until):
        if after is None or place(each) > after:
            yield each


def booked(journals: Journals, since: date, wanted: Range) -> Iterator[Total]:
    where = asked_for(REPORT, since, wanted.until, {"zone_id": wanted.zone_id})
    cursor: str | None = None
    while True:
        found = journals.totals(REPORT.journal, REPORT.sums, where, limit=AT_A_TIME, cursor=cursor, order=REPORT.order)
        yield from found.items
        cursor = found.next
        if cursor is None:
            return
