"""Reports: what was sold, how full slots are, how deliveries, groups and their suppliers do, and how long recurring orders live."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from anyio import to_thread
from litestar import Controller, Request
from litestar.params import FromPath, QueryParameter
from msgspec import Meta, Struct
from msgspec.inspect import IntType, type_info
from msgspec.structs import fields

from domain.values import Value
from interfaces.http.answers import csv_file, wants_csv
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries import utilisation
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.streams import CSV
from interfaces.http.waiting import caught_up
from projections.deliveries.timetables import view as timetables
from projections.ports import Clock, Documents, Journals, Total, Totals
from projections.reports.table import Report, asked_for, open_to, visible_to
from projections.sql import Where

Since = Annotated[date | None, QueryParameter(name="from", description="From this day on, in UTC; of retention the first of a month.")]
Until = Annotated[date | None, QueryParameter(name="to", description="Up to this day, and with it.")]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="How many lines at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=500, description="`next` of the page before.")]
Category = Annotated[str | None, QueryParameter(max_length=100, description="Only of this category.")]
Currency = Annotated[str | None, QueryParameter(pattern="^[A-Z]{3}$", description="Only of this currency.")]

MOST = 1000
"""Lines that a file is read by at a time."""

DATES = {"day"}
NAMES = {"seller_id": "seller", "listing_id": "listing", "zone_id": "zone", "courier_id": "courier", "supplier_id": "supplier"}
"""What columns are asked for by, where that is not their own name."""

Cell = str | int | None


class Column(Value, frozen=True):
    """`kind` says how to read a cell: basis points are hundredths of a percent, and null where there is nothing to take a share of."""

    name: Annotated[str, Meta(examples=["total"])]
    kind: Annotated[str, Meta(examples=["integer"], description="text, date, integer or basisPoints")]


class ListedReport(Value, frozen=True):
    """`filters` are the parameters it can be narrowed down by, beside the days."""

    name: Annotated[str, Meta(examples=["sales-by-day"])]
    about: str
    columns: list[Column]
    filters: Annotated[list[str], Meta(examples=[["seller", "currency"]])]


class ReportList(Struct, frozen=True):
    items: list[ListedReport]
    next: None = None


class ReportLines(Struct, frozen=True):
    """Each line has the columns that the list of reports names."""

    items: list[Annotated[dict[str, Cell], Meta(examples=[{"day": "2026-06-01", "currency": "CHF", "orders": 3, "total": 4230}])]]
    next: str | None


class ReportQueries(Controller):
    """Totals by day, article, seller and the like; amounts are in minor units, days begin and end at midnight UTC.

    Staff, admins and auditors see all; everybody else what is his own as a seller.
    """

    path = "/v1/reports"
    tags = ("reports",)

    @get("/", guards=[signed_in], sync_to_thread=False)
    def all(self, caller: Given[Caller]) -> ReportList:
        """The reports there are for the caller, with their columns."""
        return ReportList([listed(name, each) for name, each in open_to(caller.actor).items()])

    # Which read model is waited for, its name says: the guard has none to wait for.
    @get(
        "/{name:str}",
        guards=[signed_in],
        opt={"projection": None, "also": CSV},
        responses=problems("report_not_found", "filter_unsuited", "range_too_long", "bad_cursor"),
    )
    async def lines(
        self,
        name: FromPath[str],
        request: Request[Any, Any, Any],
        caller: Given[Caller],
        journals: Given[Journals],
        documents: Given[Documents],
        clock: Given[Clock],
        since: Since = None,
        until: Until = None,
        seller: Annotated[UUID | None, QueryParameter(description="Only this seller's.")] = None,
        listing: Annotated[UUID | None, QueryParameter(description="Only of this product.")] = None,
        zone: Annotated[UUID | None, QueryParameter(description="Only of this zone.")] = None,
        courier: Annotated[UUID | None, QueryParameter(description="Only by this courier.")] = None,
        supplier: Annotated[UUID | None, QueryParameter(description="Only of this supplier.")] = None,
        category: Category = None,
        currency: Currency = None,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> ReportLines:
        """One report, also as a file with `Accept: text/csv`, then whole.

        A day's sales are what was confirmed on it, less what was cancelled or returned on it, whenever that was sold. What a report
        cannot be narrowed down by is 422 `filter_unsuited`; `GET /v1/reports` says what it can. `slot-utilisation` is of 400 days at
        most, else 422 `range_too_long`.
        """
        report = open_to(caller.actor).get(name)
        if report is None:
            raise Problem(404, "report_not_found")
        wanted = {
            "seller_id": seller,
            "listing_id": listing,
            "zone_id": zone,
            "courier_id": courier,
            "supplier_id": supplier,
            "category": category,
            "currency": currency,
        }
        require_filters(report, wanted)
        where = visible_to(caller.actor, report) & asked_for(report, since, until, wanted)
        await caught_up(request, report.journal.name)
        days = None
        if name == utilisation.NAME:
            await caught_up(request, timetables.name)
            days = utilisation.asked(since, until, zone, clock().date())
        if wants_csv(request):
            found = utilisation.every(journals, documents, days) if days else every(journals, report, where)
            answer: Any = csv_file(name, map(camel, report.columns), (report.line(each).values() for each in found))
            return answer
        if days:
            return shown(report, *await to_thread.run_sync(utilisation.page, journals, documents, days, limit, cursor))
        found = await to_thread.run_sync(page, journals, report, where, limit, cursor)
        return shown(report, found.items, found.next)


def shown(report: Report, found: Sequence[Total], following: str | None) -> ReportLines:
    return ReportLines([{camel(name): cell for name, cell in report.line(each).items()} for each in found], following)


def page(journals: Journals, report: Report, where: Where, limit: int, cursor: str | None) -> Totals:
    return journals.totals(report.journal, report.sums, where, limit=limit, cursor=cursor, order=report.order)


def every(journals: Journals, report: Report, where: Where) -> Iterator[Total]:
    """All lines, read page by page."""
    cursor: str | None = None
    while True:
        found = journals.totals(report.journal, report.sums, where, limit=MOST, cursor=cursor, order=report.order)
        yield from found.items
        cursor = found.next
        if cursor is None:
            return


def require_filters(report: Report, wanted: Mapping[str, object]) -> None:
    for column, value in wanted.items():
        if value is not None and column not in report.filters:
            raise Problem(422, "filter_unsuited", "This report cannot be narrowed down by it.", parameter=parameter(column))


def listed(name: str, report: Report) -> ListedReport:
    numbers = {each.name for each in fields(report.journal.row) if isinstance(type_info(each.type), IntType)}
    columns = [Column(camel(each), kind(each, report, numbers)) for each in report.columns]
    return ListedReport(name, report.about, columns, [parameter(each) for each in report.filters])


def kind(column: str, report: Report, numbers: set[str]) -> str:
    if column in report.shares:
        return "basisPoints"
    if column in numbers or column in report.averages:
        return "integer"
    return "date" if column in DATES else "text"


def parameter(column: str) -> str:
    return NAMES.get(column, column)


def camel(column: str) -> str:
    first, *others = column.split("_")
    return "".join((first, *(each.title() for each in others)))
