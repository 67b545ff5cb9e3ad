"""Stripe as a provider, by its own SDK: each attempt is a PaymentIntent that carries our ids in its metadata.

An answer that never came is asked for by listing what was made since, which Stripe does consistently, where its search does not.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import msgspec
import stripe

from application.payments.ports import (
    Announced,
    Back,
    Charge,
    Forged,
    Repaid,
    Ruling,
    Said,
    Seen,
    SeenDispute,
    SeenRefund,
)
from application.tiers.ports import SeenTier
from infrastructure.environ import Stripe as StripeSettings
from infrastructure.payments.stripe.reading import from_stripe, moment, plain, refused, seen, seen_refund, to_stripe
from infrastructure.payments.stripe.tiers import StripeTiers
from infrastructure.payments.stripe.wire import Wire, reaching

SIGNATURE = "stripe-signature"
SKEW = timedelta(minutes=2)
"""By how much Stripe's clock may differ from ours."""

WITH_FEE = ["latest_charge.balance_transaction"]

RULINGS: Mapping[str, Ruling] = {
    "needs_response": Ruling.OPEN,
    "under_review": Ruling.OPEN,
    "won": Ruling.WON,
    "lost": Ruling.LOST,
}
"""Other statuses are inquiries before a dispute: no money has moved."""


class Thing(msgspec.Struct, frozen=True):
    id: str = ""
    object: str = ""


class Data(msgspec.Struct, frozen=True):
    object: Thing


class Message(msgspec.Struct, frozen=True):
    """As much of an event as is read of it."""

    id: str
    type: str
    data: Data


