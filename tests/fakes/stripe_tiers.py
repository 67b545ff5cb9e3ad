"""The part of the stand-in for Stripe that charges again and again: Checkout, subscriptions and their invoices, with a clock of its own."""

from typing import Any
from uuid import uuid4

MONTH = 30 * 86_400
FEE = 88


class StripeTiers:
    """Its books. `declines`: what the member's card does from now on."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.subscriptions: dict[str, dict[str, Any]] = {}
        self.invoices: dict[str, dict[str, Any]] = {}
        self.payments: list[dict[str, Any]] = []
        self.intents: dict[str, dict[str, Any]] = {}
        self.now = 1_780_000_000
        self.declines = False

    def route(self, method: str, path: list[str], given: dict[str, Any]) -> tuple[int, Any]:
        match method, path:
            case "POST", ["checkout", "sessions"]:
                return 200, self.open(given)
            case "GET", ["checkout", "sessions", id] if id in self.sessions:
                return 200, self.sessions[id]
            case "POST", ["checkout", "sessions", id, "expire"] if id in self.sessions:
                return self.expire(self.sessions[id])
            case "GET", ["subscriptions", id] if id in self.subscriptions:
                return 200, self.shown(self.subscriptions[id])
            case "POST", ["subscriptions", id] if id in self.subscriptions:
                return self.update(self.subscriptions[id], given)
            case "DELETE", ["subscriptions", id] if id in self.subscriptions:
                return self.cancel(self.subscriptions[id])
            case "GET", ["invoices", id] if id in self.invoices:
                return 200, self.invoices[id]
            case "GET", ["invoice_payments"]:
                paid = [each for each in self.payments if each["invoice"] == given["invoice"]]
                return 200, {"object": "list", "data": paid, "has_more": False, "url": "/v1/invoice_payments"}
            case "GET", ["payment_intents", id] if id in self.intents:
                return 200, self.intents[id]
            case "POST", ["invoices", id, "pay"] if id in self.invoices:
                return self.pay(self.invoices[id])
            case _:
                return refusal("resource_missing", 404)

    def open(self, given: dict[str, Any]) -> dict[str, Any]:
        id = f"cs_{uuid4().hex}"
        self.sessions[id] = {
            "id": id,
            "object": "checkout.session",
            "mode": given["mode"],
            "status": "open",
            "subscription": None,
            "url": f"https://checkout.example/{id}",
        }
        self.asked = given
        return self.sessions[id]

    def expire(self, session: dict[str, Any]) -> tuple[int, Any]:
        if session["status"] != "open":
            return refusal("resource_missing")
        session["status"] = "expired"
        return 200, session

    def complete(self, id: str) -> dict[str, Any]:
        """What a person does on the page."""
        prefix = "line_items[0][price_data]"
        subscription: dict[str, Any] = {
            "id": f"sub_{uuid4().hex}",
            "object": "subscription",
            "cancel_at_period_end": False,
            "items": {"object": "list", "data": [self.item(prefix, self.asked)], "has_more": False, "url": "/v1/…"},
            "latest_invoice": None,
            "metadata": self.metadata("subscription_data[metadata]", self.asked),
            "status": "active",
        }
        self.subscriptions[subscription["id"]] = subscription
        self.bill(subscription)
        self.sessions[id] |= {"status": "complete", "subscription": subscription["id"]}
        return subscription

    def item(self, prefix: str, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": "si_1",
            "object": "subscription_item",
            "current_period_end": self.now + MONTH,
            "price": {"id": "price_1", "object": "price", "product": "prod_1", "unit_amount": int(given[f"{prefix}[unit_amount]"])},
        }

    def metadata(self, prefix: str, given: dict[str, Any]) -> dict[str, Any]:
        return {name.removeprefix(f"{prefix}[")[:-1]: value for name, value in given.items() if name.startswith(f"{prefix}[")}

    def bill(self, subscription: dict[str, Any]) -> dict[str, Any]:
        item = subscription["items"]["data"][0]
        amount = item["price"]["unit_amount"]
        period = {"start": self.now, "end": item["current_period_end"]}
        parent = {"type": "subscription_details", "subscription_details": {"subscription": subscription["id"]}, "quote_details": None}
        invoice: dict[str, Any] = {
            "id": f"in_{uuid4().hex}",
            "object": "invoice",
            "amount_due": amount,
            "amount_paid": 0,
            "attempt_count": 0,
            "created": self.now,
            "currency": "usd",
            "lines": {
                "object": "list",
                "data": [{"id": "il_1", "object": "line_item", "period": period}],
                "has_more": False,
                "url": "/v1/…",
            },
            "parent": parent,
            "status": "open",
        }
        self.invoices[invoice["id"]] = invoice
        subscription["latest_invoice"] = invoice["id"]
        self.pay(invoice)
        return invoice

    def renew(self, subscription: dict[str, Any]) -> dict[str, Any]:
        """The period is over."""
        self.now = subscription["items"]["data"][0]["current_period_end"]
        subscription["items"]["data"][0]["current_period_end"] = self.now + MONTH
        return self.bill(subscription)

    def pay(self, invoice: dict[str, Any]) -> tuple[int, Any]:
        subscription = self.subscriptions[invoice["parent"]["subscription_details"]["subscription"]]
        if invoice["status"] == "paid":
            return refusal("invoice_already_paid")
        invoice["attempt_count"] += 1
        if self.declines:
            subscription["status"] = "past_due"
            return 402, {"error": {"type": "card_error", "code": "card_declined", "message": "Declined."}}
        invoice |= {"status": "paid", "amount_paid": invoice["amount_due"]}
        subscription["status"] = "active"
        self.payments.append(self.payment(invoice))
        return 200, invoice

    def payment(self, invoice: dict[str, Any]) -> dict[str, Any]:
        """How it was paid, and what was kept of it in the currency of our account, of which a dollar is a half."""
        id = f"pi_{uuid4().hex}"
        moved = {"id": f"txn_{id}", "object": "balance_transaction", "currency": "eur", "exchange_rate": 0.5, "fee": FEE // 2}
        charge = {"id": f"ch_{id}", "object": "charge", "balance_transaction": moved}
        self.intents[id] = {"id": id, "object": "payment_intent", "currency": invoice["currency"], "latest_charge": charge}
        return {
            "id": f"inpay_{id}",
            "object": "invoice_payment",
            "invoice": invoice["id"],
            "payment": {"type": "payment_intent", "payment_intent": id},
            "status": "paid",
        }

    def update(self, subscription: dict[str, Any], given: dict[str, Any]) -> tuple[int, Any]:
        if subscription["status"] == "canceled":
            return refusal("resource_missing")
        if "cancel_at_period_end" in given:
            subscription["cancel_at_period_end"] = given["cancel_at_period_end"] == "true"
        if "items[0][id]" in given:
            subscription["items"]["data"] = [self.item("items[0][price_data]", given)]
            subscription["metadata"] |= self.metadata("metadata", given)
            self.bill(subscription)
        return 200, self.shown(subscription)

    def cancel(self, subscription: dict[str, Any]) -> tuple[int, Any]:
        if subscription["status"] == "canceled":
            return refusal("resource_missing")
        subscription["status"] = "canceled"
        return 200, self.shown(subscription)

    def shown(self, subscription: dict[str, Any]) -> dict[str, Any]:
        """With what is always asked to be expanded."""
        return {**subscription, "latest_invoice": self.invoices.get(subscription["latest_invoice"])}


def refusal(code: str, status: int = 400) -> tuple[int, Any]:
    return status, {"error": {"type": "invalid_request_error", "code": code, "message": "No."}}
