"""What changes the orders that people take again and again."""

from interfaces.http.commands.subscriptions.recurring import RecurringOrderCommands

CONTROLLERS = (RecurringOrderCommands,)
