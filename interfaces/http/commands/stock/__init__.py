"""What changes stock."""

from interfaces.http.commands.stock.stock import StockCommands

CONTROLLERS = (StockCommands,)
