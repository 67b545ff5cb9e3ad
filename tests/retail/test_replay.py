"""Real invoices are replayed as traffic: every row is accounted for, the books balance, and no shelf is ever below nothing."""

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from infrastructure.projector.runner import Runner
from infrastructure.readstores.postgres import PostgresStore
from projections.reports.sales import journal as sales
from projections.reports.table import JOURNALS
from tests.journeys.town import Person, Town
from tests.retail.accounts import checked
from tests.retail.rows import Row, read
from tests.retail.shop import KEEPER, Shop, opening, shelf

SLICE = Path(__file__).with_name("slice.csv")
"""Rows of the file with everything odd in it: the order of 80,995 pieces, what came back, was thrown away or is no article."""

LATER = """\
C900001,85123A,WHITE HANGING HEART T-LIGHT HOLDER,-2,2011-12-10 12:00:00,2.55,17850.0,United Kingdom
C900001,71053,WHITE METAL LANTERN,-6,2011-12-10 12:00:00,3.39,17850.0,United Kingdom
"""
"""Nobody in the file brings back what he bought in it; here the first one does."""

REFUSED = {"D", "M", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK"}


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(read([*SLICE.read_text().splitlines(), *LATER.splitlines()]))


@pytest.fixture
def town(database: str) -> Generator[Town]:
    opened = Town(database)
    yield opened
    opened.close()


def pages(by: Person, path: str, limit: int = 100) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        found = by.get(f"{path}{'&' if '?' in path else '?'}limit={limit}{cursor}")
        yield from found["items"]
        if found["next"] is None:
            return
        cursor = f"&cursor={found['next']}"


def test_a_slice_of_a_shops_years_is_replayed_and_all_of_it_adds_up(town: Town, rows: list[Row]):
    admin = town.admin()
    shop = Shop(town)
    shop.replay(rows)
    adds_up = checked(shop, rows)
    assert (adds_up.rows, adds_up.accepted + adds_up.repaired + adds_up.refused) == (len(rows), len(rows))
    assert adds_up.reasons["bought_before_the_file"] == 21
    by_row = {each.number: each for each in rows}
    assert {by_row[each.row].code for each in shop.verdicts if each.outcome == "refused"} == REFUSED

    trial = admin.get("/v1/ledger/trial-balance")
    assert trial["balanced"]
    assert [each["currency"] for each in trial["totals"]] == ["GBP"]
    (order,) = [each for each in pages(admin, "/v1/orders") if each["total"] == {"amount": 80_995 * 208, "currency": "GBP"}]
    assert order["status"] == "CONFIRMED"
    statuses = Counter(each["status"] for each in pages(admin, "/v1/orders"))
    assert sum(statuses.values()) == shop.orders
    assert set(statuses) == {"CONFIRMED", "DELIVERED"}

    (brought_back,) = [each for each in pages(admin, "/v1/orders") if each["refunded"]["amount"] == 2 * 255 + 6 * 339]
    assert [line["gone"] for line in brought_back["lines"]][:2] == [2, 6]
    days = list(pages(admin, "/v1/reports/sales-by-day", limit=4))
    assert sum(each["total"] + each["delivery"] for each in days) == adds_up.kept
    products = {each["sku"]: each for each in pages(admin, "/v1/reports/sales-by-product", limit=7)}
    assert products["23843"]["pieces"] == 80_995


def test_replayed_again_nothing_happens_twice(town: Town, rows: list[Row]):
    few = [each for each in rows if each.invoice in {"536365", "536370", "C536391"}]
    shop = Shop(town)
    shop.replay(few)
    before = checked(shop, few)
    again = Shop(town)
    again.replay(few)
    assert checked(again, few) == before


def test_reports_made_from_zero_equal_the_live_ones(town: Town, rows: list[Row], database: str):
    Shop(town).replay([each for each in rows if each.invoice in {"536365", "536370", "C536391", "C900001"}])
    journals = town.container.journals
    for live in JOURNALS:
        rebuilt = replace(live, version=live.version + 1)
        with closing(Runner([rebuilt], town.container.log, database, {"postgres": PostgresStore}, batch=3)) as running:
            running.catch_up()
        assert list(journals.every(rebuilt)) == list(journals.every(live))
        for kept in live.sums:
            assert journals.totals(rebuilt, kept, limit=1000) == journals.totals(live, kept, limit=1000)
    assert len(list(journals.every(sales))) > 15


def test_what_the_shelves_do_not_hold_is_refused_with_its_reason(town: Town, rows: list[Row], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tests.retail.shop.opening", lambda every: opening(every) - Counter({"85123A": 1}))
    few = [each for each in rows if each.invoice in {"536365", "536366"}]
    shop = Shop(town)
    shop.replay(few)
    refused = {each.row: (each.code, each.detail) for each in shop.verdicts if each.outcome == "refused"}
    assert refused == {each.number: ("out_of_stock", "5 left.") for each in few if each.invoice == "536365"}
    assert checked(shop, few, stock=False).orders == 1


def test_what_is_thrown_away_leaves_the_shelf_with_its_reason(town: Town, rows: list[Row]):
    few = [each for each in rows if each.code in {"72140F", "23005"}]
    shop, admin = Shop(town), town.admin()
    shop.replay(few)
    checked(shop, few)
    stock = admin.get(f"/v1/stock/72140F?seller={KEEPER.id}")
    assert (stock["onHand"], stock["reserved"]) == (0, 0)
    (adjusted, _) = admin.get(f"/v1/stock/72140F/movements?seller={KEEPER.id}")["items"]
    assert (adjusted["onHand"], adjusted["reason"], adjusted["stockId"]) == (-5368, "damaged: throw away", str(shelf("72140F")))
