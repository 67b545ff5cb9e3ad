"""Many who listen to open streams: one process, plain sockets, and nothing done with what arrives but noting when."""

import re
import resource
import select
import socket
import sys
from array import array
from math import inf
from time import perf_counter

import msgspec
from msgspec import Struct

TOLD = re.compile(rb"id: (\d+)\nevent: ")
AT_ONCE = 65536
LEFT = 64
"""Bytes that may hold the beginning of an id."""
PATIENCE = 20.0
OPENING = 20
"""How many connections are asked for before the answers of the first are waited for."""


class Listening(Struct, frozen=True):
    """`requests` are whole requests, one for each port in turn."""

    ports: list[int]
    requests: list[str]
    readers: int


class Heard(Struct, frozen=True):
    """Positions and when they arrived (perf_counter), reader after reader; seconds of a core it took, of seconds that passed."""

    positions: list[int]
    times: list[float]
    busy: float
    passed: float


class Reader:
    def __init__(self, port: int, request: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(request.encode())
        self.left = b""
        self.position = 0

    def opened(self) -> None:
        """Wait for the first bytes of the stream. Raises RuntimeError where there is none."""
        received = b""
        while b"retry:" not in received:
            more = self.socket.recv(AT_ONCE)
            received += more
            if not more or not received.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"A stream was not opened: {received[:200]!r}")
        self.socket.setblocking(False)


def opened(listening: Listening) -> list[Reader]:
    readers: list[Reader] = []
    for start in range(0, listening.readers, OPENING):
        some = [
            Reader(listening.ports[number % len(listening.ports)], listening.requests[number % len(listening.requests)])
            for number in range(start, min(start + OPENING, listening.readers))
        ]
        for each in some:
            each.opened()
        readers += some
    return readers


def listen(readers: list[Reader]) -> Heard:
    """Until each has heard of the position that standard input names at last, or `PATIENCE` is over."""
    poll = select.epoll()
    by_number = {each.socket.fileno(): each for each in readers}
    for number in [*by_number, sys.stdin.fileno()]:
        poll.register(number, select.EPOLLIN)
    positions, times = array("q"), array("d")
    began, usage = perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    last, until = 0, inf
    while perf_counter() < until and not (last and all(each.position >= last for each in readers)):
        for number, _ in poll.poll(1):
            reader = by_number.get(number)
            if reader is None:
                last, until = int(sys.stdin.buffer.readline()), perf_counter() + PATIENCE
                poll.unregister(number)
                continue
            data = reader.left + reader.socket.recv(AT_ONCE)
            now = perf_counter()
            end = 0
            for found in TOLD.finditer(data):
                reader.position = int(found[1])
                positions.append(reader.position)
                times.append(now)
                end = found.end()
            reader.left = data[max(end, len(data) - LEFT) :]
    after = resource.getrusage(resource.RUSAGE_SELF)
    busy = after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime
    return Heard(list(positions), list(times), busy, perf_counter() - began)


def main() -> None:
    listening = msgspec.json.decode(sys.stdin.buffer.readline(), type=Listening)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, listening.readers + 64)), hard))
    readers = opened(listening)
    sys.stdout.buffer.write(b"open\n")
    sys.stdout.buffer.flush()
    sys.stdout.buffer.write(msgspec.json.encode(listen(readers)))


if __name__ == "__main__":
    main()
