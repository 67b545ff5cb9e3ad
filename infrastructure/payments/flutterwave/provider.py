"""Flutterwave as a provider, by its documented API of version 3: the payer pays on its page, by card or mobile money.

A message is only a hint: what it is about is always verified by asking (developer.flutterwave.com, «Transaction Verification»).
Amounts are in major units there.
"""

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from msgspec import Struct

from application.payments.ports import Announced, Back, Charge, Forged, Repaid, Said, Seen, SeenRefund, State
from application.payments.transfers import SeenTransfer
from domain.currencies import EXPONENTS
from infrastructure.environ import Flutterwave as FlutterwaveSettings
from infrastructure.payments.flutterwave.transfers import FlutterwaveTransfers
from infrastructure.payments.flutterwave.wire import Wire, major, minor, refusal

SIGNATURE = "verif-hash"
CARD, MOBILE_MONEY = "card", "mobile_money"

MOBILE: Mapping[str, str] = {
    "GHS": "mobilemoneyghana",
    "KES": "mpesa",
    "RWF": "mobilemoneyrwanda",
    "TZS": "mobilemoneytanzania",
    "UGX": "mobilemoneyuganda",
    "XAF": "mobilemoneyfranco",
    "XOF": "mobilemoneyfranco",
    "ZMW": "mobilemoneyzambia",
    # Nothing is documented for Zimbabwe: an operator may say what his account has, else its page offers all that it has.
    "USD": "",
    "ZWG": "",
    "ZWL": "",
}
"""Its names of mobile money, by currency: «Payment Methods» in its documentation; empty where the page is left to choose."""

STATES: Mapping[str, State] = {"successful": State.CAPTURED, "failed": State.FAILED, "pending": State.PENDING}


class Transaction(Struct, frozen=True):
    id: int
    tx_ref: str
    amount: Decimal
    currency: str
    status: str
    app_fee: Decimal = Decimal(0)
    processor_response: str = ""


class Refunded(Struct, frozen=True):
    id: int
    tx_id: int
    status: str
    comments: str = ""


class About(Struct, frozen=True):
    id: int
    tx_ref: str = ""
    status: str = ""


class Message(Struct, frozen=True):
    event: str
    data: About


