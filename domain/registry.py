"""Every kind of stream there is: the table of contents of the domain."""

from typing import Any

from domain.conversations.channel import channels
from domain.conversations.message import messages
from domain.decider import Decider
from domain.deliveries.courier import couriers
from domain.deliveries.delivery import deliveries
from domain.deliveries.slot import slots
from domain.deliveries.zone import zones
from domain.groups.group import groups
from domain.groups.passes.hand_over import passes
from domain.groups.supply.quote import quotes
from domain.groups.supply.shipment import shipments
from domain.integrations.consumers.consumer import consumers
from domain.integrations.endpoints.endpoint import endpoints
from domain.invoices.billing import billing_details
from domain.invoices.book import books
from domain.invoices.invoice import invoices
from domain.listings.bulk_import import imports
from domain.listings.interest.favourite import favourites
from domain.listings.interest.inquiry import inquiries
from domain.listings.listing import listings
from domain.notifications.stock_alert import stock_alerts
from domain.operations.maintenance import services
from domain.operations.owed import jobs, reactions
from domain.operations.projection import projections
from domain.orders.carts.cart import carts
from domain.orders.codes.code import codes
from domain.orders.order import orders
from domain.payments.payment import payments
from domain.payments.payouts.payout import payouts
from domain.payments.payouts.purse import purses
from domain.stock.stock import stocks
from domain.subscriptions.recurring_order import recurring_orders
from domain.subscriptions.standing_details import standing_details
from domain.subscriptions.tiers.membership import memberships
from domain.subscriptions.tiers.places import places
from domain.suppliers.rating import ratings
from domain.suppliers.seat import seats
from domain.suppliers.supplier import suppliers
from domain.users.api_key import api_keys
from domain.users.session import sessions
from domain.users.user import users

DECIDERS: tuple[Decider[Any, Any, Any], ...] = (
    users,
    sessions,
    api_keys,
    listings,
    favourites,
    inquiries,
    imports,
    stocks,
    orders,
    carts,
    codes,
    deliveries,
    zones,
    slots,
    couriers,
    stock_alerts,
    payments,
    payouts,
    purses,
    invoices,
    books,
    billing_details,
    recurring_orders,
    standing_details,
    memberships,
    places,
    groups,
    quotes,
    shipments,
    passes,
    suppliers,
    seats,
    ratings,
    channels,
    messages,
    projections,
    reactions,
    jobs,
    services,
    consumers,
    endpoints,
)
