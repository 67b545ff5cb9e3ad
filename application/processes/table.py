"""Every process and deadline there is: the table of contents of what follows from events by itself."""

from typing import Any

from application.effects.effect import Reaction
from application.processes import deliveries, orders, stock

REACTIONS: tuple[Reaction[Any], ...] = (*orders.REACTIONS, *deliveries.REACTIONS, *stock.REACTIONS)
