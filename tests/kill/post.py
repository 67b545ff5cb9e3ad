"""An SMTP server that remembers what it has taken, and from whom it got no further word."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.infrastructure.messaging.server import MailServer


class PostOffice:
    """`taken` counts messages by their id, `to` those who were written to."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.to: set[str] = set()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken[str(message_from_bytes(content)["Message-ID"])] += 1
        self.to |= {each.lower() for each in envelope.rcpt_tos if each}
        return "250 OK"


@contextmanager
def opened(office: PostOffice) -> Generator[str]:
    """The address of the server, for as long as this lasts."""
    server = MailServer(office)
    server.start()
    try:
        yield f"smtp://127.0.0.1:{server.port}"
    finally:
        server.stop()
