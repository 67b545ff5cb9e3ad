"""A checkout asks the log three times and appends once, however much is bought; told twice, it happens once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest
from msgspec.structs import replace

from application.commands.buying.quotes import Asked, Quote, Quotes, SlotChoice
from application.commands.checkouts import CheckedOut, CheckOut, Purchase
from application.handler import Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.deliveries.commands import DeclareZone
from domain.deliveries.windows import Area, Terms, Window, slot_id
from domain.goods import Variant
from domain.listings import commands as listing
from domain.orders.carts.cart import carts
from domain.orders.carts.events import CartItem
from domain.orders.codes.code import code_id, codes
from domain.orders.codes.events import CodeTerms
from domain.orders.commands import DeclareCode, FillCart
from domain.registry import DECIDERS
from domain.stock.commands import ReceiveStock
from domain.stock.stock import Stocked, stock_id, stocks
from domain.values import SYSTEM, Actor, Money, Role, Value
from tests.domain.orders.shop import ANA, BEN, HOME
from tests.fakes.history import NOON, FakeHistory

CART, CHECKOUT, ZONE = UUID(int=0xCA), UUID(int=0xC4), UUID(int=0x20)
MODERATOR = Actor(UUID(int=0x30), frozenset({Role.MODERATOR}))
DAY = (NOON + timedelta(days=1)).date()
LAKE = Terms("Lake", "Europe/Zurich", "CHF", (Area("CH"),), windows=tuple(Window(day, "07:00", "09:00", 2, 0, 390) for day in range(1, 8)))


class Shop:
    """Sellers with as many products as are asked for, ten of each in stock."""

    def __init__(self) -> None:
        self.log = FakeHistory()
        self.handle = Handler(self.log, DECIDERS)
        self.check_out = CheckOut(self.handle, Quotes(self.handle))
        self.give(ZONE, DeclareZone(ZONE, LAKE, SYSTEM, NOON))
        code = code_id("TENTH")
        self.give(code, DeclareCode(code, "TENTH", CodeTerms(basis_points=1_000, limit=1), SYSTEM, NOON))

    def give(self, stream: UUID, command: Value) -> None:
        self.handle(stream, command, Meta(uuid5(stream, f"{command}"), SYSTEM.id, stream))

    def sells(self, seller: Actor, number: int) -> CartItem:
        id, sku, price = uuid5(seller.id, str(number)), f"SKU-{number}", Money(100, "CHF")
        self.give(id, listing.DraftListing(id, seller.id, "product", "pantry", seller, NOON, f"Thing {number}"))
        self.give(id, listing.OfferVariants(id, (Variant(sku, price),), seller, NOON))
        self.give(id, listing.SubmitListing(id, seller, NOON))
        self.give(id, listing.ApproveListing(id, MODERATOR, NOON))
        self.give(id, listing.PublishListing(id, seller, NOON))
        stock = stock_id(seller.id, sku)
        self.give(stock, ReceiveStock(stock, seller.id, sku, "main", 10, seller, NOON))
        return CartItem(id, sku, seller.id, 1, price)

    def fills(self, items: Sequence[CartItem]) -> None:
        self.give(CART, FillCart(CART, tuple(items), NOON))

    def buys(self, checkout_id: UUID = CHECKOUT, **changed: object) -> CheckedOut:
        slot = SlotChoice(ZONE, DAY, "07:00")
        purchase = Purchase(
            CART, HOME, "sandbox", "4242424242424242", CART, guest=True, contact="cara@example.org", slot=slot, code="TENTH"
        )
        return self.check_out(replace(purchase, **changed), checkout_id, NOON, Meta(CHECKOUT, CART, CHECKOUT, fingerprint=b"it"))

    def left(self, item: CartItem) -> int:
        stock = self.handle.state(stock_id(item.seller_id, item.sku), stocks)
        return stock.available if isinstance(stock, Stocked) else 0


def test_the_log_is_asked_as_often_for_forty_products_as_for_one():
    asked: list[int] = []
    for products in (1, 40):
        shop = Shop()
        shop.fills([shop.sells((ANA, BEN)[number % 2], number) for number in range(products)])
        before, appended = shop.log.loads, len(shop.log.results)
        done = shop.buys()
        assert len(done.orders) == min(products, 2)
        assert len(shop.log.results) == appended + 1
        asked.append(shop.log.loads - before)
    assert asked == [3, 3]


def test_told_twice_it_happens_once_and_answers_alike():
    shop = Shop()
    thing = shop.sells(ANA, 1)
    shop.fills([thing])
    first = shop.buys()
    again = shop.buys()
    assert (again.replayed, again.total, again.payment_due) == (True, first.total, first.payment_due)
    assert [each.stream for each in again.orders] == [each.stream for each in first.orders]
    assert shop.left(thing) == 9


def test_a_lost_answer_is_found_again():
    shop = Shop()
    thing = shop.sells(ANA, 1)
    shop.fills([thing])
    shop.log.lost = 1
    assert len(shop.buys().orders) == 1
    assert shop.left(thing) == 9


@pytest.mark.parametrize("sooner", [True, False], ids=["before its quote", "after its quote"])
def test_told_twice_at_the_same_moment_it_happens_once_too(sooner: bool):
    shop = Shop()
    thing = shop.sells(ANA, 1)
    shop.fills([thing])
    quotes, firsts = shop.check_out.quotes, list[CheckedOut]()

    def overtaken(asked: Asked, now: datetime) -> Quote:
        """The same command comes by way of another server when this one has only looked at the cart, or has its quote too."""
        shop.check_out.quotes = quotes
        quote = None if sooner else quotes(asked, now)
        firsts.append(shop.buys())
        return quote or quotes(asked, now)

    shop.check_out.quotes = overtaken  # type: ignore[assignment]
    second = shop.buys(checkout_id=UUID(int=0xC5))
    assert (second.checkout_id, second.replayed) == (firsts[0].checkout_id, True)
    assert shop.left(thing) == 9


def test_contended_streams_are_held_and_no_others():
    shop = Shop()
    thing = shop.sells(ANA, 1)
    shop.fills([thing])
    shop.buys()
    assert shop.log.held[-1] == sorted([stock_id(ANA.id, thing.sku), slot_id(ZONE, DAY, "07:00"), code_id("TENTH")])


def test_where_one_thing_is_short_nothing_is_bought():
    shop = Shop()
    some, short = shop.sells(ANA, 1), shop.sells(BEN, 2)
    shop.fills([some, replace(short, quantity=11)])
    with pytest.raises(Rejected) as refused:
        shop.buys()
    assert (refused.value.code, refused.value.pointer) == ("out_of_stock", "/items/1")
    assert (shop.left(some), shop.left(short)) == (10, 10)
    assert len(shop.handle.state(CART, carts).items) == 2
    code = shop.handle.state(code_id("TENTH"), codes)
    assert getattr(code, "uses", None) == {}


def test_one_article_under_two_spellings_is_one_stock():
    shop = Shop()
    thing = shop.sells(ANA, 1)
    shop.fills([replace(thing, quantity=6), replace(thing, sku=thing.sku.lower(), quantity=6)])
    with pytest.raises(Rejected, match="out_of_stock"):
        shop.buys()
    shop.fills([])
    assert shop.left(thing) == 10


def test_what_was_shown_is_what_is_paid():
    shop = Shop()
    shop.fills([shop.sells(ANA, 1)])
    with pytest.raises(Rejected, match=r"prices_changed: The total is 480 CHF"):
        shop.buys(expected_total=Money(479, "CHF"))
    assert shop.buys(expected_total=Money(480, "CHF")).total == 480
