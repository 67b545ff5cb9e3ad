"""What deliveries are made of, wired: the commands, queries and jobs that need more than the log."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from psycopg_pool import ConnectionPool

from application.attempts import Attempts
from application.commands.deliveries import Assign, Enrol, HandOver, Track
from application.handler import Handler
from application.jobs.find_courier import FindCourier
from application.jobs.ports import History
from application.ports import Clock
from infrastructure.deliveries.roster import ReadRoster
from infrastructure.deliveries.whereabouts import PostgresTracks, PostgresWhereabouts
from infrastructure.security.codes import DeliveryCodes
from infrastructure.settings import Settings
from projections.ports import Documents


class DeliveryParts:
    def __init__(
        self,
        settings: Settings,
        pool: ConnectionPool[Any],
        read_pool: ConnectionPool[Any],
        handle: Handler,
        documents: Documents,
        clock: Clock,
        attempts: Attempts,
    ) -> None:
        self._pool = pool
        self._handle = handle
        self._documents = documents
        self._clock = clock
        self._attempts = attempts
        self.codes = DeliveryCodes(settings.key("delivery-codes"))
        self._whereabouts = PostgresWhereabouts(read_pool)

    @cached_property
    def commands(self) -> Mapping[str, Any]:
        """By the names under which routes ask for them."""
        handle = self._handle
        return {
            "assign": Assign(handle),
            "hand_over": HandOver(handle, self.codes),
            "track": Track(handle, PostgresTracks(self._pool, self._clock), self._attempts),
            "enrol": Enrol(handle),
        }

    @cached_property
    def queries(self) -> Mapping[str, Any]:
        return {"whereabouts": self._whereabouts, "delivery_codes": self.codes}

    def find_courier(self, history: History) -> FindCourier:
        return FindCourier(history, self._handle, ReadRoster(self._documents, self._whereabouts), self._clock)
