"""Tells those who wait for a product that it can be bought again, each once."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable
from uuid import UUID, uuid5

from application.effects import job
from application.handler import Handler
from application.jobs.ports import Skipped
from application.ports import Clock, Meta
from domain.notifications.commands import RaiseStockAlert
from domain.notifications.stock_alert import stock_alert_id
from domain.values import SYSTEM, Value


class Alert(Value, frozen=True):
    user_id: UUID
    listing_id: UUID


@runtime_checkable
class Alerts(Protocol):
    def waiting(self, seller_id: UUID, sku: str, after: str | None) -> tuple[Sequence[Alert], str | None]:
        """Some of those who wait, and after what to ask for the rest; None when these were the last."""
        ...


class TellOfStock:
    """Done again it tells nobody twice: who was told waits no longer."""

    def __init__(self, handle: Handler, alerts: Alerts, clock: Clock) -> None:
        self._handle = handle
        self._alerts = alerts
        self._clock = clock

    def __call__(self, id: UUID, work: job.TellOfStock, correlation: UUID) -> None:
        told, after = 0, None
        while True:
            found, after = self._alerts.waiting(work.seller_id, work.sku, after)
            for each in found:
                stream = stock_alert_id(each.user_id, each.listing_id)
                command = RaiseStockAlert(each.user_id, each.listing_id, work.sku, self._clock())
                self._handle(stream, command, Meta(uuid5(id, str(stream)), SYSTEM.id, correlation))
            told += len(found)
            if after is None:
                break
        if not told:
            raise Skipped("nobody_waits")
