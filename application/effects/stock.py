"""What events of stock owe: a word to the seller, and to those who wait."""

from application.effects.effect import Errand, Notice
from application.effects.job import TellOfStock
from domain.notifications.events import StockAlertRaised
from domain.stock.events import StockCameBack, StockRanLow

NOTICES = (
    Notice(StockRanLow, "stock_low"),
    Notice(StockAlertRaised, "back_in_stock"),
)


def tell_of_stock(event: StockCameBack) -> TellOfStock:
    return TellOfStock(event.seller_id, event.sku)


ERRANDS = (Errand(StockCameBack, tell_of_stock),)
