"""What pushing is compared with: open streams that pass on a NOTIFY as it comes, with nothing read and nobody asked."""

import asyncio
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg

from infrastructure.embedded.process import spawn
from infrastructure.settings import load
from interfaces.cli.roles.serve import until_stopped
from interfaces.http.streams import Streams, message
from tests.benchmarks.harness.bare import answers
from tests.benchmarks.harness.installation import Installation, free_port
from tests.benchmarks.harness.load import ROOT
from tests.benchmarks.push.writer import CHANNEL, TABLE

DATA = b"x" * 500


@contextmanager
def served(here: Installation) -> Generator[int]:
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.push.bare", str(port)]
    child = spawn(f"bare-push-{port}", command, here.folder / "run", environment=here.environ, cwd=ROOT)
    try:
        child.await_ready(lambda: answers(port), 30)
        yield port
    finally:
        child.stop()


class Telling:
    def __init__(self) -> None:
        self.open: set[asyncio.Queue[bytes]] = set()

    async def listen(self, url: str) -> None:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute(TABLE)
            await connection.execute(f"LISTEN {CHANNEL}")
            async for notice in connection.notifies():
                told = message(int(notice.payload), "bare", DATA)
                for each in self.open:
                    each.put_nowait(told)

    async def __call__(self, scope: dict[str, Any], _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] != "/stream":
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.open.add(queue)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
            await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
            while True:
                await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
        finally:
            self.open.discard(queue)


async def main() -> None:
    telling = Telling()
    listening = asyncio.create_task(telling.listen(load(os.environ).database_url))
    await until_stopped(telling, "127.0.0.1", int(sys.argv[1]), Streams())
    listening.cancel()


if __name__ == "__main__":
    asyncio.run(main())