class StripeProvider:
    """`application.payments.ports.PaymentProvider`; `tiers` are what Stripe charges for by the month or the year."""

    def __init__(self, settings: StripeSettings) -> None:
        self._wire = Wire()
        self._secret = settings.webhook_secret.reveal()
        client = stripe.StripeClient(
            settings.key.reveal(),
            base_addresses={"api": settings.url} if settings.url else {},
            max_network_retries=0,
            http_client=self._wire,
        )
        self._intents = client.v1.payment_intents
        self._refunds = client.v1.refunds
        self._disputes = client.v1.disputes
        self.tiers = StripeTiers(client)

    def close(self) -> None:
        self._wire.close()

    def accepts(self, method: str, currency: str) -> bool:
        return method.startswith(("pm_", "card_", "src_")) and len(currency) == 3

    def begin(self, charge: Charge) -> Seen:
        asked: Any = {
            "amount": to_stripe(charge.amount, charge.currency),
            "currency": charge.currency.lower(),
            "payment_method": charge.method,
            "payment_method_types": ["card"],
            "capture_method": "manual" if charge.manual else "automatic",
            "confirm": True,
            "metadata": {"payment_id": str(charge.payment_id), "attempt": str(charge.attempt)},
            "expand": WITH_FEE,
            **({"return_url": charge.return_url} if charge.return_url else {}),
        }
        with reaching():
            try:
                made = self._intents.create(asked, {"idempotency_key": charge.key})
            except stripe.CardError as error:
                return self._declined(charge, error)
            except stripe.InvalidRequestError as error:
                return refused(charge, error)
        return seen(made) or refused(charge, None)

    def _declined(self, charge: Charge, error: stripe.CardError) -> Seen:
        """A card error carries the intent that it left behind."""
        body: Any = error.json_body if isinstance(error.json_body, dict) else {}
        intent = body.get("error", {}).get("payment_intent") or {}
        code = body.get("error", {}).get("decline_code") or error.code or "card_declined"
        return msgspec.structs.replace(refused(charge, None), reference=intent.get("id", ""), code=str(code))

    def find(self, charge: Charge, since: datetime) -> Seen | None:
        ours = {"payment_id": str(charge.payment_id), "attempt": str(charge.attempt)}
        for found in self._since({"gte": moment(since - SKEW)}):
            if ours.items() <= plain(found.metadata).items():
                return self.look(found.id)
        return None

    def look(self, reference: str) -> Seen:
        with reaching():
            found = seen(self._intents.retrieve(reference, {"expand": WITH_FEE}))
        if found is None:
            raise LookupError(reference)
        return found

    def capture(self, reference: str, amount: int, key: str) -> Seen:
        currency = self.look(reference).currency
        # What is no longer to be captured is something else by now, which is seen next.
        with reaching(), suppress(stripe.InvalidRequestError):
            self._intents.capture(reference, {"amount_to_capture": to_stripe(amount, currency)}, {"idempotency_key": key})
        return self.look(reference)

    def cancel(self, reference: str, key: str) -> Seen:
        # What is no longer to be cancelled is something else by now, which is seen next.
        with reaching(), suppress(stripe.InvalidRequestError):
            self._intents.cancel(reference, {}, {"idempotency_key": key})
        return self.look(reference)

    def refund(self, back: Back) -> SeenRefund:
        asked: Any = {
            "payment_intent": back.charge,
            "amount": to_stripe(back.amount, back.currency),
            "metadata": {"payment_id": str(back.payment_id), "refund_id": str(back.refund_id), "asking": str(back.asking)},
        }
        with reaching():
            try:
                made = self._refunds.create(asked, {"idempotency_key": back.key})
            except stripe.InvalidRequestError as error:
                return SeenRefund(back.payment_id, back.refund_id, "", Repaid.FAILED, error.code or "invalid_request", back.asking)
        return seen_refund(made) or SeenRefund(back.payment_id, back.refund_id, made.id, Repaid.PENDING, asking=back.asking)

    def find_refund(self, back: Back) -> SeenRefund | None:
        with reaching():
            for found in self._refunds.list({"payment_intent": back.charge, "limit": 100}).auto_paging_iter():
                told = seen_refund(found)
                if told is not None and (told.refund_id, told.asking) == (back.refund_id, back.asking):
                    return told
        return None

    def between(self, since: datetime, until: datetime) -> Iterable[Seen]:
        for found in self._since({"gte": moment(since), "lt": moment(until)}):
            told = seen(found)
            if told is not None:
                yield told

    def _since(self, created: Mapping[str, int]) -> Iterable[stripe.PaymentIntent]:
        with reaching():
            asked: Any = {"created": created, "limit": 100, "expand": [f"data.{each}" for each in WITH_FEE]}
            yield from self._intents.list(asked).auto_paging_iter()

    def verify(self, headers: Mapping[str, str], body: bytes) -> Announced:
        """By Stripe's own code and clock; the signature is over the body as it came."""
        try:
            stripe.WebhookSignature.verify_header(body.decode(), headers.get(SIGNATURE, ""), self._secret, stripe.Webhook.DEFAULT_TOLERANCE)
            message = msgspec.json.decode(body, type=Message)
        except (stripe.SignatureVerificationError, UnicodeDecodeError, msgspec.DecodeError) as error:
            raise Forged from error
        return Announced(message.id, message.type)

    def understand(self, body: bytes) -> Said | SeenTier | None:
        """The thing that a message is about is asked for again, so that messages may come in any order."""
        message = msgspec.json.decode(body, type=Message)
        id = message.data.object.id
        with reaching():
            match message.data.object.object:
                case "payment_intent":
                    return seen(self._intents.retrieve(id, {"expand": WITH_FEE}))
                case "refund":
                    return seen_refund(self._refunds.retrieve(id))
                case "dispute":
                    return self._dispute(self._disputes.retrieve(id))
                case _:
                    return self.tiers.understand(message.data.object.object, id)

    def _dispute(self, dispute: stripe.Dispute) -> SeenDispute | None:
        ruling = RULINGS.get(dispute.status)
        intent = dispute.payment_intent
        if ruling is None or intent is None:
            return None
        of = seen(self._intents.retrieve(intent if isinstance(intent, str) else intent.id, {"expand": WITH_FEE}))
        if of is None:
            return None
        fees = [from_stripe(each.fee, of.currency) for each in dispute.balance_transactions]
        fee, back = sum(each for each in fees if each > 0), -sum(each for each in fees if each < 0)
        amount = from_stripe(dispute.amount, of.currency)
        return SeenDispute(of.payment_id, of.attempt, dispute.id, amount, fee, dispute.reason, ruling, back)
