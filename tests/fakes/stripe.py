"""A stand-in for Stripe's API: what localstripe lacks (idempotency keys, lists by time, redirects, disputes, fees, lost answers).

`tests/infrastructure/payments/test_stripe.py` holds its answers against the fields that the SDK's own types declare.
"""

import json
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from tests.fakes.stripe_tiers import StripeTiers

DECLINED = {"pm_card_chargeDeclined": "generic_decline", "pm_card_insufficient": "insufficient_funds"}
REDIRECTED = "pm_card_threeDSecure2Required"
FEE = 59


class Stripe:
    """Its books. `lose` and `fail`: what happens to the next request that changes something, once."""

    def __init__(self) -> None:
        self.intents: dict[str, dict[str, Any]] = {}
        self.charges: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.disputes: dict[str, dict[str, Any]] = {}
        self.tiers = StripeTiers()
        self.keys: dict[str, tuple[int, Any]] = {}
        self.lose: str = ""
        self.fail: int = 0

    def answer(self, method: str, path: str, given: dict[str, Any], key: str | None) -> tuple[int, Any]:
        if key and key in self.keys:
            return self.keys[key]
        found = self.route(method, path.removeprefix("/v1/").split("/"), given)
        if key:
            self.keys[key] = found
        return found

    def route(self, method: str, path: list[str], given: dict[str, Any]) -> tuple[int, Any]:
        match method, path:
            case "POST", ["payment_intents"]:
                return self.create(given)
            case "GET", ["payment_intents"]:
                return 200, listed([self.shown(each) for each in self.intents.values() if within(each["created"], given)])
            case "GET", ["payment_intents", id] if id in self.intents:
                return 200, self.shown(self.intents[id])
            case "POST", ["payment_intents", id, "capture"]:
                return self.capture(self.intents[id], int(given["amount_to_capture"]))
            case "POST", ["payment_intents", id, "cancel"]:
                return self.cancel(self.intents[id])
            case "POST", ["refunds"]:
                return self.refund(given)
            case "GET", ["refunds"]:
                return 200, listed([each for each in self.refunds.values() if each["payment_intent"] == given["payment_intent"]])
            case "GET", ["refunds", id] if id in self.refunds:
                return 200, self.refunds[id]
            case "GET", ["disputes", id] if id in self.disputes:
                return 200, self.disputes[id]
            case _:
                return self.tiers.route(method, path, given)

    def create(self, given: dict[str, Any]) -> tuple[int, Any]:
        method = given["payment_method"]
        if not method.startswith("pm_card_"):
            return 400, refusal("resource_missing", f"No such PaymentMethod: {method}")
        intent: dict[str, Any] = {
            "id": f"pi_{uuid4().hex}",
            "object": "payment_intent",
            "amount": int(given["amount"]),
            "amount_received": 0,
            "capture_method": given["capture_method"],
            "client_secret": "pi_secret",
            "created": int(time.time()),
            "currency": given["currency"],
            "last_payment_error": None,
            "latest_charge": None,
            "livemode": False,
            "metadata": {name[9:-1]: value for name, value in given.items() if name.startswith("metadata[")},
            "next_action": None,
            "payment_method": method,
            "payment_method_types": ["card"],
            "status": "processing",
        }
        self.intents[intent["id"]] = intent
        if method in DECLINED:
            error = {"code": "card_declined", "decline_code": DECLINED[method], "message": "Declined.", "type": "card_error"}
            intent |= {"status": "requires_payment_method", "last_payment_error": error}
            return 402, {"error": {**error, "payment_intent": intent}}
        if method == REDIRECTED:
            to = {
                "type": "redirect_to_url",
                "redirect_to_url": {"url": f"https://bank.example/{intent['id']}", "return_url": given["return_url"]},
            }
            intent |= {"status": "requires_action", "next_action": to}
        elif given["capture_method"] == "manual":
            intent["status"] = "requires_capture"
        else:
            self.succeed(intent, intent["amount"])
        return 200, self.shown(intent)

    def succeed(self, intent: dict[str, Any], amount: int) -> None:
        charge = f"ch_{uuid4().hex}"
        self.charges[charge] = {
            "id": charge,
            "object": "charge",
            "amount": intent["amount"],
            "amount_captured": amount,
            "captured": True,
            "currency": intent["currency"],
            "balance_transaction": {
                "id": f"txn_{uuid4().hex}",
                "object": "balance_transaction",
                "amount": amount,
                "currency": "eur",
                "exchange_rate": 0.5,
                "fee": FEE // 2 + 1,
                "net": amount - FEE,
                "type": "charge",
            },
        }
        intent |= {"status": "succeeded", "amount_received": amount, "latest_charge": charge, "next_action": None}

    def shown(self, intent: dict[str, Any]) -> dict[str, Any]:
        """With what is always asked to be expanded."""
        charge = intent["latest_charge"]
        return {**intent, "latest_charge": self.charges[charge] if charge else None}

    def capture(self, intent: dict[str, Any], amount: int) -> tuple[int, Any]:
        if intent["status"] != "requires_capture":
            return 400, refusal("payment_intent_unexpected_state", "Not to be captured.")
        self.succeed(intent, amount)
        return 200, self.shown(intent)

    def cancel(self, intent: dict[str, Any]) -> tuple[int, Any]:
        if intent["status"] in {"succeeded", "canceled"}:
            return 400, refusal("payment_intent_unexpected_state", "Not to be cancelled.")
        intent |= {"status": "canceled", "next_action": None}
        return 200, self.shown(intent)

    def refund(self, given: dict[str, Any]) -> tuple[int, Any]:
        intent = self.intents[given["payment_intent"]]
        gone = sum(each["amount"] for each in self.refunds.values() if each["payment_intent"] == intent["id"])
        if gone + int(given["amount"]) > intent["amount_received"]:
            return 400, refusal("charge_already_refunded", "More than is left.")
        refund: dict[str, Any] = {
            "id": f"re_{uuid4().hex}",
            "object": "refund",
            "amount": int(given["amount"]),
            "charge": intent["latest_charge"],
            "created": int(time.time()),
            "currency": intent["currency"],
            "metadata": {name[9:-1]: value for name, value in given.items() if name.startswith("metadata[")},
            "payment_intent": intent["id"],
            "status": "succeeded",
        }
        self.refunds[refund["id"]] = refund
        return 200, refund

    def dispute(self, reference: str, status: str) -> dict[str, Any]:
        intent = self.intents[reference]
        moved = {"id": "txn_d", "object": "balance_transaction", "amount": -intent["amount"], "currency": "usd", "fee": 1500, "net": 0}
        dispute: dict[str, Any] = {
            "id": f"du_{reference[3:]}",
            "object": "dispute",
            "amount": intent["amount"],
            "balance_transactions": [moved],
            "charge": intent["latest_charge"],
            "currency": intent["currency"],
            "payment_intent": reference,
            "reason": "fraudulent",
            "status": status,
        }
        self.disputes[dispute["id"]] = dispute
        return dispute


