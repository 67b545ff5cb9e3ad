"""What Stripe's objects say, in our words; amounts are in minor units on our side."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import stripe

from application.payments.ports import Charge, Repaid, Seen, SeenRefund, State

HUNDREDFOLD = frozenset({"ISK", "UGX"})
"""Currencies without minor units that Stripe counts in hundredths (docs.stripe.com/currencies, «Special cases»)."""

STATES: Mapping[str, State] = {
    "requires_action": State.ACTION_REQUIRED,
    "requires_confirmation": State.PENDING,
    "processing": State.PENDING,
    "requires_capture": State.AUTHORISED,
    "succeeded": State.CAPTURED,
    "canceled": State.FAILED,
    "requires_payment_method": State.FAILED,
}
REPAID: Mapping[str, Repaid] = {"succeeded": Repaid.PAID, "failed": Repaid.FAILED, "canceled": Repaid.FAILED}


def seen(intent: stripe.PaymentIntent) -> Seen | None:
    """None for an intent that is not ours."""
    ours = plain(intent.metadata)
    try:
        payment_id, attempt = UUID(ours["payment_id"]), int(ours["attempt"])
    except (KeyError, ValueError):
        return None
    currency = intent.currency.upper()
    state = STATES.get(intent.status, State.PENDING)
    # Whatever leaves out what came has taken what was asked.
    amount = plain(intent).get("amount_received", intent.amount) if state is State.CAPTURED else intent.amount
    action = plain(intent.next_action).get("redirect_to_url") or {}
    return Seen(
        payment_id,
        attempt,
        intent.id,
        state,
        currency,
        from_stripe(amount, currency),
        fee_of(intent, currency) if state is State.CAPTURED else 0,
        failure(intent) if state is State.FAILED else "",
        (plain(action).get("url") or intent.client_secret or "") if state is State.ACTION_REQUIRED else "",
    )


def fee_of(intent: stripe.PaymentIntent, currency: str) -> int:
    """Stripe's fee in the payment's currency; it is charged in that of our account."""
    charge = intent.latest_charge
    moved = charge.balance_transaction if isinstance(charge, stripe.Charge) else None
    if not isinstance(moved, stripe.BalanceTransaction):
        return 0
    fee = moved.fee if not moved.exchange_rate or moved.currency == intent.currency else round(moved.fee / moved.exchange_rate)
    return from_stripe(fee, currency)


def failure(intent: stripe.PaymentIntent) -> str:
    if intent.status == "canceled":
        return "canceled"
    error = plain(intent.last_payment_error)
    return str(error.get("decline_code") or error.get("code") or "card_declined")


def seen_refund(refund: stripe.Refund) -> SeenRefund | None:
    """None for a refund that was not asked for by us."""
    ours = plain(refund.metadata)
    try:
        payment_id, refund_id, asking = UUID(ours["payment_id"]), UUID(ours["refund_id"]), int(ours.get("asking", 1))
    except (KeyError, ValueError):
        return None
    code = str(plain(refund).get("failure_reason") or refund.status)
    state = REPAID.get(refund.status or "", Repaid.PENDING)
    return SeenRefund(payment_id, refund_id, refund.id, state, code if state is Repaid.FAILED else "", asking)


def refused(charge: Charge, error: stripe.InvalidRequestError | None) -> Seen:
    code = (error.code if error else None) or "invalid_request"
    return Seen(charge.payment_id, charge.attempt, "", State.FAILED, charge.currency, charge.amount, code=code)


def plain(thing: Any) -> dict[str, Any]:
    """A part of an answer as a dictionary; nothing for nothing."""
    if thing is None:
        return {}
    return thing if isinstance(thing, dict) else thing.to_dict(recursive=False)


def to_stripe(amount: int, currency: str) -> int:
    return amount * 100 if currency in HUNDREDFOLD else amount


def from_stripe(amount: int, currency: str) -> int:
    return amount // 100 if currency in HUNDREDFOLD else amount


def moment(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp())
