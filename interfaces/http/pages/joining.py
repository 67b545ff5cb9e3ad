"""Joining a group without an app, at `/g/…/join`: by telephone and a code texted to it, and on to where one's pieces are paid."""

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from typing import TypeAlias
from uuid import UUID

from litestar import Controller, MediaType, Response
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from application.payments.ports import Providers
from interfaces.http.caller import anyone
from interfaces.http.pages.groups import STYLE, about_to_join, found_group, limits, money, terms, window
from interfaces.http.pages.policy import headers, with_script
from interfaces.http.queries.together import Together
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.groups.page import (
    OPEN,
    view,
)
from projections.groups.shown import GroupPage
from projections.ports import Clock

SCRIPT = """
const main = document.querySelector("main"), forms = [...main.querySelectorAll("form")], said = main.querySelector("output");
const group = "/v1/groups/" + location.pathname.split("/")[2];
let token = "", known = {}, key = "";
const show = (step) => forms.forEach((form) => {
  form.hidden = form.dataset.step !== step;
  if (!form.hidden) form.querySelector("input, select").focus();
});
const end = (words) => { show(""); said.textContent = words; };
const ask = async (path, body, more = {}) => {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: "Bearer " + token }), ...more };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const told = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw Object.assign(new Error(told.detail || told.title), { code: told.code });
  return told;
};
const steps = {
  number: async ({ phone, name }) => {
    known = { phone, name: name || null };
    await ask("/v1/phone-codes", { phone });
    show("code");
  },
  code: async ({ code }) => {
    token = (await ask("/v1/sessions/phone", { ...known, code })).accessToken;
    show("part");
  },
  part: async ({ quantity, pickupId }) => {
    try {
      const joined = await ask(group + "/join", { quantity: Number(quantity), pickupId });
      if (!joined.actions.includes("contributions")) {
        end("The group is full. You wait in line, and are told by text when there is room.");
        return;
      }
    } catch (refused) { if (refused.code !== "already_joined") throw refused; }
    key = [...crypto.getRandomValues(new Uint8Array(16))].join("-");
    if (main.querySelector("select[name=way]")) show("pay");
    else end("Your place is kept for half an hour. Pay in the app until then.");
  },
  pay: async ({ way }) => {
    const [provider, method] = way.split(" ");
    try { location.assign((await ask(group + "/contributions", { provider, method }, { "Idempotency-Key": key + way })).checkoutUrl); }
    catch (refused) { key += "+"; throw refused; }
  },
};
forms.forEach((form) => form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true; said.textContent = "";
  try { await steps[form.dataset.step](Object.fromEntries(new FormData(form))); }
  catch (refused) { said.textContent = refused.code || refused.message ? refused.message : "Try again in a moment."; }
  button.disabled = false;
}));
show("number");
"""

HEADERS = headers(with_script(SCRIPT), "no-cache")

FORMS = """
label{display:block;font-size:14px;color:var(--soft);margin-bottom:14px}
input,select{display:block;width:100%;font:inherit;padding:10px 12px;margin-top:4px;border:1px solid var(--line);border-radius:8px}
input,select{background:var(--back);color:var(--ink)}
button{font:inherit;font-weight:600;padding:11px 26px;border:0;border-radius:8px;background:var(--sea);color:var(--card);cursor:pointer}
button:disabled{opacity:.5}a{color:var(--sea)}output{display:block;margin-top:14px}output:empty{display:none}
"""


class Way(Struct, frozen=True):
    """A way to pay that leads to a page of the provider's, or needs none; `words` are what a payer calls it."""

    provider: str
    method: str
    words: str


HOSTED = (
    Way("flutterwave", "mobile_money", "Mobile money"),
    Way("flutterwave", "card", "Card"),
    Way("sandbox", "4242424242424242", "Sandbox: approved at once"),
    Way("sandbox", "4000000000003220", "Sandbox: the bank asks first"),
)

Ways: TypeAlias = Callable[[str], Sequence[Way]]


def ways_of(providers: Providers) -> Ways:
    """What a page can offer for a currency; a card that needs its provider's script is for apps."""
    return lambda currency: [
        each for each in HOSTED if each.provider in providers and providers[each.provider].accepts(each.method, currency)
    ]


class JoinPage(Controller):
    path = "/g"
    guards = [anyone]  # noqa: RUF012 - Litestar's declaration
    include_in_schema = False

    @get("/{group_id:uuid}/join", opt={"projection": view.name})
    async def join(
        self, group_id: FromPath[UUID], group_rows: Given[Together], clock: Given[Clock], ways: Given[Ways]
    ) -> Response[str] | Redirect:
        """Of a group that gathers no more its page tells the rest."""
        group = await found_group(group_rows, group_id)
        if group.status not in OPEN:
            return Redirect(f"/g/{group.id}", status_code=303)
        return Response(html(group, ways(group.list_price.currency), clock()), media_type=MediaType.HTML, headers=HEADERS)


def html(group: GroupPage, ways: Sequence[Way], now: datetime) -> str:
    title = escape(f"Join: {group.title}")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}{FORMS}</style></head><body><main><header>TRADEWIND</header>"
        f'<section><h1>{escape(group.title)}</h1><p class="price">{money(group.price)} <small>each, all included</small></p>'
        f"{about_to_join(group, now)}</section>"
        f"<section>{number()}{code()}{part(group)}{pay(ways)}<output></output>"
        "<noscript>This page needs scripts. Without them, join in the app.</noscript></section>"
        f'{terms(group)}<p class="soft"><a href="/g/{group.id}">Back to the group</a></p></main><script>{SCRIPT}</script></body></html>'
    )


def number() -> str:
    return (
        '<form data-step="number" hidden><h2>Your telephone</h2>'
        "<label>Number, with the code of the country"
        '<input name="phone" type="tel" autocomplete="tel" placeholder="+263 77 123 4567" required></label>'
        '<label>First name, which the others see<input name="name" autocomplete="given-name" maxlength="80"></label>'
        "<button>Text me a code</button></form>"
    )


def code() -> str:
    return (
        '<form data-step="code" hidden><h2>The code that was texted to you</h2><label>Six digits'
        '<input name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxlength="6" required></label>'
        "<button>Go on</button></form>"
    )


def part(group: GroupPage) -> str:
    places = "".join(
        f'<option value="{each.id}">{escape(each.name)}, {window(each.opens_at, each.closes_at)}</option>' for each in group.pickups
    )
    return (
        f'<form data-step="part" hidden><h2>Your part</h2><label>Pieces: {limits(group)}'
        f'<input name="quantity" type="number" min="{group.least}" max="{group.most}" value="{group.least}" required></label>'
        f'<label>Where you pick it up<select name="pickupId">{places}</select></label><button>Join</button></form>'
    )


def pay(ways: Sequence[Way]) -> str:
    if not ways:
        return ""
    options = "".join(f'<option value="{each.provider} {each.method}">{each.words}</option>' for each in ways)
    return (
        '<form data-step="pay" hidden><h2>Your place is kept for half an hour: pay until then</h2>'
        f'<label>How you pay<select name="way">{options}</select></label><button>Pay</button></form>'
    )
