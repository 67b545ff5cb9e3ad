"""What people ask to be told."""

from interfaces.http.queries.notifications.stock_alerts import StockAlertQueries

CONTROLLERS = (StockAlertQueries,)
