"""Somebody else's server, which does with what is posted to it whatever it likes."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

Manner = Callable[["Stranger", socket.socket], None]


def says(text: str) -> Manner:
    """The whole of an answer, head and body, and the end of it."""

    def manner(_stranger: "Stranger", connection: socket.socket) -> None:
        connection.sendall(text.encode())

    return manner


def answers(status: int, body: str = "", **headers: str) -> Manner:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return says(f"HTTP/1.1 {status} Whatever\r\n{lines}Content-Length: {len(body.encode())}\r\n\r\n{body}")


def hangs(stranger: "Stranger", _connection: socket.socket) -> None:
    stranger.leaving.wait()


def closes(_stranger: "Stranger", _connection: socket.socket) -> None:
    pass


def drips(head: str) -> Manner:
    """A byte now and then, never so late that one wait alone would be too long."""

    def manner(stranger: "Stranger", connection: socket.socket) -> None:
        for byte in head.encode():
            connection.sendall(bytes([byte]))
            if stranger.leaving.wait(0.05):
                return

    return manner


def pours(stranger: "Stranger", connection: socket.socket) -> None:
    """A body without an end."""
    connection.sendall(b"HTTP/1.1 500 Oh\r\nContent-Length: 100000000000\r\n\r\n")
    while not stranger.leaving.is_set():
        connection.sendall(b"x" * 65_536)
        stranger.poured += 65_536


class Stranger:
    """Behaves as `manner` says; `requests` are the bytes of what came, `names` what it was called by in TLS."""

    def __init__(self, manner: Manner = closes, tls: ssl.SSLContext | None = None) -> None:
        self.manner = manner
        self.requests: list[bytes] = []
        self.names: list[str | None] = []
        self.poured = 0
        self.leaving = Event()
        self._tls = tls
        if tls is not None:
            tls.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = Thread(target=self._serve, daemon=True)

    @property
    def port(self) -> int:
        return self._listening.getsockname()[1]

    def url(self, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}/hooks"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.leaving.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while not self.leaving.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            Thread(target=self._receive, args=[connection], daemon=True).start()

    def _receive(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            held = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            with held:
                self.requests.append(whole(held))
                self.manner(self, held)
                with suppress(OSError):
                    held.shutdown(socket.SHUT_WR)
                held.recv(1)  # until the other side has gone, so that nothing is lost on the way


def whole(connection: socket.socket) -> bytes:
    """One request with its body."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += connection.recv(65_536)
    head, _, body = found.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
