"""Waiting for a product: what it is and whether it is offered has to be looked up first."""

from datetime import datetime
from uuid import UUID

from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.listings.listing import Written, listings
from domain.notifications.commands import AskStockAlert
from domain.notifications.stock_alert import stock_alert_id
from domain.values import Actor


class AwaitStock:
    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, listing_id: UUID, by: Actor, now: datetime, meta: Meta, expected: int | None = None) -> Appended:
        found = self.handle.state(listing_id, listings)
        if not isinstance(found, Written):
            raise Rejected("listing_not_found")
        skus = tuple(sorted(each.sku.upper() for each in found.variants))
        command = AskStockAlert(by.id, listing_id, found.seller_id, skus, found.status, now)
        return self.handle(stock_alert_id(by.id, listing_id), command, meta, expected)
