"""Everything that changes something: POST, PUT, PATCH, DELETE; a folder per family."""

from interfaces.http.commands import deliveries, groups, invoices, listings, notifications, orders, payments, stock, subscriptions, users

CONTROLLERS = (
    *users.CONTROLLERS,
    *listings.CONTROLLERS,
    *stock.CONTROLLERS,
    *subscriptions.CONTROLLERS,
    *deliveries.CONTROLLERS,
    *orders.CONTROLLERS,
    *payments.CONTROLLERS,
    *invoices.CONTROLLERS,
    *notifications.CONTROLLERS,
    *groups.CONTROLLERS,
)
