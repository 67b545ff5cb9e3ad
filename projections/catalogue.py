"""Every read model there is."""

from projections.conversations import messages
from projections.conversations import reports as reported_messages
from projections.deliveries import couriers, delivery, slots, timetables, zones
from projections.feeds.catalogue import FEEDS
from projections.groups import index as found_groups
from projections.groups import members as group_members
from projections.groups import page as groups
from projections.groups import timeline as group_steps
from projections.groups.passes import page as passes
from projections.groups.supply import quotes, shipments
from projections.groups.supply import seats as supplier_seats
from projections.invoices import billing, papers
from projections.listings import counts, favourites, imports, index, inquiries, page
from projections.notifications import stock_alerts
from projections.orders import cart, codes, timeline
from projections.orders import page as orders
from projections.payments import ledger, payouts
from projections.payments import page as payments
from projections.reports.table import JOURNALS as REPORTED
from projections.stock import levels, movements
from projections.subscriptions import details, occurrences, recurring, tiers
from projections.suppliers import dealings
from projections.suppliers import file as suppliers
from projections.users import api_keys, mentions, profile, roles
from projections.view import Projection

PROJECTIONS: tuple[Projection, ...] = (
    profile.view,
    api_keys.view,
    roles.count,
    mentions.journal,
    page.view,
    favourites.view,
    inquiries.view,
    imports.view,
    counts.count,
    counts.by_category,
    index.index,
    levels.view,
    movements.journal,
    payments.view,
    payouts.view,
    papers.view,
    billing.view,
    ledger.journal,
    recurring.view,
    occurrences.view,
    details.view,
    tiers.view,
    tiers.charges,
    delivery.view,
    couriers.view,
    stock_alerts.view,
    cart.view,
    codes.view,
    orders.view,
    timeline.view,
    zones.view,
    timetables.view,
    slots.view,
    groups.view,
    group_members.view,
    group_steps.journal,
    found_groups.index,
    messages.view,
    reported_messages.view,
    suppliers.view,
    dealings.journal,
    passes.view,
    quotes.view,
    shipments.view,
    supplier_seats.view,
    *REPORTED,
    *FEEDS.values(),
)
