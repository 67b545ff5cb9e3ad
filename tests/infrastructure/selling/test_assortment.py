"""Files of articles become products and stock, and bring what is known up to date: each row once, whatever is interrupted or repeated."""

from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from application.commands.imports import StartImport
from application.commands.listings import articles
from application.handler import Handler
from application.imports import assortment, products, run
from application.imports.running import Importer
from application.ports import Meta
from domain.goods import Variant
from domain.listings.bulk_import import Progress
from domain.listings.commands import RequestImport
from domain.listings.listing import Written, listings
from domain.registry import DECIDERS
from domain.stock.commands import CommitStock, ReserveStock
from domain.stock.stock import Stocked, stock_id, stocks
from domain.users.commands import RegisterUser
from domain.values import Actor, Money, Role
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.rows import ROWS
from infrastructure.keys import PersonalKeys
from infrastructure.postgres import open_pool
from infrastructure.selling import imports
from infrastructure.selling.imports import PostgresImportBook

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ADA = Actor(UUID(int=2), frozenset({Role.ADMIN}))
LUC = Actor(UUID(int=7), frozenset({Role.SELLER}))
HEADER = "sku,product,title,category,price,currency,tiers,low_at,stock"


class Killed(Exception):
    """The process ends here."""


class Shop:
    def __init__(self, log: PostgresLog, book: PostgresImportBook) -> None:
        self.log = log
        self.handle = Handler(log, DECIDERS)
        self.book = book
        self.start = StartImport(self.handle, frozenset({"products"}))
        self.importer = Importer(self.handle, book, {"products": products.read}, lambda: NOON, uuid7)
        self.handle(LUC.id, RegisterUser(LUC.id, "luc@example.org", "Luc", UUID(int=70), NOON), self.meta())

    def meta(self) -> Meta:
        return Meta(uuid7(), ADA.id, uuid7())

    def request(self, *lines: str, by: Actor = ADA) -> UUID:
        import_id = uuid7()
        content = "\n".join([HEADER, *lines]).encode()
        self.start(RequestImport(import_id, "products", LUC.id, by is ADA, by, NOON), content, self.meta())
        return import_id

    def bring(self, *lines: str, by: Actor = ADA) -> dict[str, int]:
        """How many rows came out how."""
        import_id = self.request(*lines, by=by)
        assert self.importer(import_id, import_id) is Progress.COMPLETED
        return {str(outcome): count for outcome, count in self.book.totals(import_id).items()}

    def refusals(self, *lines: str, by: Actor = ADA) -> list[tuple[int, str]]:
        import_id = self.request(*lines, by=by)
        self.importer(import_id, import_id)
        return [(row.row, row.code) for row in self.book.rows(import_id, "refused", 0, 1000)]

    def product(self, sku: str) -> Written:
        (key,) = articles(LUC.id, [sku])
        found = self.handle.state(self.book.articles([key])[key], listings)
        assert isinstance(found, Written)
        return found

    def stock(self, sku: str) -> Stocked:
        found = self.handle.state(stock_id(LUC.id, sku), stocks)
        assert isinstance(found, Stocked)
        return found

    @property
    def events(self) -> Sequence[str]:
        return [each.type for each in self.log.read(0, 10_000).events if each.type.startswith(("listings.", "stock."))]


@pytest.fixture
def shop(database: str) -> Generator[Shop]:
    with open_pool(database, 4) as pool:
        log = PostgresLog(pool, DECIDERS, PersonalKeys(bytes(32)), {**ROWS, **imports.ROWS})
        yield Shop(log, PostgresImportBook(pool))


MILK = "MILK-1L,,whole milk,dairy-eggs,1.80,CHF,6:1.70,12,240"
HALF = "MILK-05,MILK-1L,half a litre,dairy-eggs,1.10,CHF,,,60"
SODA = "SODA,,soda,soft-drinks,0.95,CHF,,,"


def test_articles_become_products_in_variants_with_their_stock(shop: Shop):
    assert shop.bring(MILK, HALF, SODA) == {"accepted": 3}
    milk = shop.product("MILK-1L")
    assert (milk.status, milk.title, milk.price, milk.low) == ("published", "whole milk", Money(110, "CHF"), {"MILK-1L": 12})
    assert [each.sku for each in milk.variants] == ["MILK-1L", "MILK-05"]
    assert (shop.stock("MILK-1L").available, shop.stock("MILK-05").available) == (240, 60)
    assert shop.product("SODA").variants == (Variant("SODA", Money(95, "CHF")),)
    assert shop.events.count("stock.StockCounted") == 2


def test_the_same_file_again_changes_nothing(shop: Shop):
    shop.bring(MILK, HALF, SODA)
    before = [each for each in shop.events if not each.startswith("listings.Import")]
    assert shop.bring(MILK, HALF, SODA) == {"known": 3}
    assert [each for each in shop.events if not each.startswith("listings.Import")] == before


