"""The sandbox provider's page at `/dev/sandbox/…`, where a person does what a bank would ask for: approve a payment, or refuse it."""

from html import escape
from typing import Any, Protocol

from litestar import Controller, Response
from litestar.params import FromPath

from interfaces.http.caller import anyone
from interfaces.http.errors import Problem
from interfaces.http.pages.plain import html
from interfaces.http.requests import Given
from interfaces.http.routes import get, post

WAITING = "action_required"


class Bank(Protocol):
    """The sandbox's own books."""

    def charge(self, reference: str) -> Any:
        """Raises LookupError."""
        ...

    def answer_action(self, reference: str, approved: bool) -> Any: ...


class SandboxPages(Controller):
    path = "/dev/sandbox/{reference:str}"
    guards = [anyone]  # noqa: RUF012 - Litestar's declaration
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def ask(self, reference: FromPath[str], bank: Given[Bank]) -> Response[str]:
        """What the payer's bank would ask."""
        return shown(charged(bank, reference))

    @post("/approve", status_code=200, sync_to_thread=True)
    def approve(self, reference: FromPath[str], bank: Given[Bank]) -> Response[str]:
        charged(bank, reference)
        bank.answer_action(reference, approved=True)
        return shown(charged(bank, reference))

    @post("/decline", status_code=200, sync_to_thread=True)
    def decline(self, reference: FromPath[str], bank: Given[Bank]) -> Response[str]:
        charged(bank, reference)
        bank.answer_action(reference, approved=False)
        return shown(charged(bank, reference))


def charged(bank: Bank, reference: str) -> Any:
    try:
        return bank.charge(reference)
    except LookupError:
        raise Problem(404, "charge_not_found") from None


def shown(charge: Any) -> Response[str]:
    about = (
        "<h1>Sandbox bank</h1><p>No money moves here.</p>"
        f"<dl><dt>Amount</dt><dd>{charge.amount} {escape(charge.currency)}, in minor units</dd>"
        f"<dt>Status</dt><dd>{escape(charge.state)}</dd></dl>"
    )
    if charge.state != WAITING:
        return html("Sandbox bank", f'{about}<p><a href="{escape(charge.return_url)}">Back to the shop</a></p>')
    forms = "".join(
        f'<form method="post" action="/dev/sandbox/{escape(charge.reference)}/{verb}"><button>{label}</button></form>'
        for verb, label in (("approve", "Approve"), ("decline", "Decline"))
    )
    return html("Sandbox bank", about + forms)
