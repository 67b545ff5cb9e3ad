"""Every process and deadline there is: the table of contents of what follows from events by itself."""

from typing import Any

from application.effects.effect import Reaction
from application.processes import contributions, deliveries, groups, invoices, orders, passes, payments, payouts, stock, supply, tiers

REACTIONS: tuple[Reaction[Any], ...] = (
    *orders.REACTIONS,
    *deliveries.REACTIONS,
    *payments.REACTIONS,
    *stock.REACTIONS,
    *tiers.REACTIONS,
    *groups.REACTIONS,
    *supply.REACTIONS,
    *invoices.REACTIONS,
    *contributions.REACTIONS,
    *payouts.REACTIONS,
    *passes.REACTIONS,
)
