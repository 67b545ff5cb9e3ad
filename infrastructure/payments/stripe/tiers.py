"""Paid tiers by Stripe: Checkout makes the subscription, whose metadata carry our ids, and is asked how it stands after every message."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import stripe
from msgspec.structs import replace

from application.tiers.ports import Opened, SeenTier, Wanted
from domain.subscriptions.tiers.commands import Stage
from domain.subscriptions.tiers.events import Held
from domain.subscriptions.tiers.offers import Period, Tier
from infrastructure.payments.stripe.reading import fee_of, from_stripe, moment, plain, to_stripe
from infrastructure.payments.stripe.wire import NAME, reaching

INTERVALS: Mapping[Period, str] = {Period.MONTHLY: "month", Period.YEARLY: "year"}
WITH_INVOICE = ["latest_invoice"]
WITH_FEE = ["latest_charge.balance_transaction"]


class StripeTiers:
    """`application.tiers.ports.TierProvider`."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._sessions = client.v1.checkout.sessions
        self._subscriptions = client.v1.subscriptions
        self._invoices = client.v1.invoices
        self._payments = client.v1.invoice_payments
        self._intents = client.v1.payment_intents

    def open(self, wanted: Wanted, expires_at: datetime, return_url: str) -> Opened:
        asked: Any = {
            "mode": "subscription",
            "client_reference_id": str(wanted.user_id),
            "line_items": [{"quantity": 1, "price_data": {**price(wanted), "product_data": {"name": f"Tradewind {wanted.tier}"}}}],
            "subscription_data": {"metadata": ours(wanted)},
            "expires_at": moment(expires_at),
            "success_url": return_url,
            "cancel_url": return_url,
        }
        with reaching():
            made = self._sessions.create(asked, {"idempotency_key": wanted.key})
        return Opened(made.id, made.url or "")

    def close(self, checkout: str) -> None:
        # What is no longer open was paid or is over: that is told by its subscription.
        with reaching(), suppress(stripe.InvalidRequestError):
            self._sessions.expire(checkout)

    def outcome(self, checkout: str) -> SeenTier | None:
        with reaching():
            return self._paid_for(self._sessions.retrieve(checkout))

    def _paid_for(self, session: stripe.checkout.Session) -> SeenTier | None:
        made = id_of(session.subscription)
        return self.look(made) if made else None

    def look(self, reference: str) -> SeenTier | None:
        with reaching():
            return self._with_fee(seen(self._subscriptions.retrieve(reference, {"expand": WITH_INVOICE})))

    def change(self, reference: str, wanted: Wanted) -> SeenTier | None:
        with reaching():
            item = self._subscriptions.retrieve(reference).items.data[0]
            changed: Any = {
                "items": [{"id": item.id, "price_data": {**price(wanted), "product": id_of(item.price.product)}}],
                "metadata": ours(wanted),
                "proration_behavior": "always_invoice",
                "expand": WITH_INVOICE,
            }
            return self._with_fee(seen(self._subscriptions.update(reference, changed, {"idempotency_key": wanted.key})))

    def renew(self, reference: str, *, goes_on: bool) -> None:
        # What has ended meanwhile goes on for nobody.
        with reaching(), suppress(stripe.InvalidRequestError):
            self._subscriptions.update(reference, {"cancel_at_period_end": not goes_on})

    def retry(self, reference: str) -> SeenTier | None:
        with reaching():
            invoice = id_of(self._subscriptions.retrieve(reference).latest_invoice)
            # Declined again, or paid meanwhile: the subscription says which. Before its first invoice there is nothing to pay.
            with suppress(stripe.CardError, stripe.InvalidRequestError):
                if invoice:
                    self._invoices.pay(invoice)
        return self.look(reference)

    def end(self, reference: str) -> None:
        with reaching(), suppress(stripe.InvalidRequestError):
            self._subscriptions.cancel(reference)

    def understand(self, kind: str, id: str) -> SeenTier | None:
        """What a message about this object says by now; None where it is none of ours."""
        match kind:
            case "checkout.session":
                return self.outcome(id)
            case "subscription":
                return self.look(id)
            case "invoice":
                with reaching():
                    return self._billed(self._invoices.retrieve(id))
            case _:
                return None

    def _billed(self, invoice: stripe.Invoice) -> SeenTier | None:
        of = plain(plain(plain(invoice).get("parent")).get("subscription_details")).get("subscription")
        found = self.look(id_of(of)) if of else None
        return found if found is None or invoice.status != "paid" else self._with_fee(paid_by(found, invoice))

    def _with_fee(self, found: SeenTier | None) -> SeenTier | None:
        """What Stripe kept of the money, which it tells of the payment that paid the invoice."""
        if found is None or not found.charge or not found.amount:
            return found
        asked: Any = {"invoice": found.charge, "status": "paid", "limit": 10}
        paid = [id_of(each.payment.payment_intent) for each in self._payments.list(asked).data]
        intents = [self._intents.retrieve(each, {"expand": WITH_FEE}) for each in paid if each]
        return replace(found, fee=sum(fee_of(each, found.currency) for each in intents))


def price(wanted: Wanted) -> dict[str, Any]:
    return {
        "currency": wanted.currency.lower(),
        "unit_amount": to_stripe(wanted.price, wanted.currency),
        "recurring": {"interval": INTERVALS[wanted.period]},
    }


def ours(wanted: Wanted) -> dict[str, str]:
    return {"user_id": str(wanted.user_id), "revision": str(wanted.revision), "tier": wanted.tier, "period": wanted.period}


def seen(subscription: stripe.Subscription) -> SeenTier | None:
    """None for a subscription that is not ours, or that nobody ever paid."""
    told = plain(subscription.metadata)
    try:
        user_id, revision = UUID(told["user_id"]), int(told["revision"])
        tier, period = Tier(told["tier"]), Period(told["period"])
    except (KeyError, ValueError):
        return None
    ends = at(plain(subscription)["items"].data[0].current_period_end)
    held = Held(revision, NAME, subscription.id, tier, period, ends)
    invoice = subscription.latest_invoice if isinstance(subscription.latest_invoice, stripe.Invoice) else None
    match subscription.status:
        case "canceled":
            return SeenTier(user_id, held, Stage.ENDED)
        case "active" | "trialing" if invoice is not None and invoice.status == "paid":
            return paid_by(SeenTier(user_id, held, Stage.PAID), invoice, ends)
        case "past_due" | "unpaid" if invoice is not None:
            return SeenTier(user_id, held, Stage.MISSED, attempt=invoice.attempt_count, due_at=at(invoice.created))
        case "incomplete_expired":
            return None
        case _:
            return SeenTier(user_id, held, Stage.OPEN)


def paid_by(found: SeenTier, invoice: stripe.Invoice, ends: datetime | None = None) -> SeenTier:
    """A paid invoice pays its own period, whatever has become of the subscription since."""
    currency = invoice.currency.upper()
    until = ends or at(max(line.period.end for line in invoice.lines.data))
    return replace(
        found,
        held=replace(found.held, period_ends=until),
        stage=Stage.PAID,
        charge=invoice.id or "",
        currency=currency,
        amount=from_stripe(invoice.amount_paid, currency),
        attempt=0,
        due_at=None,
    )


def id_of(thing: Any) -> str:
    """Of something that is named or told in full; nothing of nothing."""
    return thing if isinstance(thing, str) else "" if thing is None else thing.id


def at(moment: int) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
