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

import httpx
import msgspec
from msgspec import Struct

from application.payments.ports import Announced, Back, Charge, Forged, Repaid, Said, Seen, SeenRefund, State
from application.ports import Unavailable
from domain.currencies import EXPONENTS
from infrastructure.environ import Flutterwave as FlutterwaveSettings

NAME = "flutterwave"
SIGNATURE = "verif-hash"
TIMEOUT = 20
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
}
"""Its names of mobile money, by currency."""

STATES: Mapping[str, State] = {"successful": State.CAPTURED, "failed": State.FAILED, "pending": State.PENDING}
MOST_PAGES = 1_000


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
    """`application.payments.ports.PaymentProvider`. It can neither reserve an amount nor take a page back that it has handed out."""

    def __init__(self, settings: FlutterwaveSettings) -> None:
        self._hash = settings.webhook_hash.reveal().encode()
        self._http = httpx.Client(
            base_url=settings.url,
            timeout=TIMEOUT,
            headers={"Authorization": f"Bearer {settings.key.reveal()}", "Accept": "application/json"},
        )

    def close(self) -> None:
        self._http.close()

    def accepts(self, method: str, currency: str) -> bool:
        return (method == CARD and currency in EXPONENTS) or (method == MOBILE_MONEY and currency in MOBILE)

    def begin(self, charge: Charge) -> Seen:
        """The same reference again leads to another page for the same transaction."""
        reference = f"{charge.payment_id}.{charge.attempt}"
        asked = {
            "tx_ref": reference,
            "amount": str(major(charge.amount, charge.currency)),
            "currency": charge.currency,
            "redirect_url": charge.return_url,
            "payment_options": MOBILE.get(charge.currency, "") if charge.method == MOBILE_MONEY else CARD,
            # It asks for an address to write to; letters of ours go by our own ways.
            "customer": {"email": f"{charge.payer_id}@{urlsplit(charge.return_url).hostname or 'payer.invalid'}"},
        }
        status, answer = self._ask("POST", "/payments", json=asked)
        link = (answer.get("data") or {}).get("link", "")
        if status >= 400 or not link:
            return Seen(charge.payment_id, charge.attempt, reference, State.FAILED, charge.currency, charge.amount, code=slug(answer))
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
            return SeenRefund(back.payment_id, back.refund_id, "", Repaid.FAILED, "transaction_not_found")
        asked = {"amount": str(major(back.amount, back.currency)), "comments": str(back.refund_id)}
        status, answer = self._ask("POST", f"/transactions/{paid.id}/refund", json=asked)
        if status >= 400:
            return SeenRefund(back.payment_id, back.refund_id, "", Repaid.FAILED, slug(answer))
        return seen_refund(back, msgspec.convert(answer["data"], Refunded, strict=False))

    def find_refund(self, back: Back) -> SeenRefund | None:
        """By the comment that a refund of ours carries: the API has no key for it."""
        for each in self._pages("/refunds", {}):
            found = msgspec.convert(each, Refunded, strict=False)
            if found.comments == str(back.refund_id):
                return seen_refund(back, found)
        return None

    def between(self, since: datetime, until: datetime) -> Iterable[Seen]:
        for each in self._pages("/transactions", {"from": f"{since:%Y-%m-%d}", "to": f"{until:%Y-%m-%d}"}):
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

    def understand(self, body: bytes) -> Said | None:
        message = msgspec.json.decode(body, type=Message, strict=False)
        if not message.event.startswith("charge."):
            return None
        status, answer = self._ask("GET", f"/transactions/{message.data.id}/verify")
        return None if status >= 400 else seen(msgspec.convert(answer["data"], Transaction, strict=False))

    def _verified(self, reference: str) -> Transaction | None:
        status, answer = self._ask("GET", "/transactions/verify_by_reference", params={"tx_ref": reference})
        return None if status >= 400 else msgspec.convert(answer["data"], Transaction, strict=False)

    def _pages(self, path: str, asked: Mapping[str, str]) -> Iterable[Any]:
        for page in range(1, MOST_PAGES):
            _, answer = self._ask("GET", path, params={**asked, "page": str(page)})
            found = answer.get("data") or []
            yield from found
            total = (answer.get("meta") or {}).get("page_info", {}).get("total_pages", 1)
            if not found or page >= total:
                return

    def _ask(self, method: str, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """Status and answer; what it refuses for a wrong key may be asked again once that is put right."""
        try:
            answer = self._http.request(method, path, **more)
        except httpx.HTTPError as error:
            raise Unavailable(NAME) from error
        if answer.status_code in {401, 403, 429} or answer.status_code >= 500:
            raise Unavailable(NAME)
        try:
            return answer.status_code, msgspec.json.decode(answer.content, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise Unavailable(NAME) from error


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
    return SeenRefund(back.payment_id, back.refund_id, str(found.id), state, "failed" if state is Repaid.FAILED else "")


def ours(reference: str) -> tuple[UUID, int] | None:
    payment, _, attempt = reference.partition(".")
    try:
        return UUID(payment), int(attempt)
    except ValueError:
        return None


def slug(answer: Mapping[str, Any]) -> str:
    """Its words of refusal, as a code."""
    said = "".join(each if each.isalnum() else "_" for each in str(answer.get("message", "refused")).lower())
    return "_".join(filter(None, said.split("_")))[:60] or "refused"


def major(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-EXPONENTS[currency])


def minor(amount: Decimal, currency: str) -> int:
    """Fractions of the smallest unit, which it has in fees, are rounded up: they are ours to bear."""
    exact = amount.scaleb(EXPONENTS.get(currency, 2))
    return int(exact.to_integral_value(rounding="ROUND_CEILING"))
