"""What products mean for their stock: the levels that come with variants are watched from then on."""

from application.effects.effect import Process
from domain.listings.events import VariantsOffered
from domain.process import Owed
from domain.stock.commands import WatchStock
from domain.stock.stock import MAIN, stock_id
from domain.values import SYSTEM


def watch(offered: VariantsOffered) -> Owed:
    """A variant without a level leaves the stock's as it is."""
    seller, now = offered.seller_id, offered.at
    return [
        (stock_id(seller, sku), WatchStock(stock_id(seller, sku), seller, sku, MAIN, level, SYSTEM, now))
        for sku, level in offered.low.items()
    ]


REACTIONS = (Process(VariantsOffered, "watch-stock", watch),)
