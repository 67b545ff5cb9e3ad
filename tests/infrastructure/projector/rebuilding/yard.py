"""Read models built beside the served ones, step by step, by a builder and a worker of one test."""

from types import TracebackType
from typing import Any, LiteralString, Self

import msgspec
import psycopg
from msgspec import Struct

from infrastructure.operations import statements
from infrastructure.projector.rebuilding.builder import Builder
from infrastructure.projector.runner import Runner
from infrastructure.readstores.bookkeeping import Connection
from tests.fakes.log import FakeLog
from tests.infrastructure.projector.harbours import Harbour, runner


class Built(Struct, frozen=True):
    """A building as it is written down."""

    generation: int
    purpose: str
    state: str
    position: int
    events: int
    differences: int | None
    report: Any
    error: str | None
    ended: bool


ROWS: LiteralString = (
    "SELECT generation, purpose, state, position, events, differences, report, error, ended_at IS NOT NULL"
    " FROM projection_rebuilds ORDER BY generation"
)


class Yard:
    def __init__(self, harbour: Harbour, log: FakeLog) -> None:
        self.harbour = harbour
        self.log = log
        self.worker: Runner = runner(harbour, log)
        self.builder = self.another()

    def another(self, batch: int = 4) -> Builder:
        """A builder as another process has it."""
        harbour = self.harbour
        engine = harbour.projection.engine
        return Builder([harbour.projection], self.log, self._connect, {engine: harbour.store}, {engine: harbour.site}, batch=batch)

    def _connect(self, purpose: str) -> Connection:
        return psycopg.connect(self.harbour.database, autocommit=True, application_name=f"yard {purpose}")

    def caught_up(self) -> None:
        """The worker alone: nothing is built."""
        for lane in self.worker._lanes:  # pyright: ignore[reportPrivateUsage]
            lane.catch_up(self.log.stable(), 60)

    def ask(self, statement: LiteralString, **values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.harbour.database) as connection:
            found = connection.execute(statement, {"projection": self.harbour.projection.name, **values})
            return found.fetchall() if found.description else []

    def asked_for(self, purpose: str = "rebuild") -> int:
        ((generation,),) = self.ask(statements.NEXT_GENERATION)
        self.ask(statements.ASK_REBUILD, generation=generation, purpose=purpose)
        return generation

    def build(self, steps: int = 1000) -> int:
        """So many steps of the builder, or till there is nothing to do; how many it took."""
        for step in range(steps):
            if not self.builder.turn():
                return step
        return steps

    @property
    def built(self) -> list[Built]:
        return [Built(*row) for row in self.ask(ROWS)]

    @property
    def last(self) -> Built:
        return self.built[-1]

    def generation(self) -> int:
        ((found,),) = self.ask("SELECT generation FROM projection_positions WHERE name = %(projection)s")
        return found

    def right(self) -> bool:
        return self.harbour.contents() == self.harbour.expected(list(self.log.events))

    def report(self) -> list[dict[str, Any]]:
        return msgspec.convert(self.last.report["first"], list[dict[str, Any]])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.builder.close()
        self.worker.close()
