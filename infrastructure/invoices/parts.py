"""What invoices are made of, wired."""

from functools import cached_property
from typing import Any

from psycopg_pool import ConnectionPool

from application.handler import Handler
from application.invoices.groups import GroupInvoicing
from application.invoices.invoicing import Invoicing
from application.invoices.tiers import TierInvoicing
from application.jobs.ports import History
from application.ports import Clock
from infrastructure.invoices.archive import PostgresArchive
from infrastructure.invoices.printer import Printer
from infrastructure.settings import Settings


class InvoiceParts:
    def __init__(self, settings: Settings, pool: ConnectionPool[Any], handle: Handler, history: History, clock: Clock) -> None:
        self._handle = handle
        self._history = history
        self._clock = clock
        self.archive = PostgresArchive(pool, *settings.wrapping_keys)

    @cached_property
    def invoicing(self) -> Invoicing:
        return Invoicing(self._handle, self._history, Printer(), self.archive, self._clock)

    @cached_property
    def group_invoicing(self) -> GroupInvoicing:
        return GroupInvoicing(self._handle, self._history, self.invoicing, self._clock)

    @cached_property
    def tier_invoicing(self) -> TierInvoicing:
        return TierInvoicing(self._handle, self._history, self.invoicing, self._clock)
