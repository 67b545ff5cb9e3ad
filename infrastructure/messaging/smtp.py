"""Mail by SMTP (RFC 5321): one connection per message, each refusal read for whether it is for good."""

import contextlib
import smtplib
import ssl
from collections.abc import Callable, Generator
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr

from application.jobs.ports import Mail, Refused
from application.ports import Unavailable
from infrastructure.environ import Smtp
from infrastructure.messaging.message import compose

SECONDS = 20.0
"""How long any one answer of the server may take."""


class SmtpMailer:
    """Sends through the server of the settings.

    Permanent (`Refused`) is only what the server says of this recipient or this message with a 5xx. A server that cannot be
    reached, does not know our password or refuses our own address is one that is to be mended: `Unavailable`, as are all 4xx
    and dropped connections.
    """

    def __init__(
        self, server: Smtp, sender: str, clock: Callable[[], datetime], *, seconds: float = SECONDS, trust: ssl.SSLContext | None = None
    ) -> None:
        self._server = server
        self._sender = sender
        self._clock = clock
        self._seconds = seconds
        self._trust = trust or ssl.create_default_context()

    def send(self, mail: Mail) -> None:
        try:
            message = compose(mail, self._sender, self._clock())
            with self._connection() as connection:
                self._hand_over(connection, message, mail.address)
        except (OSError, smtplib.SMTPException) as error:  # ssl.SSLError and timeouts are OSErrors
            raise Unavailable("smtp") from error

    @contextlib.contextmanager
    def _connection(self) -> Generator[smtplib.SMTP]:
        host, port, seconds = self._server.host, self._server.port, self._seconds
        if self._server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=seconds, context=self._trust)
        else:
            connection = smtplib.SMTP(host, port, timeout=seconds)
        try:
            if self._server.security == "starttls":
                connection.starttls(context=self._trust)
            if self._server.username:
                connection.login(self._server.username, self._server.password.reveal())
            yield connection
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()  # the message was taken: how the farewell goes is of no concern
        finally:
            connection.close()

    def _hand_over(self, connection: smtplib.SMTP, message: EmailMessage, recipient: str) -> None:
        try:
            connection.send_message(message, parseaddr(self._sender)[1], [recipient])
        except smtplib.SMTPRecipientsRefused as error:
            raise _by_code(*error.recipients[recipient]) from error
        except smtplib.SMTPDataError as error:
            raise _by_code(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused("the server takes no addresses beyond ASCII") from error


def _by_code(code: int, text: bytes | str) -> Exception:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return Refused(f"{code} {said}") if 500 <= code < 600 else smtplib.SMTPResponseException(code, said)
