"""What one event adds to a report, and what its rows come to."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import asdict, replace

from domain.deliveries.events import DeliveryDelivered, DeliveryReturned, SlotBooked, SlotFreed
from domain.orders import events as o
from domain.subscriptions import events as s
from domain.trade import OrderLine
from domain.values import Actor, Role
from projections.reports import deliveries, retention, sales, slots
from projections.reports.table import REPORTS, basis_points, open_to, visible_to
from projections.view import Journal
from tests.bdd import erased
from tests.domain.deliveries.parcels import NOON as MIDDAY
from tests.domain.deliveries.parcels import delivered, failed, returned
from tests.domain.orders.shop import ANA, BREAD, IDS, LINES, MILK, NOON, PAYMENT, STAN, cancelled, confirmed, placed, refund
from tests.domain.subscriptions import milk

DAY = NOON.date()
NEXT = NOON + timedelta(days=1)
DAIRY, BAKERY = (replace(line, category=category) for line, category in zip(LINES, ("dairy-eggs", "bakery"), strict=True))
bought = placed(lines=(DAIRY, BAKERY))


def rows(journal: Journal[Any], *events: Any) -> list[Any]:
    """What a history adds, each event by what was known before it."""
    found: list[Any] = []
    known: Any = None
    for event in events:
        found += journal.rows(known, event)
        known = journal.evolve(known, event)
    return found


def came_to(journal: Journal[Any], *events: Any) -> dict[str, int]:
    """The totals of everything that a history adds."""
    totals: Counter[str] = Counter()
    for row in rows(journal, *events):
        totals.update({name: value for name, value in asdict(row).items() if isinstance(value, int)})
    return {name: value for name, value in totals.items() if value}


def part(line: int, quantity: int, back: int, at: datetime = NEXT, number: int = 1) -> o.OrderLinesCancelled:
    return o.OrderLinesCancelled(*IDS, (o.Part(line, quantity),), o.Reason.OTHER, STAN.id, (), back, refund(number), PAYMENT, at)


def taken_back(line: int, quantity: int, back: int) -> o.OrderReturned:
    return o.OrderReturned(*IDS, (o.Part(line, quantity),), o.Reason.DAMAGED, STAN.id, (), back, refund(9), PAYMENT, NEXT)


def test_nothing_is_sold_before_the_order_is_confirmed():
    assert rows(sales.journal, bought) == []
    assert rows(sales.journal, bought, cancelled()) == []


def test_a_confirmed_order_is_a_row_for_its_delivery_and_one_for_each_line():
    whole, milk_sold, bread_sold = rows(sales.journal, bought, confirmed)
    assert (whole.day, whole.seller_id, whole.orders, whole.delivery, whole.total, whole.listing_id) == (DAY, ANA.id, 1, 390, 0, None)
    assert (milk_sold.category, milk_sold.listing_id, milk_sold.sku, milk_sold.pieces) == ("dairy-eggs", MILK, "MILK", 3)
    assert (milk_sold.net, milk_sold.tax, milk_sold.total) == (526, 14, 540)
    assert (bread_sold.category, bread_sold.listing_id, bread_sold.total, bread_sold.orders) == ("bakery", BREAD, 450, 0)


def test_a_cancelled_order_takes_everything_off_again_on_its_own_day():
    assert came_to(sales.journal, bought, confirmed, cancelled()) == {}
    gone = rows(sales.journal, bought, confirmed, replace(cancelled(), at=NEXT))[3:]
    assert [(each.day, each.kind, each.pieces, each.total) for each in gone] == [
        (NEXT.date(), "cancelled", 0, 0),
        (NEXT.date(), "cancelled", -3, -540),
        (NEXT.date(), "cancelled", -1, -450),
    ]


def test_pieces_that_go_one_by_one_come_to_the_whole_line():
    awkward = placed(lines=(OrderLine(1, MILK, ANA.id, UUID(int=1), "MILK", "Milk", 7, 143, 0, 974, 270, 27, 1001),), delivery_fee=0)
    one_by_one = [part(1, 1, 143, number=number) for number in range(7)]
    for gone in range(8):
        left = came_to(sales.journal, awkward, confirmed, *one_by_one[:gone])
        assert left.get("net", 0) + left.get("tax", 0) == left.get("total", 0)
        assert left.get("pieces", 0) == 7 - gone
    assert came_to(sales.journal, awkward, confirmed, *one_by_one) == {"orders": 1}


def test_what_is_cancelled_before_the_order_is_confirmed_was_never_sold():
    assert came_to(sales.journal, bought, part(1, 2, 0), confirmed)["pieces"] == 2


def test_a_return_that_pays_more_than_the_goods_pays_the_delivery_back():
    left = came_to(sales.journal, bought, confirmed, taken_back(1, 3, 540), part(2, 1, 450 + 390))
    assert left == {"orders": 1}


def test_the_same_history_is_told_of_a_buyer_who_is_forgotten():
    assert rows(sales.journal, erased(bought), confirmed) == rows(sales.journal, bought, confirmed)


def booked(taken: int, capacity: int = 2) -> SlotBooked:
    return SlotBooked(UUID(int=5), UUID(int=6), DAY, "07:00", NOON, NEXT, capacity, UUID(int=taken), taken, NOON)


freed = SlotFreed(UUID(int=5), UUID(int=6), UUID(int=1), 1, NOON)


def test_a_slot_counts_its_places_once_and_what_is_booked_of_them():
    assert came_to(slots.journal, booked(1)) == {"slots": 1, "places": 2, "taken": 1}
    assert came_to(slots.journal, booked(1), booked(2), freed) == {"slots": 1, "places": 2, "taken": 1}
    assert came_to(slots.journal, booked(1), booked(2, capacity=5)) == {"slots": 1, "places": 5, "taken": 2}


def at(event: DeliveryDelivered, minutes: int) -> DeliveryDelivered:
    """Handed over so many minutes after the end of an hour that was promised."""
    return replace(event, starts_at=MIDDAY - timedelta(hours=1), ends_at=MIDDAY, at=MIDDAY + timedelta(minutes=minutes))


@pytest.mark.parametrize(("minutes", "how"), [(-61, "early"), (-60, "punctual"), (0, "punctual"), (1, "late"), (90, "late")])
def test_a_delivery_is_punctual_in_its_window(minutes: int, how: str):
    counts = came_to(deliveries.journal, at(delivered(received_by="Mrs Lima"), minutes))
    assert [name for name in ("early", "punctual", "late") if counts.get(name)] == [how]
    assert counts["promised"] == 1
    assert counts.get("minutes_late", 0) == max(0, minutes)


def test_attempts_are_delivered_or_failed():
    history = (failed(), replace(delivered(received_by="Mrs Lima"), attempt=2, starts_at=None, ends_at=None))
    assert came_to(deliveries.journal, *history) == {"attempts": 2, "failed": 1, "delivered": 1}
    assert isinstance(returned, DeliveryReturned)
    assert came_to(deliveries.journal, failed(), returned) == {"attempts": 1, "failed": 1, "returned": 1}


def test_a_recurring_order_is_kept_in_the_months_in_which_it_brought_something():
    june, july, september = date(2026, 6, 8), date(2026, 7, 6), date(2026, 9, 7)
    history = (milk.started, *map(milk.placed, (june, july, july + timedelta(days=7), september)), milk.ended)
    assert came_to(retention.journal, *history) == {"started": 1, "occurrences": 4, "after_1": 1, "after_3": 1, "ended": 1}
    assert {each.day for each in rows(retention.journal, *history)} == {date(2026, 6, 1)}


def test_months_are_counted_over_the_turn_of_the_year():
    begun = replace(milk.started, at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert came_to(retention.journal, begun, milk.placed(date(2027, 1, 1)))["after_1"] == 1


def test_what_brings_something_without_having_begun_is_left_out():
    assert rows(retention.journal, milk.placed(date(2026, 6, 8)), s.RecurringOrderEnded(UUID(int=1), UUID(int=2), None, NOON)) == []


def test_shares_are_taken_of_something():
    success = REPORTS["deliveries-by-day"].shares["success"]
    assert basis_points({"attempts": 8, "delivered": 7}, success) == 8_750
    assert basis_points({"attempts": 0, "delivered": 0}, success) is None


def test_sellers_have_reports_of_their_own_and_the_market_all():
    auditor = Actor(UUID(int=3), frozenset({Role.AUDITOR}))
    assert set(open_to(auditor)) == set(REPORTS)
    mine = open_to(ANA)
    assert "slot-utilisation" not in mine
    assert "recurring-retention" not in mine
    for report in mine.values():
        assert "seller_id" in report.kept.by
        assert visible_to(ANA, report).values == {"caller": ANA.id}


def test_every_report_is_made_of_columns_that_are_kept():
    for report in REPORTS.values():
        assert set(report.by) <= set(report.kept.by)
        assert set(report.of) <= set(report.kept.of)
        assert {name for each in report.shares.values() for name in (each.part, each.whole)} <= set(report.of)
        assert "day" in report.kept.by
        assert len(set(report.columns)) == len(report.columns)
