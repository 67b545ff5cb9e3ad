"""Where letters and texts are written in tests, with hand-made ports that remember what they were given."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from application.effects import job
from application.effects.due import NOTICES, TEXTS
from application.invoices.ports import KeepPaper
from application.jobs.letters.drafts import Drafts
from application.jobs.ports import Mail, Sms, Wording
from application.jobs.sending.letter import SendLetter
from application.jobs.sending.text import SendText
from domain.users.links import Link
from domain.values import Value
from tests.fakes.log import FakeLog

NOON = datetime(2026, 5, 1, 12, 5, tzinfo=UTC)
JOB = UUID(int=99)


class Post:
    """A mailer, a signer and a writer that remember what they were given."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.facts: Mapping[str, str] = {}
        self.letter = ""

    def send(self, mail: Mail) -> None:
        self.mails.append(mail)

    def sign(self, purpose: str, user_id: UUID, request_id: UUID, at: datetime) -> str:
        return f"{purpose}.{user_id.int}.{request_id.int}.{at:%H%M}"

    def read(self, token: str) -> Link:
        raise AssertionError(token)

    def write(self, letter: str, facts: Mapping[str, str]) -> Wording:
        self.letter, self.facts = letter, facts
        return Wording(f"subject of {letter}", "text", "html")

    def text(self, letter: str, facts: Mapping[str, str]) -> str:
        self.letter, self.facts = letter, facts
        return f"text of {letter}"


class Gateway:
    def __init__(self) -> None:
        self.texts: list[Sms] = []

    def send(self, sms: Sms) -> None:
        self.texts.append(sms)


class Guests:
    def sign(self, guest_id: UUID) -> str:
        return f"guest.{guest_id.int}"


class Files:
    """An archive that has a file of every paper."""

    def keep(self, document_id: UUID, year: int, pdf: bytes) -> KeepPaper:
        return KeepPaper(document_id, year, pdf)

    def read(self, document_id: UUID) -> bytes | None:
        return document_id.bytes


class Codes:
    def of(self, delivery_id: UUID) -> str:
        return f"code.{str(delivery_id)[:4]}"


class Office:
    """The job with its ports; `letter_about` is the letter due for the last event given."""

    def __init__(self) -> None:
        self.log = FakeLog()
        self.post = Post()
        self.gateway = Gateway()
        self.now = NOON

    def happened(self, stream: UUID, *events: Value) -> "Office":
        self.log.add(stream, *events)
        return self

    def letter_about(self, stream: UUID, event: Value) -> Mail:
        self.log.add(stream, event)
        return self.letter(stream, event)

    def letter(self, stream: UUID, event: Value) -> Mail:
        recorded = next(each for each in self.log.events if each.event is event)
        (notice,) = [each for each in NOTICES if each.event is type(event)]
        send = SendLetter(self.drafts, self.post, self.post)
        send(JOB, job.SendLetter(notice.letter, stream, recorded.version))
        return self.post.mails[-1]

    def text_about(self, stream: UUID, event: Value) -> Sms:
        self.log.add(stream, event)
        (text,) = [each for each in TEXTS if each.event is type(event)]
        send = SendText(self.drafts, self.post, self.gateway)
        send(JOB, job.SendText(text.letter, stream, self.log.events[-1].version))
        return self.gateway.texts[-1]

    @property
    def drafts(self) -> Drafts:
        return Drafts(self.log, self.post, Guests(), Codes(), Files(), "https://tw.example", lambda: self.now)
