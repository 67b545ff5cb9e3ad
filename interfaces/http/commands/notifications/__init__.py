"""What people ask to be told."""

from interfaces.http.commands.notifications.stock_alerts import StockAlertCommands

CONTROLLERS = (StockAlertCommands,)
