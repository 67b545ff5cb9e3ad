"""Real baskets become group purchases: households that want the same thing on the same day buy it together, or get their money back.

Cards are declined, some never pay, suppliers are silent, passes are shown twice; in the end nobody's money lies with a group.
"""

from collections import Counter, defaultdict
from collections.abc import Generator, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from application.commands.groups.contributions import Way
from application.ports import Meta
from domain.decider import Rejected
from domain.goods import Tier
from domain.groups.commands import JoinGroup
from domain.groups.group import groups
from domain.groups.ids import pass_id, quote_id, shipment_id
from domain.groups.passes.commands import RedeemPass
from domain.groups.standing import Opened
from domain.groups.supply.commands import AcceptQuote, RecordArrival, ShipGoods, SubmitQuote
from domain.values import SYSTEM, Actor, Role, Value
from tests.journeys.groups.gatherings import gate, opened
from tests.journeys.town import Person, Town
from tests.retail.test_groceries import price

REAL = Path(__file__).parents[3] / "shared" / "data" / "groceries.csv"
SLICE = Path(__file__).with_name("baskets.csv")
A_DAY = 40
"""Baskets of households that may buy together."""

DAYS = 3
MINIMUM, MAXIMUM = 3, 12
CARDS = ("4242424242424242", "4242424242424242", "4242424242424242", "4000000000000002", "")
"""How every so-manieth household pays: with a card that is good, one that is declined, or never."""

SILENT = 7
"""Every so-manieth supplier does not answer."""

WAREHOUSE = Actor(UUID("018f0000-0000-7000-8000-0000000057af"), frozenset({Role.STAFF}))


def days() -> list[list[list[str]]]:
    lines = (REAL if REAL.exists() else SLICE).read_text().splitlines()[: A_DAY * DAYS]
    baskets = [list(dict.fromkeys(line.split(","))) for line in lines]
    return [baskets[first : first + A_DAY] for first in range(0, len(baskets), A_DAY)]


class Cooperative:
    """Opens a group for each thing that is wanted on a day, and takes it through its life by the commands everybody gives."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.organiser: Person = town.registered("organiser@example.org")
        self.wishes: dict[UUID, list[UUID]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self._households = count()

    def gather(self, baskets: Sequence[Sequence[str]]) -> None:
        of = {name: self.open(name) for name in dict.fromkeys(name for basket in baskets for name in basket)}
        for basket in baskets:
            number = next(self._households)
            household = Actor(uuid5(WAREHOUSE.id, f"household {number}"), frozenset({Role.CUSTOMER}))
            for name in basket:
                self.join(of[name], household, 1 + number % 3, CARDS[number % len(CARDS)])

    def open(self, name: str) -> UUID:
        usual = price(name)
        terms: dict[str, Any] = {"minimum": MINIMUM, "maximum": MAXIMUM, "most": MAXIMUM, "price": usual, "title": name}
        terms["tiers"] = (Tier(2 * MINIMUM, usual * 9 // 10),)
        return opened(self.town, self.organiser, **terms)

    def join(self, group: UUID, household: Actor, quantity: int, card: str) -> None:
        self.wishes[group].append(household.id)
        if not self.given(group, JoinGroup(group, household.id, quantity, gate(group), household, self.town.clock())) or not card:
            return
        meta = self.meta(group, f"pay {household.id}")
        try:
            self.town.container.paying.contribute(
                group, uuid5(meta.command_id, "payment"), Way("sandbox", card, None), household, self.town.clock(), meta
            )
        except Rejected as refused:
            self.refused[refused.code] += 1

    def supply(self, group: UUID) -> None:
        """As the supplier, the organiser and the counter do it one after the other."""
        now, found = self.town.clock(), self.state(group)
        quote, shipment = quote_id(group), shipment_id(group)
        by = Actor(found.seller_id, frozenset({Role.SUPPLIER}))
        lasting, eta = now + timedelta(days=2), (now + timedelta(days=3)).date()
        self.give(quote, SubmitQuote(quote, found.price_for(found.bought), found.bought, 5, lasting, "", by, now, for_supplier=True))
        self.give(quote, AcceptQuote(quote, Actor(UUID(self.organiser.id)), now))
        self.town.settle()
        self.give(shipment, ShipGoods(shipment, found.bought, "Swift", "SW-1", eta, by, now, for_supplier=True))
        self.give(shipment, RecordArrival(shipment, 1, WAREHOUSE, now))

    def hand_out(self, group: UUID) -> int:
        """How many passes were redeemed; each is shown twice, by others."""
        now, redeemed = self.town.clock(), 0
        for member in self.state(group).members:
            id = pass_id(group, member, 1)
            for counter in ("east", "west"):
                redeemed += self.given(id, RedeemPass(id, None, uuid5(id, counter), WAREHOUSE, now))
        return redeemed

    def state(self, group: UUID) -> Opened:
        found = self.town.container.handle.state(group, groups)
        assert isinstance(found, Opened)
        return found

    def statuses(self) -> Counter[str]:
        return Counter(self.state(each).status for each in self.wishes)

    def of_status(self, status: str) -> list[UUID]:
        return [each for each in self.wishes if self.state(each).status == status]

    def given(self, stream: UUID, command: Value) -> bool:
        try:
            self.give(stream, command)
        except Rejected as refused:
            self.refused[refused.code] += 1
            return False
        return True

    def give(self, stream: UUID, command: Value) -> None:
        self.town.container.handle(stream, command, self.meta(stream, str(command)))

    def meta(self, stream: UUID, what: str) -> Meta:
        id = uuid5(stream, what)
        return Meta(id, SYSTEM.id, id)


@pytest.fixture
def town(database: str) -> Generator[Town]:
    begun = Town(database)
    yield begun
    begun.close()


def held(auditor: Person) -> dict[str, int]:
    """What lies with groups and on its way back to people, by kind of account."""
    found: list[dict[str, Any]] = auditor.get("/v1/ledger/trial-balance")["items"]
    lying = {each["chart"]: each["balance"] for each in found if each["chart"] in {"group:held", "buyer:held", "refunds"}}
    return {chart: balance for chart, balance in lying.items() if balance}


def test_whoever_wants_the_same_buys_together_and_nobodys_money_is_left_over(town: Town):
    cooperative, auditor = Cooperative(town), town.admin()
    for baskets in days():
        cooperative.gather(baskets)
    town.settle()
    assert held(auditor)["group:held"] > 0
    town.later(timedelta(days=3, minutes=1))
    waiting = cooperative.of_status("supplier_notified")
    assert waiting
    assert set(cooperative.statuses()) == {"supplier_notified", "closed"}

    supplied = [group for number, group in enumerate(waiting) if number % SILENT]
    for group in supplied:
        cooperative.supply(group)
    town.settle()
    assert cooperative.of_status("picking_up") == supplied
    passes = sum(len(cooperative.state(each).members) for each in supplied)
    assert sum(map(cooperative.hand_out, supplied)) == passes
    assert cooperative.refused["pass_used"] == passes
    town.later(timedelta(days=4))

    assert cooperative.of_status("completed") == supplied
    assert cooperative.statuses() == {"completed": len(supplied), "closed": len(cooperative.wishes) - len(supplied)}
    assert held(auditor) == {}
    assert auditor.get("/v1/ledger/trial-balance")["balanced"]
    assert town.container.jobs.dead() == []
    if REAL.exists():
        assert len(cooperative.wishes) > 150
