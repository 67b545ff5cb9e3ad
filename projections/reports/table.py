"""Every report there is: what it is made from, by what it is grouped, and who may see it. Days are those of UTC."""

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from msgspec import Struct

from domain.values import Actor, Role
from projections.ports import BY_GROUP, Total
from projections.reports import deliveries, groups, retention, sales, slots, suppliers
from projections.sql import ALL, Order, Where, equals
from projections.view import Journal, Sum

RUNNERS = (Role.STAFF, Role.ADMIN, Role.AUDITOR)

SALES = ("orders", "pieces", "net", "tax", "total", "delivery")
GOODS = ("pieces", "net", "tax", "total")


class Share(Struct, frozen=True):
    """One column of another, in basis points (9,500 are 95 %) or on average; null where there is nothing to divide by."""

    part: str
    whole: str


class Report(Struct, frozen=True):
    """Totals of a journal's kept sum by some of its columns, and shares and averages of these totals.

    `journal` and `kept` are what it is made from; a `seller` report is for sellers too, each for his own. `goods` leaves out what is no
    article. `order` is that of its lines.
    """

    about: str
    journal: Journal[Any]
    kept: Sum
    by: tuple[str, ...]
    of: tuple[str, ...]
    shares: Mapping[str, Share] = {}
    averages: Mapping[str, Share] = {}
    seller: bool = False
    goods: bool = False
    order: Order = BY_GROUP

    @property
    def sums(self) -> Sum:
        return Sum(self.kept.name, self.by, self.of)

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.by, *self.of, *self.shares, *self.averages)

    @property
    def filters(self) -> tuple[str, ...]:
        """The columns that its lines may be asked for by, beside the day."""
        return tuple(each for each in FILTERS if each in self.kept.by)

    def line(self, total: Total) -> dict[str, str | int | None]:
        values = {name: value if isinstance(value, int) or value is None else str(value) for name, value in total.group.items()}
        shares = {name: basis_points(total.of, each) for name, each in self.shares.items()}
        return {**values, **total.of, **shares, **{name: average(total.of, each) for name, each in self.averages.items()}}


FILTERS = ("seller_id", "currency", "category", "listing_id", "zone_id", "courier_id", "supplier_id")

LARGEST_FIRST = Order(("total",))

ON_TIME = {
    "success": Share("delivered", "attempts"),
    "first_time": Share("first", "attempts"),
    "punctuality": Share("punctual", "promised"),
}
OUTCOMES = ("attempts", "delivered", "first", "failed", "returned", "promised", "punctual", "early", "late", "minutes_late")

GROUPS = {"success": Share("completed", "ended"), "picked_up": Share("collected", "ready")}
EACH_GROUP = {
    "members_each": Share("members", "locked"),
    "pieces_each": Share("pieces", "locked"),
    "revenue_each": Share("revenue", "settled"),
    "minutes_to_minimum": Share("minutes", "reached"),
}
SERVED = {"answer_rate": Share("answered", "asked"), "punctuality": Share("punctual", "due"), "fault_rate": Share("faulty", "shipped")}

