"""Changing where an order goes: whether its booked delivery reaches the new address has to be looked up first."""

from datetime import datetime
from uuid import UUID

from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.deliveries.windows import covers
from domain.deliveries.zone import Declared, zones
from domain.orders.address import deliverable
from domain.orders.commands import ChangeOrderAddress
from domain.orders.order import orders
from domain.orders.placed import Placed
from domain.trade import Spot
from domain.values import Actor, Address


class ChangeAddress:
    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(
        self, order_id: UUID, address: Address, spot: Spot | None, by: Actor, now: datetime, meta: Meta, expected: int | None = None
    ) -> Appended:
        order = self.handle.state(order_id, orders)
        if not isinstance(order, Placed):
            raise Rejected("order_not_found")
        tidy = deliverable(address)
        covered = order.zone is None or self._covers(order.zone, tidy, spot)
        return self.handle(order_id, ChangeOrderAddress(order_id, tidy, by, now, spot, covered), meta, expected)

    def _covers(self, zone_id: UUID, address: Address, spot: Spot | None) -> bool:
        zone = self.handle.state(zone_id, zones)
        return isinstance(zone, Declared) and covers(zone.terms, address.country, address.postal_code, spot)
