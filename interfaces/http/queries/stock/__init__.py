"""What is asked of stock."""

from interfaces.http.queries.stock.stock import StockQueries

CONTROLLERS = (StockQueries,)
