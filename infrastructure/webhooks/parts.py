"""What webhooks are made of, wired."""

import random
from functools import cached_property
from typing import Any

from psycopg_pool import ConnectionPool

from application.commands.endpoints.tend import TendEndpoint
from application.handler import Handler
from application.ports import Clock
from application.webhooks.deliver import Deliver
from infrastructure.settings import Settings
from infrastructure.webhooks.addresses import Hurried, PublicAddresses, Resolve, resolved
from infrastructure.webhooks.books import PostgresEndpointBooks
from infrastructure.webhooks.following import Following
from infrastructure.webhooks.posting import HttpPoster
from infrastructure.webhooks.queue import Deliveries
from infrastructure.webhooks.sending import Sending
from infrastructure.webhooks.shown import PostgresWebhookEndpoints
from infrastructure.webhooks.signing import WrappedSecrets
from projections.feeds.catalogue import FEEDS


class WebhookParts:
    """`resolve` finds the addresses of hosts, also at each connection."""

    def __init__(self, settings: Settings, pool: ConnectionPool[Any], handle: Handler, clock: Clock, resolve: Resolve = resolved) -> None:
        self._pool = pool
        self._handle = handle
        self._clock = clock
        self._secrets = WrappedSecrets(settings.wrapping_keys)
        self._addresses = PublicAddresses(resolve, anywhere=settings.webhooks_anywhere)
        looked_up = PublicAddresses(Hurried(resolve), anywhere=settings.webhooks_anywhere)
        self.tend = TendEndpoint(handle, PostgresEndpointBooks(pool, self._secrets, list(FEEDS)), self._secrets, looked_up)
        self.endpoints = PostgresWebhookEndpoints(pool, clock)

    @cached_property
    def sending(self) -> Sending:
        deliver = Deliver(HttpPoster(self._addresses), self._secrets.headers, self._handle, self._clock, random.random)
        return Sending(Following(self._pool, FEEDS, self._clock), Deliveries(self._pool, FEEDS, self._clock), deliver)
