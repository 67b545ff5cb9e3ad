"""Everything that only asks: GET, answered from read models; a folder per family."""

from interfaces.http.queries import (
    audit,
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
from interfaces.http.queries.feeds import FeedQueries
from interfaces.http.queries.reports import ReportQueries

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
    *groups.CONTROLLERS,
    *conversations.CONTROLLERS,
    FeedQueries,
    *integrations.CONTROLLERS,
    ReportQueries,
    *audit.CONTROLLERS,
    *operations.CONTROLLERS,
)