def test_prices_and_stock_are_brought_up_to_date_without_a_review(shop: Shop):
    shop.bring(MILK, HALF)
    assert shop.bring(MILK.replace("1.80", "1.90").replace("240", "300"), HALF) == {"accepted": 1, "known": 1}
    assert (shop.product("MILK-1L").variants[0].price.amount, shop.product("MILK-1L").status) == (190, "published")
    assert shop.stock("MILK-1L").available == 300
    assert shop.events.count("listings.ListingSubmitted") == 1


def test_a_new_variant_and_new_words_are_let_through_by_the_admin_who_brings_them(shop: Shop):
    shop.bring(MILK)
    shop.bring(MILK.replace("whole milk", "full milk"), HALF)
    milk = shop.product("MILK-05")
    assert (milk.title, milk.status, len(milk.variants)) == ("full milk", "published", 2)
    assert milk == shop.product("MILK-1L")


def test_what_a_seller_brings_awaits_review(shop: Shop):
    assert shop.bring(MILK, HALF, by=LUC) == {"accepted": 2}
    milk = shop.product("MILK-1L")
    assert (milk.status, len(milk.variants)) == ("submitted", 2)
    assert shop.bring(MILK.replace("1.80", "1.90"), by=LUC) == {"accepted": 1}
    third = "MILK-3L,MILK-1L,three litres,dairy-eggs,5,CHF,,,"
    assert shop.refusals(third, MILK.replace("whole", "full"), by=LUC) == [(1, "listing_not_editable"), (2, "listing_not_editable")]


def test_a_product_of_many_variants_comes_in_one_append_wherever_batches_end(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "BATCH", 2)
    litres = [f"MILK-{number}L,MILK-1L,x,dairy-eggs,{number},CHF,,,1" for number in range(2, 8)]
    assert shop.bring(SODA, MILK, *litres, SODA.replace("SODA", "COLA"), by=LUC) == {"accepted": 9}
    assert len(shop.product("MILK-1L").variants) == 7
    assert shop.product("COLA").status == "submitted"


def test_what_a_rule_turns_down_is_refused_and_the_others_go_on(shop: Shop):
    shop.bring(MILK, SODA)
    shop.handle(stock_id(LUC.id, "MILK-1L"), ReserveStock(stock_id(LUC.id, "MILK-1L"), UUID(int=9), 10, NOON, NOON), shop.meta())
    assert shop.refusals(
        MILK.replace("240", "9"),
        "OAT,MILK-9L,oat,dairy-eggs,1,CHF,,,",
        "SODA,MILK-1L,soda,soft-drinks,0.90,CHF,,,",
        "EURO,MILK-1L,euro,dairy-eggs,1,EUR,,,",
        SODA.replace("SODA", "COLA"),
    ) == [(1, "stock_promised"), (2, "product_unknown"), (3, "sku_taken"), (4, "currency_mixed")]
    assert shop.product("COLA").status == "published"
    assert len(shop.product("MILK-1L").variants) == 1


@pytest.mark.parametrize("appends", [1, 2])
def test_an_import_that_was_killed_goes_on_and_counts_nothing_twice(shop: Shop, monkeypatch: pytest.MonkeyPatch, appends: int):
    monkeypatch.setattr(run, "BATCH", 10)
    import_id = shop.request(*(f"A-{number},,thing {number},decoration,2.55,GBP,,,5" for number in range(25)))
    together, done = shop.handle.together, 0

    def dying(*arguments: object, **named: object) -> object:
        nonlocal done
        done += 1
        if done > appends:
            raise Killed
        return together(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(shop.handle, "together", dying)
    with pytest.raises(Killed):
        shop.importer(import_id, import_id)
    monkeypatch.setattr(shop.handle, "together", together)
    sold = stock_id(LUC.id, "A-0")
    shop.handle(sold, ReserveStock(sold, UUID(int=9), 1, NOON, NOON), shop.meta())
    shop.handle(sold, CommitStock(sold, UUID(int=9), NOON), shop.meta())
    assert shop.importer(import_id, import_id) is Progress.COMPLETED
    assert shop.book.totals(import_id) == {"accepted": 25}
    assert (shop.events.count("listings.ListingDrafted"), shop.events.count("stock.StockCounted")) == (25, 25)
    assert shop.stock("A-0").available == 4, "what was sold meanwhile is not counted back"


def test_two_imports_of_the_same_articles_at_the_same_time_make_each_once(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    first, second = shop.request(MILK, SODA), shop.request(MILK, SODA)
    plan = assortment.Assortment.plan

    def overtaken(self: assortment.Assortment, rows: Sequence[run.Row]) -> assortment.Plan:
        planned = plan(self, rows)
        monkeypatch.setattr(assortment.Assortment, "plan", plan)
        shop.importer(second, second)
        return planned

    monkeypatch.setattr(assortment.Assortment, "plan", overtaken)
    shop.importer(first, first)
    assert shop.events.count("listings.ListingDrafted") == 2
    assert (shop.book.totals(first), shop.book.totals(second)) == ({"known": 2}, {"accepted": 2})
