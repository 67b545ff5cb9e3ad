"""Flutterwave pays out: to a bank's account or a mobile-money wallet, from our balance in the same currency.

Made by POST /v3/transfers under a reference of ours, found by GET /v3/transfers?reference=, as developer.flutterwave.com has it
under «Transfers». It may be refused at once, or fail later; only SUCCESSFUL and FAILED are the end of it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from application.payments.transfers import Arrived, SeenTransfer, Transfer
from application.ports import Unavailable
from infrastructure.environ import Sender
from infrastructure.payments.flutterwave.particulars import Missing, paid_to
from infrastructure.payments.flutterwave.wire import NAME, Wire, major, minor, refusal, slug

STATES: Mapping[str, Arrived] = {"SUCCESSFUL": Arrived.PAID, "FAILED": Arrived.FAILED}
"""NEW and PENDING are on their way, and so is whatever we do not know."""

ENCODER = msgspec.json.Encoder(decimal_format="number")
RANK = (Arrived.FAILED, Arrived.PENDING, Arrived.PAID)


class Sent(Struct, frozen=True):
    id: int
    reference: str | None = ""
    status: str = ""
    currency: str = ""
    debit_currency: str | None = None
    fee: Decimal | None = None
    complete_message: str | None = None


class FlutterwaveTransfers:
    """`application.payments.transfers.PayoutProvider`. `sender` is who pays, which M-Pesa in Kenya wants to know."""

    def __init__(self, wire: Wire, sender: Sender | None) -> None:
        self._wire = wire
        self._sender = sender

    def send(self, transfer: Transfer) -> SeenTransfer:
        """A refusal may mean that the reference is known, by an answer that was lost: so what it has under it counts for more."""
        try:
            asked = self._asked(transfer)
        except Missing as missing:
            return SeenTransfer(transfer.payout_id, transfer.attempt, "", Arrived.FAILED, code=f"{missing.name}_missing")
        headers = {"Content-Type": "application/json"}
        status, answer = self._wire.ask("POST", "/transfers", content=ENCODER.encode(asked), headers=headers)
        if status >= 400:
            found, code = self.find(transfer), refusal(answer)
            if found is None and "reference" in code:
                raise Unavailable(NAME)  # it says that it has it, and does not show it yet
            return found or SeenTransfer(transfer.payout_id, transfer.attempt, "", Arrived.FAILED, code=code)
        made = msgspec.convert(answer["data"], Sent, strict=False)
        return seen(transfer.payout_id, transfer.attempt, made)

    def find(self, transfer: Transfer) -> SeenTransfer | None:
        """By reference. Staff of the market can have it send a failed one again there: the one that came furthest counts."""
        reference = named(transfer.payout_id, transfer.attempt)
        found = (msgspec.convert(each, Sent, strict=False) for each in self._wire.pages("/transfers", {"reference": reference}))
        all_of_it = [seen(transfer.payout_id, transfer.attempt, each) for each in found if each.reference == reference]
        return max(all_of_it, key=lambda each: RANK.index(each.state), default=None)

    def look(self, id: int) -> SeenTransfer | None:
        """By its own id; None for a transfer that is not ours."""
        status, answer = self._wire.ask("GET", f"/transfers/{id}")
        if status >= 400:
            return None
        found = msgspec.convert(answer["data"], Sent, strict=False)
        whose = ours(found.reference or "")
        return None if whose is None else seen(*whose, found)

    def _asked(self, transfer: Transfer) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "amount": major(transfer.amount, transfer.currency),
            "currency": transfer.currency,
            "debit_currency": transfer.currency,
            "beneficiary_name": transfer.bank.holder,
            "reference": named(transfer.payout_id, transfer.attempt),
            "narration": f"Payout {transfer.payout_id}",
        }
        if self._sender:
            sender = self._sender
            asked["meta"] = {"sender": sender.name, "sender_country": sender.country, "mobile_number": sender.phone}
        return asked | paid_to(transfer)


def named(payout_id: UUID, attempt: int) -> str:
    return f"{payout_id}_{attempt}"


def ours(reference: str) -> tuple[UUID, int] | None:
    payout, _, attempt = reference.rpartition("_")
    try:
        return UUID(payout), int(attempt)
    except ValueError:
        return None


def seen(payout_id: UUID, attempt: int, found: Sent) -> SeenTransfer:
    state = STATES.get(found.status.upper(), Arrived.PENDING)
    fee = minor(found.fee or Decimal(0), found.debit_currency or found.currency) if state is Arrived.PAID else 0
    code = slug(found.complete_message or "failed") if state is Arrived.FAILED else ""
    return SeenTransfer(payout_id, attempt, str(found.id), state, fee, code)
