"""The log as an application of the library: where its repository, subscriptions and snapshots attach."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment
from psycopg_pool import ConnectionPool

from domain.decider import Decider
from infrastructure.eventlog.library.recorder import EventRecorder, PooledDatastore
from infrastructure.eventlog.mapper import EventMapper, Upcasters


class PooledFactory(PostgresFactory):
    """Makes recorders over our pool; nothing is read from the environment."""

    def __init__(self, env: Environment, pool: ConnectionPool[Any]) -> None:  # pyright: ignore[reportMissingSuperCall]
        self.env = env
        self._is_entered = False
        self.datastore = PooledDatastore(pool)

    def application_recorder(self) -> EventRecorder:
        return EventRecorder(self.datastore)


class History(Application[UUID]):
    """The library's Application over our factory, mapper and recorder, without its caches."""

    recorder: EventRecorder
    mapper: EventMapper  # pyright: ignore[reportIncompatibleVariableOverride] - made by construct_mapper, never set again

    def __init__(self, pool: ConnectionPool[Any], deciders: Iterable[Decider[Any, Any, Any]], upcasters: Upcasters | None = None) -> None:
        self._pool = pool
        self._events = [event for decider in deciders for event in decider.events]
        self._upcasters = upcasters
        super().__init__()

    def construct_env(self, name: str, env: Any = None) -> Environment:
        return Environment(name, dict(env or {}))

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        return PooledFactory(env, self._pool)

    def construct_mapper(self) -> EventMapper:
        return EventMapper(self._events, self._upcasters)
