"""What lies beside the log and is found only by what it says: letters and texts in the local boxes, and codes on their way."""

import email
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.credentials import Conceal
from domain.recorded import Recorded
from domain.users.events import (
    EmailChanged,
    EmailChangeRequested,
    EmailVerificationRequested,
    PhoneProven,
    ProfileEdited,
    UserRegistered,
    UserRegisteredByPhone,
)
from domain.values import Erased
from infrastructure.eventlog.outcomes import translated

SHORTEST = 4
"""A value of fewer characters is no trace: it stands in every second letter by chance."""

PAGE = 500

Stream = Callable[[UUID], Sequence[Recorded[Any]]]


class LocalTraces:
    """`application.commands.people.erasing.Traces`. The boxes are those of installations without a mail server: a few thousand letters."""

    def __init__(self, pool: ConnectionPool[Any], stream: Stream, conceal: Conceal) -> None:
        self._pool = pool
        self._stream = stream
        self._conceal = conceal

    def sweep(self, user_id: UUID) -> None:
        told = values_of([each.event for each in self._stream(user_id)])
        if not told:
            return
        with translated(), self._pool.connection() as connection:
            connection.execute("DELETE FROM phone_codes WHERE concealed = ANY(%s)", [[self._conceal(each) for each in told]])
            for table, column, read in (("local_mail", "source", letter), ("local_texts", "convert_to(body, 'UTF8')", bytes.decode)):
                self._sweep(connection, table, column, read, told)

    def _sweep(self, connection: Any, table: str, column: str, read: Callable[[bytes], str], told: Sequence[str]) -> None:
        known, after = [each.casefold() for each in told], 0
        while True:
            rows = connection.execute(
                f"SELECT number, recipient, {column} FROM {table} WHERE number > %s ORDER BY number LIMIT {PAGE}",  # noqa: S608 - our names
                [after],
            ).fetchall()
            gone: list[int] = []
            for number, recipient, source in rows:
                said = f"{recipient}\n{read(source)}".casefold()
                if any(each in said for each in known):
                    gone.append(number)
            if gone:
                connection.execute(f"DELETE FROM {table} WHERE number = ANY(%s)", [gone])  # noqa: S608 - our names
            if len(rows) < PAGE:
                return
            after = rows[-1][0]


def values_of(history: Sequence[Any]) -> Sequence[str]:
    """Every address, number, name and postal address that a person ever had, as he wrote them."""
    found: list[Any] = []
    for event in history:
        match event:
            case UserRegistered():
                found += [event.email, event.name]
            case UserRegisteredByPhone():
                found += [event.phone, event.name]
            case EmailVerificationRequested() | EmailChangeRequested():
                found.append(event.email)
            case EmailChanged():
                found += [event.email, event.previous]
            case PhoneProven():
                found.append(event.phone)
            case ProfileEdited():
                found += [event.name, event.phone]
                if not isinstance(event.addresses, Erased):
                    found += [text for each in event.addresses for text in (each.name, *each.lines)]
            case _:
                pass
    return [each for each in dict.fromkeys(found) if isinstance(each, str) and len(each) >= SHORTEST]


def letter(source: bytes) -> str:
    """Headings and texts of a mail as its reader sees them."""
    message = email.message_from_bytes(source, _class=EmailMessage, policy=SMTP)
    said = [str(message["Subject"]), str(message["To"])]
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        if isinstance(part, EmailMessage):
            said.append(str(part.get_content()))
    return "\n".join(said)
