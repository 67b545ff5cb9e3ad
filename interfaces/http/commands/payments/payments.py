"""Payments for checkouts: what was asked of payers, how they tried to pay it, and what went back."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from application.payments.ports import PaymentQueue
from application.payments.retrying import Retry
from domain.decider import Rejected
from domain.payments.commands import CancelPayment, RequestCapture, RequestRefund, RetryPayment
from domain.payments.events import Status
from domain.payments.lifecycle import PAYER, STAFF, relations
from domain.payments.payment import METHOD_LIMIT, payments
from domain.payments.refunds import REASON_LIMIT
from domain.payments.standing import Outcome, Requested, outcome
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import anyone, signed_in
from interfaces.http.commands.orders.carts import known
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post
from interfaces.http.shopper import Shopper

Amount = Annotated[int, Meta(ge=1, le=10**15, description="In minor units of the payment's currency.")]


class RetryBody(Body, frozen=True):
    """Another way to pay: `method` is the provider's token for it, as in docs/payments.md."""

    method: Annotated[str, Meta(min_length=1, max_length=METHOD_LIMIT, examples=["4242424242424242"])]
    provider: Annotated[str, Meta(min_length=1, max_length=40, examples=["sandbox"])]


class CaptureBody(Body, frozen=True):
    """Without an amount, all that was authorised."""

    amount: Amount | None = None


class RefundBody(Body, frozen=True):
    """Of one order's share; without `orderId` of all shares in proportion. `attempt` names money that is held."""

    amount: Amount
    reason: Annotated[str, Meta(max_length=REASON_LIMIT)] = ""
    order_id: UUID | None = None
    attempt: Annotated[int, Meta(ge=1, le=100)] | None = None


class Finalizing(Struct, frozen=True, rename="camel"):
    """The payment as it stood when its provider began to be asked."""

    id: UUID
    status: Status
    outcome: Outcome
    actions: list[str]


step = steps("", "not_yours", "payment_not_found")


class PaymentCommands(Controller):
    path = "/v1/payments/{payment_id:uuid}"
    tags = ("payments",)

    @step("retry", anyone, "payment_not_retryable", "payment_expired", "too_many_attempts", keyed=True)
    def retry(
        self,
        payment_id: FromPath[UUID],
        data: JSONBody[RetryBody],
        shopper: Given[Shopper],
        run: Given[Dispatch],
        retry_payment: Given[Retry],
    ) -> Response[Accepted]:
        """Try again by another method, while there is time to pay; guests by the token of their cart.

        What the payer left unfinished, such as 3-D Secure, is given up; should it bring money all the same, that goes back.
        """
        given = run.acting(known(shopper).actor)
        command = RetryPayment(payment_id, data.provider, data.method, given.by, given.now)
        return given.answer(retry_payment(command, given.meta, given.expected))

    @step("capture", signed_in, "payment_not_authorised", "capture_requested", keyed=True)
    def capture(self, payment_id: FromPath[UUID], data: JSONBody[CaptureBody], run: Given[Dispatch]) -> Response[Accepted]:
        """Take what was authorised, or part of it; the rest is let go."""
        return run(payment_id, RequestCapture(payment_id, run.by, run.now, data.amount))

    @step("cancel", anyone, "payment_not_cancellable", keyed=True)
    def cancel(self, payment_id: FromPath[UUID], shopper: Given[Shopper], run: Given[Dispatch]) -> Response[Accepted]:
        """Give an unpaid payment up; money that comes nonetheless goes back. Guests by the token of their cart."""
        given = run.acting(known(shopper).actor)
        return given(payment_id, CancelPayment(payment_id, given.by, given.now))

    @post(
        "/finalize",
        status_code=202,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("payment_not_found", "not_yours"),
    )
    def finalize(self, payment_id: FromPath[UUID], run: Given[Dispatch], payment_queue: Given[PaymentQueue]) -> Response[Finalizing]:
        """Have the provider asked now, as its message would: what it says is found at `/v1/payments/{id}` in a moment.

        For the payer and staff. Message and question lead to the same, in any order and as often as they come.
        """
        payment = run.handler.state(payment_id, payments)
        if not isinstance(payment, Requested):
            raise Rejected("payment_not_found")
        if relations(payment.payer_id, (), run.by).isdisjoint({PAYER, STAFF}):
            raise Rejected("not_yours")
        payment_queue.ask(payment_id, run.meta.command_id, run.meta.correlation_id)
        status = payment.standing
        body = Finalizing(payment_id, status, outcome(status), payments.actions(payment, run.by))
        return Response(body, status_code=202, headers={"Location": f"/v1/payments/{payment_id}"})

    @step("refund", signed_in, "payment_not_refundable", keyed=True)
    def refund(self, payment_id: FromPath[UUID], data: JSONBody[RefundBody], run: Given[Dispatch]) -> Response[Accepted]:
        """Give money back: a seller of his own orders, staff of any. Never more than came."""
        # The refund's id follows from the key, as the command's does: both are asked for once.
        refund_id = run.meta.command_id
        command = RequestRefund(payment_id, refund_id, data.order_id, data.amount, data.reason, run.now, run.by, data.attempt)
        return run(payment_id, command)
