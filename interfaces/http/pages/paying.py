"""Where one goes to pay, at `/pay/…`, and where a provider sends one back to, at `/payments/…`.

The first leads on to the provider's page once there is one, and otherwise tells how the payment stands. The second tells nothing: its
address is known to others, and the provider may not have told us yet.
"""

from html import escape
from typing import Protocol
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.params import FromPath
from litestar.response import Redirect

from domain.payments.events import Status
from interfaces.http.caller import anyone
from interfaces.http.errors import Problem
from interfaces.http.pages.plain import html
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.payments.desk import PaymentDesk
from projections.payments.page import PaymentPage, view
from projections.ports import Documents

AGAIN = {"Refresh": "1"}
"""The browser looks again in a second."""

WAITING = "<h1>One moment</h1><p>The payment is being prepared. This page goes on by itself.</p>"
IN_APP = "<h1>Your bank asks first</h1><p>Confirm the payment in the app.</p>"
RESERVED = "<h1>Thank you</h1><p>The money is reserved, and taken when everything is ready. You can close this page.</p>"
OTHER = "<h1>Thank you</h1><p>What came is not the amount that was asked. Somebody looks at it, and you are told by mail or by text.</p>"
PAID = "<h1>Thank you</h1><p>Paid. You are told by mail or by text how it goes on. You can close this page.</p>"
BACK = "<h1>Paid back</h1><p>The money has gone back to where it came from.</p>"
NOTHING = "<h1>Not paid</h1><p>The payment came to nothing. Try it again, or another way.</p>"

RETURNED = (
    "<h1>Thank you</h1><p>As soon as the provider has told us what became of the payment, you are told by mail or by text. "
    "You can close this page.</p>"
)

found_payment = msgspec.json.Decoder(PaymentPage)


class PayTokens(Protocol):
    def read(self, token: str) -> UUID | None: ...


class PayPage(Controller):
    path = "/pay"
    guards = [anyone]  # noqa: RUF012 - Litestar's declaration
    include_in_schema = False

    @get("/{token:str}", sync_to_thread=True)
    def lead(
        self,
        token: FromPath[str],
        pay_tokens: Given[PayTokens],
        documents: Given[Documents],
        payment_desk: Given[PaymentDesk],
        app: Given[str],
    ) -> Response[str] | Redirect:
        """The token is all that it takes: whoever pays for another does no harm, and nothing of the payment is told here."""
        payment_id = pay_tokens.read(token)
        if payment_id is None:
            raise Problem(404, "payment_not_found")
        found = documents.one(view, payment_id)
        if found is None:  # not projected yet
            return html("One moment", WAITING, AGAIN)
        payment = found_payment.decode(found.document)
        match payment.status:
            case Status.PENDING:
                return html("One moment", WAITING, AGAIN)
            case Status.ACTION_REQUIRED:
                return to_provider(payment_desk.action_url(payment_id, payment.current.number))
            case Status.AUTHORISED:
                return ended(RESERVED, payment, app)
            case Status.HELD:
                return ended(OTHER, payment, app)
            case Status.FAILED | Status.CANCELLED:
                return ended(NOTHING, payment, app)
            case Status.REFUNDED | Status.CHARGED_BACK:
                return ended(BACK, payment, app)
            case Status.CAPTURED | Status.PARTIALLY_REFUNDED | Status.DISPUTED:
                return ended(PAID, payment, app)


def to_provider(address: str) -> Response[str] | Redirect:
    """Stripe's script wants something that is no address, and runs in apps."""
    if address.startswith(("https://", "http://")):
        return Redirect(address, status_code=303)
    return html("Your bank asks first", IN_APP)


def ended(words: str, payment: PaymentPage, app: str) -> Response[str]:
    on = onward(app, payment.id)
    if not on and payment.group_id:
        on = f'<p><a href="/g/{payment.group_id}">Back to the group</a></p>'
    return html("Payment", words + on)


def onward(app: str, payment_id: UUID) -> str:
    return f'<p><a href="{escape(app)}/payments/{payment_id}">Go on</a></p>' if app else ""


class ReturnPages(Controller):
    path = "/payments"
    guards = [anyone]  # noqa: RUF012 - Litestar's declaration
    include_in_schema = False

    @get("/{payment_id:uuid}", sync_to_thread=False)
    def back(self, payment_id: FromPath[UUID], app: Given[str]) -> Response[str]:
        """The same for every id, whether there is such a payment or not."""
        return html("Thank you", RETURNED + onward(app, payment_id))
