"""What seals are made of, wired."""

from typing import Any

from psycopg_pool import ConnectionPool

from application.ports import Clock
from infrastructure.seals.bundles import PostgresEvidence
from infrastructure.seals.lag import SealLag
from infrastructure.seals.proofs import PostgresSeals
from infrastructure.seals.sealer import Sealer
from infrastructure.seals.signing import SigningKey
from infrastructure.settings import Settings


class SealParts:
    """`proofs` and `evidence` are for auditors, `lag` is a check of health."""

    def __init__(self, settings: Settings, pool: ConnectionPool[Any], read_pool: ConnectionPool[Any], clock: Clock) -> None:
        keys = [SigningKey(each) for each in settings.seal_seeds]
        self.proofs = PostgresSeals(read_pool)
        self.evidence = PostgresEvidence(read_pool, self.proofs, keys[0], clock)
        self.sealer = Sealer(settings.database_url, keys, clock)
        self.lag = SealLag(pool)
