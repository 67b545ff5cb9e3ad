"""A worker that is killed by SIGKILL between the first command of a process and the second. Argument: database URL."""

import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from application.handler import Appended, Handler
from application.jobs.react import React
from application.ports import Meta, Row
from domain.values import Value
from infrastructure.postgres import open_pool
from tests.infrastructure.eventlog.toys import ALL
from tests.infrastructure.processes.boxes import REACTIONS, RIGHT, Counter


class Dying(Handler):
    def __call__(self, stream: UUID, command: Value, meta: Meta, expected: int | None = None, rows: Sequence[Row] = ()) -> Appended:
        if stream == RIGHT:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(stream, command, meta, expected, rows)


def main(database: str) -> None:
    with open_pool(database, 2) as pool:
        counter = Counter(pool, lease=timedelta(0))
        counter.react = React(counter.log, Dying(counter.log, ALL), REACTIONS, counter.clock)
        counter.worker.empty()


if __name__ == "__main__":
    main(*sys.argv[1:])
