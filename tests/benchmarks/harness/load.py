"""Many callers of an HTTP server at once, in a process of their own: each sends the next request when it has its answer."""

import asyncio
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import msgspec
from msgspec import Struct

from tests.benchmarks.harness.figures import percentile

ROOT = Path(__file__).parents[3]
WARM_UP = 0.5
"""Seconds at the beginning that do not count."""
WARMING = 8
"""Loads of a search node before each that counts."""

KEY = b"{key}"
"""In a request: something new each time it is sent."""


class Load(Struct, frozen=True):
    """`requests` are whole HTTP/1.1 requests, sent in turn by `connections` callers for so many seconds; without, each once.

    `pause` is how many seconds each caller looks at an answer before he asks again.
    """

    port: int
    requests: Sequence[str]
    connections: int
    seconds: float | None = None
    pause: float = 0.0


class Answered(Struct, frozen=True):
    """Answers per second (below 400 only, where requests are repeated), their times in milliseconds, and how many of each status."""

    per_second: float
    p50: float
    p99: float
    statuses: Mapping[str, int]

    @property
    def failed(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= "400")


def request(method: str, path: str, *, body: str = "", token: str = "", key: bool = False, more: Mapping[str, str] | None = None) -> str:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in (more or {}).items())]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if key:
        lines.append("Idempotency-Key: {key}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
    return "\r\n".join([*lines, "", body])


def answered(load: Load) -> Answered:
    command = [sys.executable, "-m", "tests.benchmarks.harness.load"]
    done = subprocess.run(command, input=msgspec.json.encode(load), cwd=ROOT, stdout=subprocess.PIPE, check=True)
    result = msgspec.json.decode(done.stdout, type=Answered)
    if result.failed and load.seconds is not None:
        raise RuntimeError(f"{result.failed} requests such as {load.requests[0].splitlines()[0]} were not answered well")
    return result


def warmed(load: Load, times: int) -> None:
    """Let a search node see it first: its second compiler is done with it after a minute and a half. `times` are rounds that count."""
    for _ in range(WARMING * times):
        answered(load)


class Tally:
    def __init__(self, load: Load) -> None:
        self.requests = [each.encode() for each in load.requests]
        self.next = 0
        self.repeated = load.seconds is not None
        self.pause = load.pause
        self.began = self.ended = perf_counter()
        self.counts_from = self.began + (WARM_UP if self.repeated else 0)
        self.until = self.counts_from + (load.seconds or 0)
        self.counted = 0
        self.times: list[float] = []
        self.statuses: Counter[str] = Counter()

    def take(self) -> bytes | None:
        """What is to be sent next; None at the end."""
        if self.repeated and perf_counter() >= self.until:
            return None
        if self.next == len(self.requests):
            if not self.repeated:
                return None
            self.next = 0
        found = self.requests[self.next]
        self.next += 1
        return found.replace(KEY, uuid4().hex.encode()) if KEY in found else found

    def note(self, status: bytes, began: float, now: float) -> None:
        self.statuses[status.decode()] += 1
        self.ended = now
        if now >= self.counts_from and not (self.repeated and status >= b"400"):
            # The last answers come after the end: too late for the rate, but a slow one must not be lost to the delays.
            self.counted += not self.repeated or now <= self.until
            self.times.append((now - began) * 1000)

    @property
    def seconds(self) -> float:
        return (self.until if self.repeated else self.ended) - self.counts_from


class Calling(asyncio.Protocol):
    """One kept connection."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.over = asyncio.get_running_loop().create_future()
        self._received = bytearray()
        self._needed = 0
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._look(random.uniform(0, self.tally.pause))  # noqa: S311 - callers come one by one

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's word
        if not self.over.done():
            self.tally.statuses["lost"] += 1
            self.over.set_result(None)

    def data_received(self, data: bytes) -> None:
        received = self._received
        received += data
        if not self._needed:
            end = received.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(received[:end]).lower()
            at = head.find(b"content-length:")
            length = 0 if at < 0 else int(head[at + 15 :].split(b"\r\n", 1)[0])
            self._needed = end + 4 + length
        if len(received) >= self._needed:
            now = perf_counter()
            self.tally.note(bytes(received[9:12]), self._began, now)
            self._look(self.tally.pause)

    def _look(self, seconds: float) -> None:
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self._ask)
        else:
            self._ask()

    def _ask(self) -> None:
        self._received.clear()
        self._needed = 0
        self._began = perf_counter()
        asked = self.tally.take()
        if asked is not None:
            self._transport.write(asked)
        elif not self.over.done():
            self.over.set_result(None)
            self._transport.close()


async def call(load: Load) -> Answered:
    tally = Tally(load)
    loop = asyncio.get_running_loop()
    calls = [await loop.create_connection(lambda: Calling(tally), "127.0.0.1", load.port) for _ in range(load.connections)]
    await asyncio.gather(*(calling.over for _, calling in calls))
    times = tally.times or [0.0]
    return Answered(tally.counted / tally.seconds, percentile(times, 0.5), percentile(times, 0.99), tally.statuses)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(call(msgspec.json.decode(sys.stdin.buffer.read(), type=Load)))))
