"""The sandbox provider's page for subscriptions at `/dev/sandbox/subscriptions/…`: pay, let payments be missed, or end it."""

from html import escape
from typing import Any, Protocol

from litestar import Controller, Response
from litestar.params import FromPath

from interfaces.http.caller import anyone
from interfaces.http.errors import Problem
from interfaces.http.pages.plain import html
from interfaces.http.requests import Given
from interfaces.http.routes import get, post

VERBS = {"pay": "Pay", "miss": "Decline from now on", "mend": "Accept again", "end": "End it"}
OFFERED = {"open": ("pay",), "active": ("miss", "mend", "end"), "missed": ("mend", "end")}


class Club(Protocol):
    """The sandbox's own subscriptions."""

    def subscription(self, reference: str) -> Any:
        """Raises LookupError."""
        ...

    def act(self, reference: str, verb: str) -> Any: ...


class SandboxSubscriptionPages(Controller):
    path = "/dev/sandbox/subscriptions/{reference:str}"
    guards = [anyone]  # noqa: RUF012 - Litestar's declaration
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def ask(self, reference: FromPath[str], club: Given[Club]) -> Response[str]:
        """What there is to pay."""
        return shown(subscribed(club, reference))

    @post("/{verb:str}", status_code=200, sync_to_thread=True)
    def act(self, reference: FromPath[str], verb: FromPath[str], club: Given[Club]) -> Response[str]:
        subscribed(club, reference)
        if verb not in VERBS:
            raise Problem(404, "subscription_not_found")
        return shown(club.act(reference, verb))


def subscribed(club: Club, reference: str) -> Any:
    try:
        return club.subscription(reference)
    except LookupError:
        raise Problem(404, "subscription_not_found") from None


def shown(row: Any) -> Response[str]:
    about = (
        "<h1>Sandbox checkout</h1><p>No money moves here.</p>"
        f"<dl><dt>Tier</dt><dd>{escape(row.tier)}, {escape(row.period)}</dd>"
        f"<dt>Amount</dt><dd>{row.price} {escape(row.currency)}, in minor units</dd><dt>Status</dt><dd>{escape(row.state)}</dd></dl>"
    )
    forms = "".join(
        f'<form method="post" action="/dev/sandbox/subscriptions/{escape(row.reference)}/{verb}"><button>{VERBS[verb]}</button></form>'
        for verb in OFFERED.get(row.state, ())
    )
    return html("Sandbox checkout", f'{about}{forms}<p><a href="{escape(row.return_url)}">Back</a></p>')
