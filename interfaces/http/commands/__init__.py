"""Everything that changes something: POST, PUT, PATCH, DELETE; a folder per family."""

from interfaces.http.commands import (
    conversations,
    deliveries,
    groups,
    integrations,
    invoices,
    listings,
    notifications,
    operations,
    orders,
    payments,
    stock,
    subscriptions,
    suppliers,
    users,
)

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
    *suppliers.CONTROLLERS,
    *conversations.CONTROLLERS,
    *groups.CONTROLLERS,
    *operations.CONTROLLERS,
    *integrations.CONTROLLERS,
)
