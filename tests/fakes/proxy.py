"""A wire between a client and an engine that a test can cut and mend."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class Wire:
    """Listens on a port of its own on loopback and passes bytes to the engine at `url`, a socket file or host and port."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._upstream = parts.path if parts.scheme == "unix" else (parts.hostname or "127.0.0.1", parts.port or 0)
        self._open: set[socket.socket] = set()
        self._port = 0
        self._listener: socket.socket | None = None
        self.mend()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def mend(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port), reuse_port=False)
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Nobody gets through any more, and whoever was connected is thrown out."""
        if self._listener is not None:
            _end(self._listener)
            self._listener = None
        for each in list(self._open):
            _end(each)
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.socket(socket.AF_UNIX if isinstance(self._upstream, str) else socket.AF_INET)
                far.connect(self._upstream)
                self._open |= {near, far}
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for each in (source, target):
            _end(each)
            self._open.discard(each)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.cut()


def _end(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
    wire.close()
