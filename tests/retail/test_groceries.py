"""Real baskets of a grocer's: each is put in a cart and bought, and some households have theirs brought again."""

import datetime as dt
from collections import Counter
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from application.ports import Meta
from domain.goods import TaxClass, Unit, Variant
from domain.listings import commands as c
from domain.stock.commands import ReceiveStock
from domain.stock.stock import stock_id
from domain.values import SYSTEM, Actor, Money, Role, Value
from tests.journeys.buying.test_recurring import started, until_due
from tests.journeys.market import APPROVED, HOME, Basket
from tests.journeys.town import Person, Town

BASKETS = Path(__file__).with_name("baskets.csv")
"""The first lines of a month's till receipts: one basket a line, without quantities or prices."""

GROCER = Actor(UUID("018f0000-0000-7000-8000-000000006c0c"), frozenset({Role.SELLER}))
ON_HAND = 100
CLIENTS = 4
"""Every so many baskets one becomes a recurring order."""


class Grocer:
    """Everything that is in the baskets is on sale; `listings` are the products by name."""

    def __init__(self, town: Town, baskets: Sequence[Sequence[str]]) -> None:
        self.town = town
        self.listings = {name: uuid5(GROCER.id, name) for name in dict.fromkeys(name for basket in baskets for name in basket)}
        for number, (name, id) in enumerate(self.listings.items(), 1):
            self.offer(name, id, f"G-{number}")

    def offer(self, name: str, id: UUID, sku: str) -> None:
        now = self.town.clock()
        stock = stock_id(GROCER.id, sku)
        variant = Variant(sku, Money(price(name), "CHF"), "", {}, Unit.PIECE, 1, TaxClass.REDUCED)
        commands: list[tuple[UUID, Value]] = [
            (id, c.DraftListing(id, GROCER.id, "product", "groceries", GROCER, now, name)),
            (id, c.OfferVariants(id, (variant,), GROCER, now)),
            (id, c.SubmitListing(id, GROCER, now)),
            (id, c.ApproveListing(id, SYSTEM, now)),
            (id, c.PublishListing(id, GROCER, now)),
            (stock, ReceiveStock(stock, GROCER.id, sku, "main", ON_HAND, GROCER, now)),
        ]
        self.town.container.handle.together(commands, Meta(uuid5(id, "offered"), GROCER.id, id))


def price(name: str) -> int:
    """The receipts tell none; each thing has one of its own between 0.80 and 8.99."""
    return 80 + uuid5(GROCER.id, name).int % 820


@pytest.fixture(scope="module")
def baskets() -> list[list[str]]:
    return [line.split(",") for line in BASKETS.read_text().splitlines()]


@pytest.fixture
def town(database: str) -> Generator[Town]:
    opened = Town(database)
    yield opened
    opened.close()


def bought(by: Person, grocer: Grocer, basket: Sequence[str], number: int) -> Any:
    cart = Basket(by)
    for name in basket:
        cart.put(str(grocer.listings[name]), 1)
    return cart.buy(sum(map(price, basket)), contact=f"household-{number}@example.org")


def pieces(by: Person) -> dict[str, int]:
    return {each["title"]: each["pieces"] for each in by.get("/v1/reports/sales-by-product?limit=1000")["items"]}


def test_every_basket_is_bought_and_what_was_in_it_is_gone_from_the_shelves(town: Town, baskets: list[list[str]]):
    grocer, admin = Grocer(town, baskets), town.admin()
    for number, basket in enumerate(baskets):
        bought(town.guest(), grocer, basket, number)
    town.settle()
    sold = Counter(name for basket in baskets for name in basket)
    assert pieces(admin) == sold
    (sales,) = admin.get(f"/v1/reports/sales-by-seller?seller={GROCER.id}")["items"]
    assert (sales["orders"], sales["total"]) == (len(baskets), sum(price(name) for basket in baskets for name in basket))
    shelves = {each["sku"]: each["onHand"] for each in admin.get(f"/v1/stock?seller={GROCER.id}&limit=100")["items"]}
    assert shelves == {f"G-{number}": ON_HAND - sold[name] for number, name in enumerate(grocer.listings, 1)}
    assert admin.get("/v1/ledger/trial-balance")["balanced"]
    assert town.container.jobs.dead() == []


def test_baskets_are_brought_again_and_again_to_those_who_want_them_so(town: Town, baskets: list[list[str]]):
    grocer, admin = Grocer(town, baskets), town.admin()
    wanted = baskets[::CLIENTS]
    clients = [town.registered(f"client-{number}@example.org") for number in range(len(wanted))]
    tomorrow = (town.clock() + dt.timedelta(days=1)).date()
    orders = [
        started(
            client,
            {
                "lines": [{"listingId": str(grocer.listings[name]), "quantity": 1} for name in basket],
                "rule": "FREQ=DAILY",
                "beginsOn": str(tomorrow),
                "address": HOME,
                "payment": APPROVED,
            },
        )
        for client, basket in zip(clients, wanted, strict=True)
    ]
    until_due(town, clients[0], orders[0]["id"])
    assert pieces(admin) == Counter(name for basket in wanted for name in basket)
    until_due(town, clients[0], orders[0]["id"])
    assert pieces(admin) == Counter(name for basket in wanted for name in (*basket, *basket))
    for client, order in zip(clients, orders, strict=True):
        days = client.get(f"/v1/recurring-orders/{order['id']}/occurrences")["items"]
        assert [each["outcome"] for each in days] == ["placed", "placed"]
    (kept,) = admin.get("/v1/reports/recurring-retention")["items"]
    assert (kept["started"], kept["occurrences"]) == (len(wanted), 2 * len(wanted))
    assert admin.get("/v1/ledger/trial-balance")["balanced"]
