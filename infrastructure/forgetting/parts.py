"""What forgets people, wired."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from psycopg_pool import ConnectionPool

from application.commands.people.erasing import AskErasure, CarryOut
from application.handler import Handler
from application.jobs.forget import Forget
from application.ports import Clock
from infrastructure.eventlog.log import PostgresLog
from infrastructure.forgetting.dealings import PostgresDealings
from infrastructure.forgetting.following import PATIENCE, Following
from infrastructure.forgetting.holdings import PostgresHoldings
from infrastructure.forgetting.retention import Retention
from infrastructure.forgetting.traces import LocalTraces
from infrastructure.security.access import SigningIn
from infrastructure.settings import Settings
from projections.view import Index, Projection


class ForgettingParts:
    """`patience` is for how many seconds the job waits for read models before it is put off."""

    def __init__(
        self, settings: Settings, pool: ConnectionPool[Any], handle: Handler, log: PostgresLog, signing_in: SigningIn, clock: Clock
    ) -> None:
        self._pool = pool
        self._handle = handle
        self._log = log
        self._signing_in = signing_in
        self._clock = clock
        self.patience = PATIENCE
        self.dealings = PostgresDealings(pool, log.stable, settings.retention_years)
        self.retention = Retention(pool, settings.retention_years, clock)
        self.holdings = PostgresHoldings(pool, log.at)
        grace = timedelta(days=settings.erasure_grace_days)
        self.commands: Mapping[str, Any] = {"ask_erasure": AskErasure(handle, self.dealings, grace)}

    def job(self, projections: Sequence[Projection], expunge: Callable[[Sequence[Index[Any]]], None]) -> Forget:
        traces = LocalTraces(self._pool, self._log.stream, self._signing_in.conceal)
        signing_in = self._signing_in
        carry_out = CarryOut(self._handle, self.dealings, traces, signing_in.accounts, signing_in.authentication, self._clock)
        return Forget(carry_out, Following(self._pool, self._log.at, projections, expunge, self.patience))
