"""What is asked of the orders that people take again and again, and of the tiers that they pay for."""

from interfaces.http.queries.subscriptions.recurring import RecurringOrderQueries
from interfaces.http.queries.subscriptions.tiers import TierQueries

CONTROLLERS = (RecurringOrderQueries, TierQueries)
