"""Payments over the real log, with the sandbox, a clock that a test moves, and a fuse that kills the worker between two steps."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from psycopg_pool import ConnectionPool

from application.effects import job as kinds
from application.effects.billing import payments as effects
from application.effects.effect import by_event, jobs
from application.effects.job import Job
from application.handler import Handler
from application.jobs.react import React
from application.payments.calls import Calls
from application.payments.doing import PaymentJobs
from application.payments.messages import HandleMessage
from application.payments.payouts import PayOut, PayoutJobs
from application.payments.ports import Forged
from application.payments.reconciliation import Compare
from application.ports import Meta
from application.processes import payments as processes
from application.tiers.jobs import TierJobs
from domain.payments import commands as c
from domain.payments.payment import payments
from domain.payments.purposes import ORDER
from domain.payments.shares import Share
from domain.payments.standing import Requested
from domain.recorded import Recorded
from domain.values import SYSTEM, Actor, Role, Value
from infrastructure.clock import new_id
from infrastructure.eventlog.log import PostgresLog
from infrastructure.jobs.queue import Queue
from infrastructure.jobs.worker import Worker
from infrastructure.keys import PersonalKeys
from infrastructure.payments.bodies import Bodies
from infrastructure.payments.books import PaymentBooks
from infrastructure.payments.sandbox.messages import Messenger
from infrastructure.payments.sandbox.provider import Sandbox
from infrastructure.payments.tiers import TierCheckouts
from infrastructure.reactor.reactor import Reactor
from tests.fakes.clock import Moving

EFFECTS = by_event([each for each in (*effects.ERRANDS, *processes.REACTIONS) if each.event in payments.events])
KEY = b"k" * 32
CLEO, SAM = Actor(UUID(int=1), frozenset({Role.CUSTOMER})), Actor(UUID(int=2), frozenset({Role.SELLER}))
STAN = Actor(UUID(int=4), frozenset({Role.STAFF}))


class Died(BaseException):
    """The process ended here."""


class Fuse:
    """Blows at the n-th step, once."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.steps = 0

    def __call__(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise Died


class Fragile:
    """Stands before something, and lets the fuse burn before and after each call."""

    def __init__(self, of: Any, fuse: Fuse, names: set[str]) -> None:
        self._of = of
        self._fuse = fuse
        self._names = names

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._of, name)
        return self._burning(found) if name in self._names else found

    def __call__(self, *given: Any, **more: Any) -> Any:
        return self._burning(self._of)(*given, **more)

    def _burning(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def burning(*given: Any, **more: Any) -> Any:
            self._fuse()
            answer = call(*given, **more)
            self._fuse()
            return answer

        return burning


class Nothing:
    """Nobody has earned anything here."""

    def earned(self, seller_id: UUID, currency: str) -> int:
        return 0 if seller_id and currency else 1

    def settled(self, group_id: UUID) -> bool:
        return not group_id


class Till:
    def __init__(self, pool: ConnectionPool, fuse: Fuse | None = None) -> None:
        self.pool = pool
        self.clock = Moving()
        self.log = PostgresLog(pool, [payments], PersonalKeys(bytes(32)))
        self.handle = Handler(self.log, [payments])
        self.queue = Queue(pool, clock=self.clock)
        self.reactor = Reactor(pool, self.log, due, tuple(EFFECTS))
        self.books = PaymentBooks(pool, self.clock, new_id, Bodies(KEY))
        self.sandbox = Sandbox(pool, KEY, "https://tw.example", self.clock)
        self.told = 0
        self.deaf = False
        fuse = fuse or Fuse()
        provider: Any = Fragile(self.sandbox, fuse, {"begin", "find", "look", "capture", "cancel", "refund", "find_refund"})
        handle: Any = Fragile(self.handle, fuse, set())
        books: Any = Fragile(self.books, fuse, {"trying", "keep", "handled"})
        providers = {"sandbox": provider}
        self.compare = Compare(self.handle, providers, self.books, self.books, self.clock)
        payouts = PayoutJobs(self.handle, self.log, PayOut(self.handle, {}, Nothing()), {}, self.clock)
        work = PaymentJobs(
            Calls(handle, providers, books, "https://tw.example", self.clock),
            HandleMessage(handle, providers, books, books, payouts, self.clock),
            self.compare,
            Messenger(pool, KEY, self.hear, self.clock),
            TierJobs(self.handle, self.log, {}, TierCheckouts(pool), "https://tw.example", self.clock),
            payouts,
        )
        react = React(self.log, self.handle, processes.REACTIONS, self.clock)

        def do(job: Job) -> None:
            match job.work:
                case kinds.React():
                    react(job.work)
                case kinds.SendLetter() | kinds.RunImport() | kinds.KeepSnapshot():
                    raise AssertionError
                case _:
                    work(job.id, job.work, job.correlation_id)  # type: ignore[arg-type]

        self.worker = Worker(self.queue, do, pause=lambda attempts: timedelta(seconds=10 * attempts))

    def hear(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Our endpoint, as the sandbox knows it."""
        if self.deaf:
            return 503
        try:
            announced = self.sandbox.verify(headers, body)
        except Forged:
            return 401
        self.told += 1
        self.books.receive("sandbox", announced, body, uuid4())
        return 200

    def ask(self, number: str, amount: int = 1000, *, manual: bool = False, minutes: int = 15, purpose: str = ORDER) -> UUID:
        payment, share = uuid4(), Share(uuid4(), SAM.id, amount)
        due_at = self.clock() + timedelta(minutes=minutes)
        about = (payment, uuid4(), CLEO.id, "USD", amount, (share,), "sandbox", number, due_at, self.clock())
        self.give(c.RequestPayment(*about, manual, purpose=purpose))
        return payment

    def give(self, command: Any) -> None:
        self.handle(command.payment_id, command, Meta(uuid4(), SYSTEM.id, uuid4()))

    def settle(self) -> None:
        while self.reactor.catch_up() + self.worker.empty():
            pass

    def later(self, passed: timedelta, steps: int = 1) -> None:
        self.settle()
        for _ in range(steps):
            self.clock.ahead += passed / steps
            self.settle()

    def payment(self, id: UUID) -> Requested:
        found = self.handle.state(id, payments)
        assert isinstance(found, Requested)
        return found

    def standing(self, id: UUID) -> str:
        return self.payment(id).standing

    def events(self, id: UUID) -> list[Value]:
        return [each.event for each in self.log.stream(id)]

    def names(self, id: UUID) -> list[str]:
        return [type(event).__name__ for event in self.events(id)]

    def count(self, statement: str, *values: Any) -> int:
        with self.pool.connection() as connection:
            (number,) = connection.execute(statement, values).fetchone() or (0,)  # type: ignore[arg-type]
        return number

    def taken(self, id: UUID) -> int:
        """What the provider has taken of the payer by its own books, less what it gave back."""
        came = self.count("SELECT coalesce(sum(captured), 0) FROM sandbox_charges WHERE payment_id = %s", id)
        back = self.count(
            "SELECT coalesce(sum(r.amount), 0) FROM sandbox_refunds r JOIN sandbox_charges c ON r.charge = c.reference "
            "WHERE c.payment_id = %s AND r.state = 'paid'",
            id,
        )
        return came - back

    def compared(self) -> list[dict[str, Any]]:
        """The differences of the newest comparison with the sandbox, made now."""
        job = uuid4()
        self.compare("sandbox", job)
        return msgspec.json.decode(self.books.comparisons("sandbox", None, 1)[0].differences)


def due(recorded: Recorded[Any]) -> list[Job]:
    return jobs(recorded, EFFECTS.get(type(recorded.event), ()))
