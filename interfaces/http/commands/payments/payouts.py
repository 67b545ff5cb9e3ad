"""Payouts: sellers have what is due to them paid out, staff try again what failed."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from application.payments.payouts import PayOut, Wanted
from domain.values import Role
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import requires, signed_in
from interfaces.http.commands.payments.payments import Amount
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import KEYED, Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post


class PayoutBody(Body, frozen=True):
    """Without an amount all that is due in the currency; without a provider the market's own choice."""

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", examples=["USD"])]
    amount: Amount | None = None
    provider: Annotated[str, Meta(max_length=40, examples=["sandbox"])] = ""


REFUSED = ("balance_insufficient", "bank_details_missing", "bank_currency_differs", "payout_unsupported", "amount_invalid", "not_yours")

step = steps("/{payout_id:uuid}", "payout_not_found")


class PayoutCommands(Controller):
    path = "/v1/payouts"
    tags = ("payouts",)

    @post("/", guards=[signed_in], sync_to_thread=True, opt={KEYED: True}, responses=problems(*REFUSED))
    def ask(self, data: JSONBody[PayoutBody], run: Given[Dispatch], pay_out: Given[PayOut]) -> Response[Accepted]:
        """Pay out what is due to the caller as a seller, to the account that his company has named.

        What is due is at `/v1/sellers/me/balance`. The seller of a group purchase is paid by itself when it is settled.
        """
        wanted = Wanted(run.new_id(), run.by.id, data.currency, data.amount, data.provider)
        return run.answer(pay_out(wanted, run.by, run.now, run.meta), "/v1/payouts")

    @step("retry", requires(Role.STAFF, Role.ADMIN), "payout_not_failed", "balance_insufficient", "not_yours", keyed=True)
    def retry(self, payout_id: FromPath[UUID], run: Given[Dispatch], pay_out: Given[PayOut]) -> Response[Accepted]:
        """Send once more what failed, while it is still due to its seller."""
        return run.answer(pay_out.again(payout_id, run.by, run.now, run.meta))
