"""What one event adds to a supplier's figures: first answers count, shipments when all of them is under way."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import asdict, replace

from domain.groups.supply import events as e
from domain.suppliers.events import SupplierRated
from domain.values import Value
from projections.suppliers.dealings import COUNTS, journal

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MILL, TARIRO, STAN, GROUP, QUOTE, SHIPMENT, ISSUE, ANA = (UUID(int=number) for number in range(1, 9))

asked = e.QuoteRequested(QUOTE, GROUP, MILL, TARIRO, ANA, 100, 550, "USD", NOON + DAY, NOON)
quoted = e.QuoteSubmitted(QUOTE, GROUP, MILL, TARIRO, ANA, 550, 100, 7, NOON + 3 * DAY, 1, "", TARIRO, NOON)
requoted = replace(quoted, revision=2)
no = e.QuoteRejected(QUOTE, GROUP, "supplier", "No maize.", TARIRO, NOON)
opened = e.ShipmentOpened(SHIPMENT, GROUP, MILL, TARIRO, ANA, 100, 55_000, "USD", NOON + 7 * DAY, NOON)
part = e.GoodsShipped(SHIPMENT, GROUP, 1, 40, "Swift", "S1", date(2026, 6, 9), complete=False, by=TARIRO, at=NOON)
rest = replace(part, part=2, quantity=60, complete=True)
raised = e.QualityIssueRaised(SHIPMENT, GROUP, ISSUE, 3, "Wet.", (), STAN, NOON)


def figures(*events: Value) -> dict[str, int]:
    found: Counter[str] = Counter()
    known: Any = None
    for event in events:
        for row in journal.rows(known, event):
            assert (row.supplier_id, row.group_id) == (MILL, GROUP)
            found.update({name: count for name, count in asdict(row).items() if name in COUNTS and count})
        known = journal.evolve(known, event)
    return dict(found)


def test_a_quote_is_answered_once_in_time_or_late():
    assert figures(asked, quoted, requoted) == {"asked": 1, "answered": 1, "answered_in_time": 1}
    assert figures(asked, replace(quoted, at=NOON + 2 * DAY)) == {"asked": 1, "answered": 1}
    assert figures(asked, no) == {"asked": 1, "answered": 1, "answered_in_time": 1, "refused": 1}
    assert figures(asked, quoted, no) == figures(asked, quoted)


def test_what_lapses_is_unanswered_only_where_the_supplier_was_silent():
    assert figures(asked, e.QuoteLapsed(QUOTE, GROUP, NOON + DAY)) == {"asked": 1, "unanswered": 1}
    assert figures(asked, quoted, e.QuoteLapsed(QUOTE, GROUP, NOON + DAY, side="organiser")) == figures(asked, quoted)


def test_a_shipment_is_punctual_when_all_of_it_is_under_way_in_time():
    sent = {"asked": 1, "due": 1, "pieces": 100, "shipped": 1}
    assert figures(asked, opened, part, rest) == {**sent, "punctual": 1}
    assert figures(asked, opened, part, replace(rest, at=NOON + 8 * DAY)) == sent
    lapsed = e.ShipmentLapsed(SHIPMENT, GROUP, 40, NOON + 7 * DAY)
    assert figures(asked, opened, part, lapsed) == {"asked": 1, "due": 1, "pieces": 40, "missed": 1}


def test_complaints_and_stars_are_added_up():
    stars = SupplierRated(MILL, GROUP, ANA, 4, NOON)
    assert figures(asked, raised, stars) == {"asked": 1, "issues": 1, "faulty": 3, "ratings": 1, "stars": 4}


def test_what_nobody_asked_for_counts_for_nobody():
    assert figures(quoted, opened, part, raised) == {}
