"""One message posted to an address that is not ours: resolved once, connected to what was resolved, and over in bounded time."""

import socket
import ssl
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from threading import Timer
from time import monotonic
from urllib.parse import urlsplit

import httpcore
import structlog

from application.webhooks.ports import Answer, Fault, Poster
from infrastructure.webhooks.addresses import ForbiddenAddress, PublicAddresses

SECONDS = 15.0
"""For everything, from the connection to the last header of the answer."""

READING_SECONDS = 2.0
"""For the beginning of the answer's body: what came of it is known by then."""

KEPT = 1024
"""Bytes of the answer that are kept; no more are read."""

AGENT = "Tradewind-Webhooks/1"

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


logger = structlog.get_logger(__name__)


class Watch:
    """Cuts a connection off when its time is over, whatever is waited for: one that gives a byte now and then is never late otherwise."""

    def __init__(self) -> None:
        self.late = False
        self._socket: socket.socket | None = None
        self._timer: Timer | None = None

    def over(self, connected: socket.socket, seconds: float) -> None:
        self._socket = connected.dup()  # TLS takes the first one over
        self.within(seconds)

    def within(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = Timer(max(seconds, 0.0), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
        if self._socket is not None:
            self._socket.close()

    def _cut(self) -> None:
        self.late = True
        if self._socket is not None:
            with suppress(OSError):  # it may be gone already
                self._socket.shutdown(socket.SHUT_RDWR)


class Checked(httpcore.NetworkBackend):
    """Connects to none but the addresses that were checked; who asks by name for TLS and `Host` goes on to do so."""

    def __init__(self, addresses: PublicAddresses, watch: Watch, seconds: float) -> None:
        self._addresses = addresses
        self._watch = watch
        self._until = monotonic() + seconds
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - ours is what is left of the whole
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception | None = None
        for address in self._addresses.of(host, port):
            left = self._until - monotonic()
            if left <= 0:
                raise httpcore.ConnectTimeout
            try:
                stream = self._sockets.connect_tcp(address, port, left, local_address, socket_options or [])
            except httpcore.ConnectError as error:
                failed = error
                continue
            self._watch.over(stream.get_extra_info("socket"), self._until - monotonic())
            return stream
        raise failed or httpcore.ConnectError("no address")


class HttpPoster(Poster):
    """`trust` is another store of certificates than the system's, for tests."""

    def __init__(
        self, addresses: PublicAddresses, *, seconds: float = SECONDS, reading: float = READING_SECONDS, trust: ssl.SSLContext | None = None
    ) -> None:
        self._addresses = addresses
        self._seconds = seconds
        self._reading = reading
        self._trust = trust or ssl.create_default_context()

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        began = monotonic()
        watch = Watch()
        try:
            status, text, retry_after = self._posted(url, headers, body, watch)
        except Exception as error:  # noqa: BLE001 - whatever the other side does is an outcome, and each has its name
            return Answer(None, "timeout" if watch.late else fault(error), "", "", since(began))
        finally:
            watch.close()
        return Answer(status, None, text, retry_after, since(began))

    def _posted(self, url: str, headers: Mapping[str, str], body: bytes, watch: Watch) -> tuple[int, str, str]:
        with self._connection(url, watch) as connection:
            target = address(url)
            sent = {"host": host_of(target), "user-agent": AGENT, "accept-encoding": "identity", "connection": "close", **headers}
            timeouts = dict.fromkeys(("connect", "read", "write"), self._seconds)
            request = httpcore.Request(
                "POST",
                target,
                headers=[*sent.items(), ("content-length", str(len(body)))],
                content=body,
                extensions={"timeout": timeouts},
            )
            response = connection.handle_request(request)
            watch.within(self._reading)
            text = beginning(response)
            retry_after = next((value.decode("latin-1") for name, value in response.headers if name.lower() == b"retry-after"), "")
            return response.status, text, retry_after

    @contextmanager
    def _connection(self, url: str, watch: Watch) -> Generator[httpcore.HTTPConnection]:
        connection = httpcore.HTTPConnection(
            address(url).origin, ssl_context=self._trust, network_backend=Checked(self._addresses, watch, self._seconds)
        )
        try:
            yield connection
        finally:
            connection.close()


def beginning(response: httpcore.Response) -> str:
    """What of the answer's body came in time, as text; whether it was whole is of no concern."""
    found = b""
    try:
        for piece in response.iter_stream():
            found += piece
            if len(found) >= KEPT:
                break
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        pass  # what has come is kept
    return found[:KEPT].decode(errors="replace").replace("\x00", "\ufffd")


def address(url: str) -> httpcore.URL:
    """As a whole: httpcore itself loses what stands behind a semicolon."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return httpcore.URL(scheme=parts.scheme, host=parts.hostname or "", port=parts.port, target=target)


def host_of(url: httpcore.URL) -> str:
    host = url.host.decode("ascii")
    named = f"[{host}]" if ":" in host else host
    return named if url.port is None else f"{named}:{url.port}"


def fault(error: Exception) -> Fault:
    match error:
        case ForbiddenAddress():
            return "address_refused"
        case socket.gaierror() | UnicodeError():
            return "host_unknown"
        case httpcore.TimeoutException():
            return "timeout"
        case httpcore.ConnectError():
            return "tls_failed" if isinstance(error.__cause__ or error.__context__, ssl.SSLError) else "connection_failed"
        case httpcore.RemoteProtocolError() if "disconnected" not in str(error):
            return "answer_invalid"
        case httpcore.NetworkError() | httpcore.ProtocolError() | OSError():
            return "connection_lost"
        case _:
            logger.error("a webhook could not be posted", exc_info=error)
            return "connection_failed"


def since(began: float) -> int:
    return round((monotonic() - began) * 1000)
