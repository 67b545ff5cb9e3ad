"""What seals are made of, wired."""

from typing import Any

from psycopg_pool import ConnectionPool

from application.ports import Clock
from infrastructure.seals.lag import SealLag
from infrastructure.seals.proofs import PostgresSeals
from infrastructure.seals.sealer import Sealer
from infrastructure.seals.signing import SigningKey
from infrastructure.settings import Settings


class SealParts:
    """`proofs` are for auditors, `key` signs what they take away, `lag` is a check of health."""

    def __init__(self, settings: Settings, pool: ConnectionPool[Any], read_pool: ConnectionPool[Any], clock: Clock) -> None:
        keys = [SigningKey(each) for each in settings.seal_seeds]
        self.key = keys[0]
        self.proofs = PostgresSeals(read_pool)
        self.sealer = Sealer(settings.database_url, keys, clock)
        self.lag = SealLag(pool)
