"""The local box of text messages at `/dev/mail/texts`, served while no gateway is set: what would have been sent."""

from collections.abc import Sequence
from html import escape
from typing import Annotated

from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Struct

from domain.values import Role
from interfaces.http.caller import anyone, requires
from interfaces.http.pages.dev.mailbox import PER_PAGE, Listing, newest
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.mailbox import ReceivedText, Textbox

TEXTS = Listing("/dev/mail/texts", "Local texts", "No SMS gateway is set: texts stay here.", "tel", "To which number?")


class Texts(Struct, frozen=True):
    items: Sequence[ReceivedText]
    next: int | None


class TextboxPages(Controller):
    path = "/dev/mail/texts"
    guards = [anyone]  # noqa: RUF012 - Litestar's declaration
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def listed(
        self,
        textbox: Given[Textbox],
        to: Annotated[str, QueryParameter()] = "",
        before: Annotated[int | None, QueryParameter(ge=1)] = None,
    ) -> Response[str]:
        """All texts, newest first, or those to one number."""
        texts, following = newest(textbox, PER_PAGE, before, to)
        rows = "".join(
            f"<li><a><b>{escape(each.text)}</b><small>to {escape(each.to)} · {each.at:%d %b %Y, %H:%M:%S} UTC</small></a></li>"
            for each in texts
        )
        return TEXTS.page(rows, to, following)

    @get("/messages", sync_to_thread=True)
    def messages(
        self,
        textbox: Given[Textbox],
        to: Annotated[str, QueryParameter()] = "",
        before: Annotated[int | None, QueryParameter(ge=1)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
    ) -> Texts:
        """The same as JSON."""
        return Texts(*newest(textbox, limit, before, to))


class GuardedTextboxPages(TextboxPages):
    """Where others can reach the server: codes for signing in are among the texts."""

    guards = [requires(Role.ADMIN)]  # noqa: RUF012 - Litestar's declaration
