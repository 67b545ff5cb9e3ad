"""What consumer groups are made of, wired."""

from typing import Any

from psycopg_pool import ConnectionPool

from application.commands.consumers.tend import TendConsumer
from application.handler import Handler
from application.ports import Clock
from infrastructure.consumers.books import PostgresConsumerBooks, PostgresLogHead
from infrastructure.consumers.deliveries import PostgresDeliveries
from infrastructure.consumers.shown import PostgresConsumerGroups
from projections.feeds.catalogue import FEEDS


class ConsumerParts:
    def __init__(self, pool: ConnectionPool[Any], handle: Handler, clock: Clock) -> None:
        self.tend = TendConsumer(handle, PostgresConsumerBooks(pool, FEEDS))
        self.deliveries = PostgresDeliveries(pool, clock)
        self.groups = PostgresConsumerGroups(pool)
        self.log_head = PostgresLogHead(pool)
