"""Where a provider sends a payer back to, at `/payments/…`: what became of it is told to him alone, by mail or text and in apps."""

from html import escape
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath

from interfaces.http.caller import anyone
from interfaces.http.pages.plain import html
from interfaces.http.requests import Given
from interfaces.http.routes import get

WORDS = "As soon as the provider has told us what became of the payment, you are told by mail or by text. You can close this page."


class ReturnPages(Controller):
    path = "/payments"
    guards = [anyone]  # noqa: RUF012 - Litestar's declaration
    include_in_schema = False

    @get("/{payment_id:uuid}", sync_to_thread=False)
    def back(self, payment_id: FromPath[UUID], app: Given[str]) -> Response[str]:
        """The same for every id, whether there is such a payment or not."""
        on = f'<p><a href="{escape(app)}/payments/{payment_id}">Go on</a></p>' if app else ""
        return html("Thank you", f"<h1>Thank you</h1><p>{WORDS}</p>{on}")