def listed(found: list[Any]) -> dict[str, Any]:
    return {"object": "list", "data": found[::-1], "has_more": False, "url": "/v1/…"}


def within(created: int, given: dict[str, Any]) -> bool:
    return int(given.get("created[gte]", 0)) <= created < int(given.get("created[lt]", 2**40))


def refusal(code: str, message: str) -> dict[str, Any]:
    return {"error": {"type": "invalid_request_error", "code": code, "message": message}}


class Answering(BaseHTTPRequestHandler):
    stripe: Stripe

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.send(*self.stripe.answer("GET", url.path, dict(parse_qsl(url.query)), None))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.stripe.fail:
            status, self.stripe.fail = self.stripe.fail, 0
            self.send(status, {"error": {"type": "api_error", "message": "Not now."}})
            return
        lost, self.stripe.lose = self.stripe.lose, ""
        if lost == "before":
            self.close_connection = True
            return
        found = self.stripe.answer("POST", urlsplit(self.path).path, dict(parse_qsl(body)), self.headers.get("Idempotency-Key"))
        if lost == "after":
            self.close_connection = True
            return
        self.send(*found)

    def do_DELETE(self) -> None:
        self.send(*self.stripe.answer("DELETE", urlsplit(self.path).path, {}, None))

    def send(self, status: int, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: tests are quiet."""


@contextmanager
def standing_in() -> Generator[tuple[Stripe, str]]:
    """The books, and the address of the API."""
    stripe = Stripe()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Answering,), {"stripe": stripe}))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stripe, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answers(stripe: Stripe) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything it has answered with, by the SDK's name for it."""
    for name, things in (
        ("PaymentIntent", stripe.intents),
        ("Charge", stripe.charges),
        ("Refund", stripe.refunds),
        ("Dispute", stripe.disputes),
    ):
        for thing in things.values():
            yield name, thing
