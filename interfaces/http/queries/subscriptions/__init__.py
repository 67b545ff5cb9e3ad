"""What is asked of the orders that people take again and again."""

from interfaces.http.queries.subscriptions.recurring import RecurringOrderQueries

CONTROLLERS = (RecurringOrderQueries,)
