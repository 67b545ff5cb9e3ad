"""The local mailbox at `/dev/mail`, served while no SMTP server is set: what would have been sent, for people and for tests.

Letters hold links that open accounts, so only on somebody's own machine, with embedded engines, may anyone read them.
"""

from collections.abc import Sequence
from html import escape
from typing import Annotated, Protocol, TypeVar
from urllib.parse import quote, urlencode
from uuid import UUID

from litestar import Controller, MediaType, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.values import Role
from interfaces.http.caller import anyone, requires
from interfaces.http.errors import Problem
from interfaces.http.pages.plain import CSP, html
from interfaces.http.pages.policy import headers
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.mailbox import Mailbox, Received

PER_PAGE = 50

LETTER_CSP = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""A letter's own page runs nothing and reaches nothing, wherever it is opened."""

TEXTS = '<p><a href="/dev/mail/texts">Text messages</a></p>'


class Message(Struct, frozen=True, rename="camel"):
    """A mail for a program: `links` are the addresses in its text, in order, `files` the names of what came with it.

    `next` of the list is the `before` of the next page.
    """

    id: UUID
    number: int
    to: str
    subject: str
    at: str
    text: str
    links: Sequence[str]
    files: Sequence[str]


class Messages(Struct, frozen=True):
    items: Sequence[Message]
    next: int | None


class Numbered(Protocol):
    @property
    def number(self) -> int: ...


T = TypeVar("T", bound=Numbered)
Kept_co = TypeVar("Kept_co", bound=Numbered, covariant=True)


class Box(Protocol[Kept_co]):
    def newest(self, limit: int, before: int | None = None, to: str | None = None) -> Sequence[Kept_co]: ...


class Listing(Struct, frozen=True):
    """How a box shows what came: `kind` is the input's, by which one asks for what came to one address; `beside` is markup."""

    path: str
    title: str
    why: str
    kind: str
    asked: str
    beside: str = ""

    def page(self, rows: str, to: str, following: int | None) -> Response[str]:
        older = f'<nav><a href="{self.path}?{escape(urlencode({"to": to, "before": following}))}">Older</a></nav>' if following else ""
        found = f"<ol>{rows}</ol>{older}" if rows else "<p>Nothing here yet.</p>"
        ask = f'<form><input name="to" type="{self.kind}" placeholder="{self.asked}" value="{escape(to)}"><button>Show</button></form>'
        return html(self.title, f"<h1>{self.title}</h1><p>{self.why}</p>{self.beside}{ask}{found}")


LETTERS = Listing("/dev/mail", "Local mailbox", "No SMTP server is set: mails stay here.", "email", "To whom?", TEXTS)


class MailboxPages(Controller):
    path = "/dev/mail"
    guards = [anyone]  # noqa: RUF012 - Litestar's declaration
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def listed(
        self,
        mailbox: Given[Mailbox],
        to: Annotated[str, QueryParameter()] = "",
        before: Annotated[int | None, QueryParameter(ge=1)] = None,
    ) -> Response[str]:
        """All mails, newest first, or those to one address."""
        mails, following = newest(mailbox, PER_PAGE, before, to)
        rows = "".join(
            f'<li><a href="/dev/mail/{mail.id}"><b>{escape(mail.subject)}</b>'
            f"<small>to {escape(mail.to)} · {mail.at:%d %b %Y, %H:%M:%S} UTC</small></a></li>"
            for mail in mails
        )
        return LETTERS.page(rows, to, following)

    @get("/messages", sync_to_thread=True)
    def messages(
        self,
        mailbox: Given[Mailbox],
        to: Annotated[str, QueryParameter()] = "",
        before: Annotated[int | None, QueryParameter(ge=1)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
    ) -> Messages:
        """The same as JSON."""
        mails, following = newest(mailbox, limit, before, to)
        return Messages([message(mail) for mail in mails], following)

    @get("/{mail_id:uuid}", sync_to_thread=True)
    def one(self, mailbox: Given[Mailbox], mail_id: FromPath[UUID]) -> Response[str]:
        mail = the(mailbox, mail_id)
        files = ", ".join(f'<a href="/dev/mail/{mail.id}/files/{n}">{escape(each.name)}</a>' for n, each in enumerate(mail.files))
        enclosed = f"<dt>With</dt><dd>{files}</dd>" if files else ""
        about = f"<dl><dt>To</dt><dd>{escape(mail.to)}</dd><dt>At</dt><dd>{mail.at:%d %b %Y, %H:%M:%S} UTC</dd>{enclosed}</dl>"
        letter = (
            f'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" src="/dev/mail/{mail.id}/html" title="The letter"></iframe>'
        )
        text = f"<details><summary>Text</summary><pre>{escape(mail.text)}</pre></details>"
        source = f"<details><summary>Source</summary><pre>{escape(mail.source)}</pre></details>"
        return html(
            mail.subject, f'<nav><a href="/dev/mail">All mails</a></nav><h1>{escape(mail.subject)}</h1>{about}{letter}{text}{source}'
        )

    @get("/{mail_id:uuid}/html", sync_to_thread=True)
    def letter(self, mailbox: Given[Mailbox], mail_id: FromPath[UUID]) -> Response[str]:
        """The letter alone, as a mail reader shows it."""
        body = the(mailbox, mail_id).html.replace("<head>", '<head><base target="_blank">', 1)
        return Response(body, media_type=MediaType.HTML, headers=headers(LETTER_CSP))

    @get("/{mail_id:uuid}/files/{number:int}", sync_to_thread=True)
    def file(self, mailbox: Given[Mailbox], mail_id: FromPath[UUID], number: FromPath[int]) -> Response[bytes]:
        """What came with the letter, to be saved."""
        files = the(mailbox, mail_id).files
        if not 0 <= number < len(files):
            raise Problem(404, "file_not_found")
        saved = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(files[number].name)}"}
        return Response(files[number].content, media_type="application/octet-stream", headers={**headers(CSP), **saved})


class GuardedMailboxPages(MailboxPages):
    """Where others can reach the server."""

    guards = [requires(Role.ADMIN)]  # noqa: RUF012 - Litestar's declaration


def message(mail: Received) -> Message:
    names = [each.name for each in mail.files]
    return Message(mail.id, mail.number, mail.to, mail.subject, mail.at.isoformat(), mail.text, mail.links, names)


def newest(box: Box[T], limit: int, before: int | None, to: str) -> tuple[Sequence[T], int | None]:
    """What came last, and the number before which the next page's came."""
    found = box.newest(limit + 1, before, to.strip() or None)
    return found[:limit], found[limit - 1].number if len(found) > limit else None


def the(mailbox: Mailbox, mail_id: UUID) -> Received:
    found = mailbox.one(mail_id)
    if found is None:
        raise Problem(404, "mail_not_found")
    return found
