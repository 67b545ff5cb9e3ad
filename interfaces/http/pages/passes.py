"""A pass as a page, at `/p/…`: what the link in a letter opens at the counter, without an account at hand and without a script."""

from datetime import datetime
from html import escape

import msgspec
from litestar import Controller, MediaType, Response
from litestar.params import FromPath

from domain.decider import Rejected
from domain.groups.passes.hand_over import OPEN
from interfaces.http.caller import anyone
from interfaces.http.pages.groups import STYLE, window
from interfaces.http.pages.policy import NOTHING, headers
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.groups.passes.page import PassPage, view
from projections.groups.passes.ports import PassPictures, PassTokens
from projections.ports import Clock, Documents

HEADERS = headers(NOTHING, "private, no-store") | {"X-Robots-Tag": "noindex, nofollow"}

CODE = ".code{background:#fff;border-radius:8px;max-width:320px;margin:14px auto}.code svg{display:block;width:100%;height:auto}"

WORDS = {"redeemed": "Everything was picked up.", "void": "This pass was replaced by a newer one.", "withdrawn": "This pass was withdrawn."}
"""Of passes that are good for nothing any more."""

found_pass = msgspec.json.Decoder(PassPage)


class PassPages(Controller):
    path = "/p"
    guards = [anyone]  # noqa: RUF012 - Litestar's declaration
    include_in_schema = False

    @get("/{token:str}", sync_to_thread=True, opt={"projection": view.name})
    def one(
        self,
        token: FromPath[str],
        documents: Given[Documents],
        pass_tokens: Given[PassTokens],
        pass_pictures: Given[PassPictures],
        clock: Given[Clock],
    ) -> Response[str]:
        """The token is the pass's own: whoever has the link can show the code, and nobody learns whose it is."""
        try:
            read = pass_tokens.read(token)
        except Rejected:
            return page("No pass", "<p>This is no pass of ours. Use the link as it came.</p>", 404)
        if read.expires_at <= clock():
            return page("Too late", "<p>The time to pick up is over.</p>", 410)
        found = documents.one(view, read.pass_id)
        if found is None or found.columns["number"] != read.number:
            return page("No pass", "<p>There is no such pass.</p>", 404)
        held = found_pass.decode(found.document)
        if held.status not in OPEN:
            return page(held.title, f"<p>{WORDS[held.status]}</p>", 410)
        return page(held.title, shown(held, pass_pictures.picture(token, "svg").decode()))


def shown(held: PassPage, picture: str) -> str:
    drawing = picture[picture.index("<svg") :]
    what = f"{held.left} of {held.quantity} pieces" if held.left < held.quantity else f"{held.left} piece{'' if held.left == 1 else 's'}"
    return (
        f'<p class="state">{what}</p><div class="code">{drawing}</div>{where(held)}'
        f'<p class="soft">Good until {until(held.expires_at)}. Whoever shows this code gets the goods: give it to nobody.</p>'
    )


def where(held: PassPage) -> str:
    place = held.pickup
    if place is None:
        return ""
    address = ", ".join(part for part in (place.address, place.place.locality) if part)
    return f'<p><b>{escape(place.name)}</b></p><p>{escape(address)}</p><p class="soft">{window(place.opens_at, place.closes_at)}</p>'


def until(at: datetime) -> str:
    return f"{at.day} {at:%B, %H:%M} UTC"


def page(title: str, inside: str, status: int = 200) -> Response[str]:
    """`inside` is HTML."""
    whole = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}{CODE}</style></head><body><main><header>TRADEWIND</header>"
        f"<section><h1>{escape(title)}</h1>{inside}</section></main></body></html>"
    )
    return Response(whole, status_code=status, media_type=MediaType.HTML, headers=HEADERS)
