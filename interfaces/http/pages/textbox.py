"""The local box of text messages at `/dev/mail/texts`, served while no gateway is set: what would have been sent."""

from collections.abc import Sequence
from html import escape
from typing import Annotated
from urllib.parse import urlencode

from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Struct

from interfaces.http.caller import anyone
from interfaces.http.pages.mailbox import PER_PAGE, html
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.mailbox import ReceivedText, Textbox


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
        texts, following = page(textbox, PER_PAGE, before, to)
        rows = "".join(
            f"<li><a><b>{escape(each.text)}</b><small>to {escape(each.to)} · {each.at:%d %b %Y, %H:%M:%S} UTC</small></a></li>"
            for each in texts
        )
        older = f'<nav><a href="/dev/mail/texts?{escape(urlencode({"to": to, "before": following}))}">Older</a></nav>' if following else ""
        found = f"<ol>{rows}</ol>{older}" if texts else "<p>Nothing here yet.</p>"
        ask = f'<form><input name="to" type="tel" placeholder="To which number?" value="{escape(to)}"><button>Show</button></form>'
        return html("Local texts", f"<h1>Local texts</h1><p>No SMS gateway is set: texts stay here.</p>{ask}{found}")

    @get("/messages", sync_to_thread=True)
    def messages(
        self,
        textbox: Given[Textbox],
        to: Annotated[str, QueryParameter()] = "",
        before: Annotated[int | None, QueryParameter(ge=1)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
    ) -> Texts:
        """The same as JSON."""
        return Texts(*page(textbox, limit, before, to))


def page(textbox: Textbox, limit: int, before: int | None, to: str) -> tuple[Sequence[ReceivedText], int | None]:
    """Texts and the number before which the next page's are."""
    found = textbox.newest(limit + 1, before, to.strip() or None)
    return found[:limit], found[limit - 1].number if len(found) > limit else None
