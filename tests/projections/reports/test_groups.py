"""What groups and those who supply them come to."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import asdict

from domain.groups.supply import events as q
from domain.groups.values import Failing
from projections.ports import Total
from projections.reports import groups, suppliers
from projections.reports.table import REPORTS
from projections.view import Journal
from tests.domain.groups.traders import (
    ANA,
    BEN,
    CLEO,
    DEADLINE,
    GROUP,
    HALL,
    NOON,
    QUOTE,
    SAM,
    SHIPMENT,
    SUPPLIER,
    Contributes,
    after,
    agrees,
    closes,
    collects,
    fails,
    joins,
    opened,
    ships,
    taken,
)

LATER = NOON + timedelta(minutes=90)
BOUGHT = opened(), *taken(BEN, 7), joins(CLEO, 4, LATER, HALL), Contributes(CLEO, LATER), closes(), agrees(900), ships("delivered")


def came_to(journal: Journal[Any], *history: Any) -> dict[str, int]:
    totals: Counter[str] = Counter()
    known: Any = None
    for event in history:
        if type(event) in journal.events:
            for row in journal.rows(known, event):
                totals.update({name: value for name, value in asdict(row).items() if isinstance(value, int)})
            known = journal.evolve(known, event)
    return {name: value for name, value in totals.items() if value}


def line(name: str, counted: dict[str, int]) -> dict[str, Any]:
    report = REPORTS[name]
    return report.line(Total({}, {**dict.fromkeys(report.of, 0), **counted}, 1))


def test_a_group_is_counted_from_its_opening_to_the_last_piece():
    counted = came_to(groups.journal, *after(*BOUGHT, collects(BEN, 7), collects(CLEO, 4)))
    assert counted == {
        "opened": 1,
        "reached": 1,
        "minutes": 90,
        "locked": 1,
        "members": 2,
        "pieces": 11,
        "amount": 9_900,
        "ended": 1,
        "completed": 1,
        "ready": 11,
        "collected": 11,
        "settled": 1,
        "revenue": 9_900,
        "fee": 990,
    }
    said = line("groups-by-day", counted)
    assert (said["success"], said["picked_up"]) == (10_000, 10_000)
    assert (said["members_each"], said["pieces_each"], said["revenue_each"], said["minutes_to_minimum"]) == (2, 11, 9_900, 90)


def test_a_group_that_fails_is_no_success_whenever_it_does():
    assert came_to(groups.journal, *after(opened(), *taken(BEN, 7), closes())) == {"opened": 1, "ended": 1, "failed": 1}
    late = came_to(groups.journal, *after(opened(), *taken(BEN, 10), closes(), fails(Failing.NO_ANSWER)))
    assert (late["locked"], late["ended"], late["failed"]) == (1, 1, 1)
    assert line("groups-by-category", late)["success"] == 0
    assert line("groups-by-supplier", {})["success"] is None


def test_figures_are_told_of_the_supplier_and_the_day_of_their_event():
    known, found = None, list[groups.GroupFigures]()
    for event in after(*BOUGHT):
        if type(event) in groups.journal.events:
            found += groups.rows(known, event)
            known = groups.evolve(known, event)
    assert {(each.supplier_id, each.seller_id, each.currency) for each in found} == {(SUPPLIER, SAM.id, "USD")}
    assert [each.day for each in found] == [date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 4)]


IDS = (GROUP, SUPPLIER, SAM.id, ANA.id)
DUE = DEADLINE + timedelta(days=7)
asked = q.QuoteRequested(QUOTE, *IDS, 11, 900, "USD", DEADLINE + timedelta(days=2), DEADLINE)
open_ = q.ShipmentOpened(SHIPMENT, *IDS, 11, 9_900, "USD", DUE, DEADLINE)


def quoted(revision: int = 1) -> q.QuoteSubmitted:
    return q.QuoteSubmitted(QUOTE, *IDS, 900, 11, 7, DUE, revision, "", SAM.id, DEADLINE + timedelta(hours=2))


def shipped(quantity: int, *, complete: bool, late: bool = False) -> q.GoodsShipped:
    at = DUE + timedelta(minutes=int(late))
    return q.GoodsShipped(SHIPMENT, GROUP, 1, quantity, "Swift", "S1", at.date(), complete, SAM.id, at)


def test_a_supplier_is_told_by_answers_punctuality_and_faults():
    issue = q.QualityIssueRaised(SHIPMENT, GROUP, UUID(int=1), 2, "Wet sacks", (), ANA.id, DUE)
    counted = came_to(suppliers.journal, asked, quoted(), quoted(2), open_, shipped(4, complete=False), shipped(7, complete=True), issue)
    assert counted == {
        "asked": 1,
        "answered": 1,
        "minutes": 120,
        "due": 1,
        "punctual": 1,
        "shipped": 11,
        "issues": 1,
        "faulty": 2,
    }
    said = line("supplier-performance", counted)
    assert (said["answer_rate"], said["punctuality"], said["fault_rate"], said["minutes_to_answer"]) == (10_000, 10_000, 1_818, 120)


def test_what_is_late_lost_refused_or_unanswered_counts_against_the_supplier():
    late = came_to(suppliers.journal, asked, open_, shipped(11, complete=True, late=True))
    assert (late["due"], "punctual" in late) == (1, False)
    assert came_to(suppliers.journal, asked, open_, q.ShipmentLapsed(SHIPMENT, GROUP, 0, DUE)) == {"asked": 1, "due": 1}
    assert came_to(suppliers.journal, asked, q.QuoteLapsed(QUOTE, GROUP, DUE)) == {"asked": 1, "unanswered": 1}
    assert came_to(suppliers.journal, asked, q.QuoteLapsed(QUOTE, GROUP, DUE, "organiser")) == {"asked": 1}
    assert came_to(suppliers.journal, asked, q.QuoteRejected(QUOTE, GROUP, "supplier", "", SAM.id, DUE)) == {"asked": 1, "refused": 1}
