"""What follows for stock from the variants of a product."""

from application.processes.stock import REACTIONS
from domain.stock.commands import WatchStock
from domain.stock.stock import MAIN, stock_id
from domain.values import SYSTEM
from tests.domain.listings.boats import ANA, LATER
from tests.domain.listings.groceries import BOTH, offered


def test_the_levels_that_come_with_variants_are_watched_and_no_others():
    (process,) = REACTIONS
    milk = stock_id(ANA.id, "MILK-1L")
    assert list(process.react(offered(*BOTH, low={"MILK-1L": 12}))) == [
        (milk, WatchStock(milk, ANA.id, "MILK-1L", MAIN, 12, SYSTEM, LATER))
    ]
    assert list(process.react(offered(*BOTH))) == []
