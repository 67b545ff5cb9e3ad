"""What changes the orders that people take again and again, and the tiers that they pay for."""

from interfaces.http.commands.subscriptions.recurring import RecurringOrderCommands
from interfaces.http.commands.subscriptions.tiers import TierCommands

CONTROLLERS = (RecurringOrderCommands, TierCommands)
