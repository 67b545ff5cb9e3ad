"""The service as it runs in production, of the same classes, over simulated engines: servers, projectors, reactors and workers."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NoReturn
from uuid import UUID

import psycopg

from application.commands.buying.quotes import Quotes
from application.commands.checkouts import CheckOut
from application.commands.groups.contributions import Contribute
from application.effects import due
from application.handler import Handler
from application.jobs.do import Do
from application.jobs.keep_snapshot import KeepSnapshot
from application.jobs.ports import Skipped
from application.jobs.react import React
from application.payments.calls import Calls
from application.payments.doing import PaymentJobs
from application.ports import Unavailable
from application.processes.table import REACTIONS
from domain.registry import DECIDERS
from infrastructure.jobs.queue import Queue
from infrastructure.jobs.worker import Worker
from infrastructure.projector.lanes import Lane
from infrastructure.reactor.reactor import Overtaken, Reactor
from infrastructure.readstores.opensearch import OpenSearchStore
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.readstores.redis import RedisStore
from projections.ports import Unavailable as Away
from projections.view import Projection
from tests.simulation.engines.log import SimulatedLog
from tests.simulation.engines.opensearch import SimulatedOpenSearch
from tests.simulation.engines.postgres import Connection, Database, Pool
from tests.simulation.engines.redis import SimulatedRedis
from tests.simulation.outside import Attempts, Post, Provider
from tests.simulation.stage import Died, Process, Stage

SANDBOX = "sandbox"
LEASE = timedelta(seconds=30)
ENGINES = ("postgres", "redis", "opensearch")


class Server:
    """What answers commands; `handle` remembers streams until it dies."""

    def __init__(self, stage: Stage, log: SimulatedLog, provider: Provider, name: str) -> None:
        self._log = log
        self._provider = provider
        self.process = Process(name, self._born)
        self.stage = stage

    def _born(self) -> None:
        self.handle = Handler(self._log, DECIDERS)
        self.check_out = CheckOut(self.handle, Quotes(self.handle))
        unneeded: Any = None  # members pay in the group's currency here
        self.contribute = Contribute(self.handle, {SANDBOX: self._provider}, unneeded)

    def ask(self, work: Callable[["Server"], Any]) -> Any:
        """Raises `Died` where there is no answer because there is no server."""
        return self.stage.perform(self.process, lambda: work(self))


class Projector:
    """A process with a lane for each engine."""

    def __init__(self, service: "Service", name: str) -> None:
        self._service = service
        self._connections: list[Connection] = []
        self.process = Process(name, self._born)

    def _born(self) -> None:
        for each in self._connections:
            self._service.database.dying.append(each)
        self._connections = []
        self.lanes = {engine: self._lane(engine) for engine in ENGINES}

    def _lane(self, engine: str) -> Lane:
        service = self._service
        wanted = [each for each in service.projections if each.engine == engine]
        return Lane(engine, wanted, service.log, self._connect, service.stores[engine], progress=nobody, batch=service.at_once)

    def _connect(self) -> Any:
        connection = self._service.database.connect()
        self._connections.append(connection)
        return connection

    def turn(self, engine: str) -> None:
        """As a lane's own loop does it, but for the waiting: it is woken late, early and for nothing."""
        lane = self.lanes[engine]
        try:
            self._service.stage.perform(self.process, lane.turn)
        except Died:
            return
        except Exception as error:
            if not isinstance(error, Away | Unavailable):
                raise
            lane.close()


class Reacting:
    def __init__(self, service: "Service", name: str) -> None:
        self._service = service
        self.process = Process(name, self._born)

    def _born(self) -> None:
        self._reactor = self._service.reactor(self._service)

    def turn(self) -> None:
        try:
            self._service.stage.perform(self.process, self._reactor.step)
        except (Died, Away, Unavailable, psycopg.OperationalError, Overtaken):
            return


class Working:
    """A process with two threads. Nobody renews its leases: where the clock jumps, others take what it is at."""

    def __init__(self, service: "Service", name: str) -> None:
        self._service = service
        self.process = Process(name, self._born)

    def _born(self) -> None:
        service = self._service
        queue = Queue(service.pool, LEASE, clock=service.stage.clock)
        self._worker = Worker(queue, service.do(), pause=service.pause, poll=0.0)  # nobody sleeps here

    def turn(self) -> bool:
        """Whether there was anything to do."""
        try:
            return self._service.stage.perform(self.process, self._worker.step)
        except (Died, psycopg.OperationalError):
            return True


class Service:
    """Everything of it. `projections` are those that are kept up."""

    def __init__(self, stage: Stage, log: SimulatedLog, database: Database, projections: Sequence[Projection], at_once: int) -> None:
        self.stage = stage
        self.log = log
        self.database = database
        self.projections = projections
        self.at_once = at_once
        self.redis = SimulatedRedis(stage)
        self.opensearch = SimulatedOpenSearch(stage)
        self.provider = Provider(stage)
        self.attempts = Attempts(stage)
        self.post = Post(stage)
        self.pool: Any = Pool(database)
        self.stores: dict[str, Callable[[Any], Any]] = {
            "postgres": PostgresStore,
            "redis": lambda connection: RedisStore(connection, self._any(self.redis)),
            "opensearch": lambda connection: OpenSearchStore(connection, self._any(self.opensearch)),
        }
        self.reactor: Callable[[Service], Reactor] = lambda service: Reactor(
            service.pool, service.log, due.due, due.EVENTS, batch=service.at_once
        )
        self.servers: list[Server] = []
        self.projectors: list[Projector] = []
        self.reactors: list[Reacting] = []
        self.workers: list[Working] = []

    def start(self) -> None:
        self.servers = [Server(self.stage, self.log, self.provider, f"server {number}") for number in (1, 2)]
        self.projectors = [Projector(self, f"projector {number}") for number in (1, 2)]
        self.reactors = [Reacting(self, f"reactor {number}") for number in (1, 2)]
        self.workers = [Working(self, f"worker {number}") for number in (1, 2)]

    def pause(self, attempts: int) -> timedelta:
        return timedelta(seconds=10 * 2 ** min(attempts - 1, 5)) * self.stage.random.uniform(0.5, 1)

    def do(self) -> Any:
        """The real jobs, but for letters, which are only counted, and papers and payouts, of which there are none here."""
        handle = Handler(self.log, DECIDERS)
        calls = Calls(handle, {SANDBOX: self.provider}, self.attempts, "https://tw.example", self.stage.clock)
        left_out: Any = LeftOut()

        def letter(job: Any, _work: Any) -> None:
            self.post.send(job if isinstance(job, UUID) else job.id)

        sends: Any = letter
        return Do(
            sends,
            React(self.log, handle, REACTIONS, self.stage.clock),
            KeepSnapshot(self.log, DECIDERS),
            left_out,
            payments=PaymentJobs(calls, left_out, left_out, left_out, left_out, left_out),
            find_courier=left_out,
            occurrences=left_out,
            send_text=sends,
            send_code=sends,
            tell_of_stock=left_out,
            invoicing=left_out,
            group_invoicing=left_out,
            tier_invoicing=left_out,
            holding_places=left_out,
            tell=sends,
            forget=left_out,
            stopping=lambda: False,
        )

    @staticmethod
    def _any(engine: Any) -> Any:
        return engine


class LeftOut:
    """Jobs of which the small world has no need."""

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        raise Skipped("not_simulated")

    bill = credit = __call__

    def begin(self) -> None:
        """No books are compared."""


def nobody(_projection: Projection, _upto: int, _events: int) -> None:
    """Nobody looks at the progress."""
