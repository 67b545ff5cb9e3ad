"""A real SMTP server that can be told to refuse, to put off and to drop."""

import asyncio
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Behaviour:
    """Answers are taken from the lists, one by one, and «250» when they are empty; `drop` says at which message the line goes dead."""

    def __init__(self) -> None:
        self.rcpt: list[str] = []
        self.data: list[str] = []
        self.drop = 0
        self.stall = False
        self.taken: list[str] = []

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.stall:
            await asyncio.sleep(3600)
        content = envelope.content
        assert isinstance(content, bytes)
        answer = self.data.pop(0) if self.data else "250 OK"
        if answer.startswith("250"):
            self.taken.append(str(message_from_bytes(content)["Message-ID"]))
        if self.drop:  # taken, and the line goes dead before the answer
            self.drop -= 1
            transport: Any = server.transport
            transport.abort()
        return answer


class DropsInTheMiddle(SMTP):
    """Cuts the line after the first line of a message."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        del arg
        await self.push("354 go on")
        await self._reader.readline()
        transport: Any = self.transport
        transport.abort()


class MailServer(Controller):
    def __init__(self, behaviour: Any, protocol: type[SMTP] = SMTP, **options: Any) -> None:
        self._protocol = protocol
        super().__init__(behaviour, hostname="127.0.0.1", port=0, ready_timeout=20, **options)

    def factory(self) -> SMTP:
        return self._protocol(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        """The port is chosen by the system: take it over before the controller calls on itself."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