class Flutterwave:
    """`application.payments.ports.PaymentProvider`; `transfers` are what it pays out.

    It can neither reserve an amount nor take a page back that it has handed out.
    """

    def __init__(self, settings: FlutterwaveSettings) -> None:
        self._hash = settings.webhook_hash.reveal().encode()
        self._mobile = {**MOBILE, **settings.mobile_money}
        self._wire = Wire(settings)
        self.transfers = FlutterwaveTransfers(self._wire, settings.sender)

    def close(self) -> None:
        self._wire.close()

    def accepts(self, method: str, currency: str) -> bool:
        return (method == CARD and currency in EXPONENTS) or (method == MOBILE_MONEY and currency in self._mobile)

    def begin(self, charge: Charge) -> Seen:
        """The same reference again leads to another page for the same transaction."""
        reference = f"{charge.payment_id}.{charge.attempt}"
        asked: dict[str, Any] = {
            "tx_ref": reference,
            "amount": str(major(charge.amount, charge.currency)),
            "currency": charge.currency,
            "redirect_url": charge.return_url,
            # It asks for an address to write to; letters of ours go by our own ways.
            "customer": {"email": f"{charge.payer_id}@{urlsplit(charge.return_url).hostname or 'payer.invalid'}"},
        }
        options = self._mobile.get(charge.currency, "") if charge.method == MOBILE_MONEY else CARD
        if options:
            asked["payment_options"] = options
        status, answer = self._wire.ask("POST", "/payments", json=asked)
        link = (answer.get("data") or {}).get("link", "")
        if status >= 400 or not link:
            return Seen(charge.payment_id, charge.attempt, reference, State.FAILED, charge.currency, charge.amount, code=refusal(answer))
        return Seen(charge.payment_id, charge.attempt, reference, State.ACTION_REQUIRED, charge.currency, charge.amount, action_url=link)

    def find(self, charge: Charge, since: datetime) -> Seen | None:
        del since  # a reference is looked up, however old
        found = self._verified(f"{charge.payment_id}.{charge.attempt}")
        return None if found is None else seen(found)

    def look(self, reference: str) -> Seen:
        found = self._verified(reference)
        told = None if found is None else seen(found)
        if told is not None:
            return told
        payment_id, attempt = ours(reference) or (UUID(int=0), 0)
        return Seen(payment_id, attempt, reference, State.PENDING, "", 0)

    def capture(self, reference: str, amount: int, key: str) -> Seen:
        del amount, key  # what is paid is taken at once
        return self.look(reference)

    def cancel(self, reference: str, key: str) -> Seen:
        del key
        return self.look(reference)

    def refund(self, back: Back) -> SeenRefund:
        paid = self._verified(back.charge)
        if paid is None:
            return SeenRefund(back.payment_id, back.refund_id, "", Repaid.FAILED, "transaction_not_found", back.asking)
        asked = {"amount": str(major(back.amount, back.currency)), "comments": back.key}
        status, answer = self._wire.ask("POST", f"/transactions/{paid.id}/refund", json=asked)
        if status >= 400:
            return SeenRefund(back.payment_id, back.refund_id, "", Repaid.FAILED, refusal(answer), back.asking)
        return seen_refund(back, msgspec.convert(answer["data"], Refunded, strict=False))

    def find_refund(self, back: Back) -> SeenRefund | None:
        """By the comment that a refund of ours carries: the API has no key for it."""
        for each in self._wire.pages("/refunds", {}):
            found = msgspec.convert(each, Refunded, strict=False)
            if found.comments == back.key:
                return seen_refund(back, found)
        return None

    def between(self, since: datetime, until: datetime) -> Iterable[Seen]:
        for each in self._wire.pages("/transactions", {"from": f"{since:%Y-%m-%d}", "to": f"{until:%Y-%m-%d}"}):
            found = seen(msgspec.convert(each, Transaction, strict=False))
            if found is not None:
                yield found

    def verify(self, headers: Mapping[str, str], body: bytes) -> Announced:
        """By the secret hash that its messages carry; what they say is believed of nobody, and asked for."""
        if not hmac.compare_digest(headers.get(SIGNATURE, "").encode(), self._hash):
            raise Forged
        try:
            message = msgspec.json.decode(body, type=Message, strict=False)
        except msgspec.DecodeError as error:
            raise Forged from error
        # It has no id of its own: the same transaction in the same status is the same message.
        return Announced(f"{message.event} {message.data.id} {message.data.status}", message.event)

    def understand(self, body: bytes) -> Said | SeenTransfer | None:
        message = msgspec.json.decode(body, type=Message, strict=False)
        if message.event.startswith("transfer."):
            return self.transfers.look(message.data.id)
        if not message.event.startswith("charge."):
            return None
        status, answer = self._wire.ask("GET", f"/transactions/{message.data.id}/verify")
        return None if status >= 400 else seen(msgspec.convert(answer["data"], Transaction, strict=False))

    def _verified(self, reference: str) -> Transaction | None:
        status, answer = self._wire.ask("GET", "/transactions/verify_by_reference", params={"tx_ref": reference})
        return None if status >= 400 else msgspec.convert(answer["data"], Transaction, strict=False)


def seen(found: Transaction) -> Seen | None:
    """None for a transaction that is not ours."""
    whose = ours(found.tx_ref)
    if whose is None:
        return None
    state = STATES.get(found.status, State.PENDING)
    came = state is State.CAPTURED
    fee = minor(found.app_fee, found.currency) if came else 0
    code = (found.processor_response or "failed")[:60] if state is State.FAILED else ""
    return Seen(*whose, found.tx_ref, state, found.currency, minor(found.amount, found.currency), fee, code)


def seen_refund(back: Back, found: Refunded) -> SeenRefund:
    paid = found.status.startswith("completed")
    state = Repaid.PAID if paid else Repaid.FAILED if found.status == "failed" else Repaid.PENDING
    return SeenRefund(back.payment_id, back.refund_id, str(found.id), state, "failed" if state is Repaid.FAILED else "", back.asking)


def ours(reference: str) -> tuple[UUID, int] | None:
    payment, _, attempt = reference.partition(".")
    try:
        return UUID(payment), int(attempt)
    except ValueError:
        return None
