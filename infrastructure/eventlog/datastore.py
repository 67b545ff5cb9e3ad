"""The library's datastore over a connection pool of ours."""

from typing import Any

from eventsourcing.postgres import PostgresDatastore
from psycopg_pool import ConnectionPool


class PooledDatastore(PostgresDatastore):
    """Gives the library's recorders connections of a pool that somebody else opens and closes."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:  # pyright: ignore[reportMissingSuperCall]
        # The library's own constructor would open a second pool.
        self.pool = pool  # pyright: ignore[reportIncompatibleVariableOverride, reportAttributeAccessIssue]
        self.pool_open_timeout = None
        self.schema = "public"
        self.originator_id_type = "uuid"
        self.enable_db_functions = False
        self.single_row_tracking = True
        self.lock_timeout = 0
        self.db_type_names = set[str]()
        self.psycopg_type_adapters = {}
        self.psycopg_python_types = {}

    def register_type_adapters(self) -> None:
        """Nothing: our statements take arrays, not composites."""

    def close(self) -> None:
        """Nothing: the pool is not ours to close."""