REPORTS: Mapping[str, Report] = {
    "sales-by-day": Report(
        "What was sold each day, less what was cancelled or returned on it, and what its delivery cost.",
        sales.journal,
        sales.DAILY,
        ("day", "currency"),
        SALES,
        seller=True,
    ),
    "sales-by-product": Report(
        "What was sold of each article, by the name it was sold under; the best first.",
        sales.journal,
        sales.DAILY,
        ("listing_id", "sku", "title", "currency"),
        GOODS,
        seller=True,
        goods=True,
        order=LARGEST_FIRST,
    ),
    "sales-by-category": Report(
        "What was sold in each category, by what it was when it was sold; the best first.",
        sales.journal,
        sales.DAILY,
        ("category", "currency"),
        GOODS,
        seller=True,
        goods=True,
        order=LARGEST_FIRST,
    ),
    "sales-by-seller": Report(
        "What each seller sold, and what its delivery cost; the best first.",
        sales.journal,
        sales.DAILY,
        ("seller_id", "currency"),
        SALES,
        seller=True,
        order=LARGEST_FIRST,
    ),
    "slot-utilisation": Report(
        "How many places of each day's windows are booked, of all that were offered: from 30 days ago to 14 ahead unless asked for.",
        slots.journal,
        slots.DAILY,
        ("day", "zone_id", "start"),
        ("slots", "places", "taken"),
        {"utilisation": Share("taken", "places")},
    ),
    "deliveries-by-day": Report(
        "How many attempts reached the buyer each day, and how many of them in the window that was promised.",
        deliveries.journal,
        deliveries.DAILY,
        ("day",),
        OUTCOMES,
        ON_TIME,
        seller=True,
    ),
    "deliveries-by-zone": Report(
        "The same by zone; without one where no slot was booked, and for what was brought back.",
        deliveries.journal,
        deliveries.DAILY,
        ("zone_id",),
        OUTCOMES,
        ON_TIME,
        seller=True,
    ),
    "deliveries-by-courier": Report(
        "The same by courier.",
        deliveries.journal,
        deliveries.DAILY,
        ("courier_id",),
        OUTCOMES,
        ON_TIME,
    ),
    "recurring-retention": Report(
        "Of the recurring orders begun in a month, how many ended, and how many brought something so many months later.",
        retention.journal,
        retention.MONTHLY,
        ("day",),
        retention.MONTHLY.of,
        {f"kept_{month}": Share(f"after_{month}", "started") for month in retention.MONTHS},
    ),
    "groups-by-day": Report(
        "How group buying went each day: opened, full enough, bought, ended well or not, picked up, and what it brought in.",
        groups.journal,
        groups.DAILY,
        ("day", "currency"),
        groups.FIGURES,
        GROUPS,
        EACH_GROUP,
        seller=True,
    ),
    "groups-by-category": Report(
        "The same by category of the goods.",
        groups.journal,
        groups.DAILY,
        ("category", "currency"),
        groups.FIGURES,
        GROUPS,
        EACH_GROUP,
        seller=True,
    ),
    "groups-by-supplier": Report(
        "The same by supplier.",
        groups.journal,
        groups.DAILY,
        ("supplier_id", "currency"),
        groups.FIGURES,
        GROUPS,
        EACH_GROUP,
        seller=True,
    ),
    "supplier-performance": Report(
        "Whether suppliers answer groups and how soon, whether everything is under way in time, and whether it is good.",
        suppliers.journal,
        suppliers.DAILY,
        ("supplier_id",),
        suppliers.FIGURES,
        SERVED,
        {"minutes_to_answer": Share("minutes", "answered")},
        seller=True,
    ),
}


def basis_points(totals: Mapping[str, int], share: Share) -> int | None:
    whole = totals[share.whole]
    return totals[share.part] * 10_000 // whole if whole else None


def average(totals: Mapping[str, int], share: Share) -> int | None:
    """To the nearest whole number, half up."""
    whole = totals[share.whole]
    return (2 * totals[share.part] + whole) // (2 * whole) if whole else None


def open_to(by: Actor) -> Mapping[str, Report]:
    """The reports that somebody may ask for: all for those who run the market, his own sales and deliveries for a seller."""
    return REPORTS if by.is_any(*RUNNERS) else {name: each for name, each in REPORTS.items() if each.seller}


def visible_to(by: Actor, report: Report) -> Where:
    """A seller's own lines; asked only of reports that are open to him."""
    return ALL if by.is_any(*RUNNERS) or not report.seller else Where("seller_id = %(caller)s", {"caller": by.id})


def asked_for(report: Report, since: date | None, until: date | None, wanted: Mapping[str, UUID | str | None]) -> Where:
    """Both days included; `wanted` by column."""
    found = [equals(column, value) for column, value in wanted.items() if value is not None]
    if since is not None:
        found.append(Where("day >= %(since)s", {"since": since}))
    if until is not None:
        found.append(Where("day <= %(until)s", {"until": until}))
    if report.goods:
        found.append(Where("listing_id IS NOT NULL"))
    return reduce(and_, found, ALL)


JOURNALS: tuple[Journal[Any], ...] = (
    sales.journal,
    slots.journal,
    deliveries.journal,
    retention.journal,
    groups.journal,
    suppliers.journal,
)
