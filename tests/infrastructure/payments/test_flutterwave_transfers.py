"""Payouts by Flutterwave: sent once under our reference, found by it when an answer was lost, and told by its messages."""

import json
from collections.abc import Generator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from application.payments.transfers import Arrived, PayoutProvider, SeenTransfer, Transfer
from application.ports import Unavailable
from domain.trade import Bank
from infrastructure.environ import Flutterwave as Settings
from infrastructure.environ import Secret, Sender
from infrastructure.payments.flutterwave.provider import SIGNATURE, Flutterwave
from tests.fakes import flutterwave
from tests.fakes.flutterwave import standing_in

HASH = "a secret hash"
ACCOUNT = Bank("Accra Millers", "0690000031", "GH280100", "GHS", "GH280103")
WALLET = Bank("Akinyi Kimwei", "2540782773934", "MPS", "KES")


@pytest.fixture
def books() -> Generator[tuple[flutterwave.Flutterwave, str]]:
    with standing_in() as found:
        yield found


@pytest.fixture
def theirs(books: tuple[flutterwave.Flutterwave, str]) -> flutterwave.Flutterwave:
    return books[0]


@pytest.fixture
def provider(books: tuple[flutterwave.Flutterwave, str]) -> Generator[Flutterwave]:
    with closing(Flutterwave(Settings(Secret("FLWSECK_TEST"), Secret(HASH), books[1]))) as provider:
        yield provider


@pytest.fixture
def transfers(provider: Flutterwave) -> PayoutProvider:
    return provider.transfers


def wanted(bank: Bank = ACCOUNT, amount: int = 32_401, attempt: int = 1) -> Transfer:
    id = uuid4()
    return Transfer(f"{id}.{attempt}", id, attempt, bank.currency, amount, bank)


def message(sent: dict[str, Any], event: str = "transfer.completed") -> bytes:
    return json.dumps({"event": event, "event.type": "Transfer", "data": sent}).encode()


def test_an_account_is_paid_under_our_reference_and_nothing_is_over_until_it_says_so(
    transfers: PayoutProvider, theirs: flutterwave.Flutterwave
):
    asked = wanted()
    assert transfers.find(asked) is None
    sent = transfers.send(asked)
    assert sent == SeenTransfer(asked.payout_id, 1, "190", Arrived.PENDING)
    [made] = theirs.transfers
    assert (made["amount"], made["currency"], made["debit_currency"]) == (324.01, "GHS", "GHS")
    assert (made["bank_code"], made["account_number"], made["full_name"]) == ("GH280100", "0690000031", "Accra Millers")
    for status in ("PENDING", "SOMETHING_NEW"):
        theirs.arrive(status)
        assert transfers.find(asked) == sent
    theirs.arrive()
    assert transfers.find(asked) == SeenTransfer(asked.payout_id, 1, "190", Arrived.PAID, 2_688)


def test_a_branch_is_named_where_there_is_one_and_a_wallet_is_paid_by_its_network(books: tuple[flutterwave.Flutterwave, str]):
    theirs, url = books
    heard: list[dict[str, Any]] = []
    answer = theirs.transfer
    theirs.transfer = lambda given: heard.append(given) or answer(given)  # type: ignore[method-assign]
    sender = Sender("Tradewind", "ZW", "+263771234567")
    with closing(Flutterwave(Settings(Secret("FLWSECK_TEST"), Secret(HASH), url, {}, sender))) as provider:
        provider.transfers.send(wanted())
        provider.transfers.send(wanted(WALLET, 120_000))
    assert [each.get("destination_branch_code") for each in heard] == ["GH280103", None]
    assert (heard[1]["account_bank"], heard[1]["account_number"], heard[1]["amount"]) == ("MPS", "2540782773934", 1200)
    assert heard[1]["meta"] == {"sender": "Tradewind", "sender_country": "ZW", "mobile_number": "+263771234567"}


def test_a_transfer_whose_answer_was_lost_is_found_and_not_made_again(transfers: PayoutProvider, theirs: flutterwave.Flutterwave):
    asked = wanted()
    theirs.lose = True
    with pytest.raises(Unavailable):
        transfers.send(asked)
    found = transfers.find(asked)
    assert found == SeenTransfer(asked.payout_id, 1, "190", Arrived.PENDING)
    assert transfers.send(asked) == found  # it refuses the same reference, and what it has under it is what counts
    assert len(theirs.transfers) == 1


def test_a_reference_that_it_says_it_has_and_does_not_show_is_asked_for_later(transfers: PayoutProvider, theirs: flutterwave.Flutterwave):
    theirs.transfer = lambda _: (400, flutterwave.error("Transfer with reference already exists"))  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        transfers.send(wanted())


def test_what_it_refuses_fails_and_what_it_cannot_answer_is_asked_again(transfers: PayoutProvider, theirs: flutterwave.Flutterwave):
    asked = wanted(replace(ACCOUNT, bank=""))
    assert transfers.send(asked) == SeenTransfer(asked.payout_id, 1, "", Arrived.FAILED, code="account_bank_is_required")
    for status in (401, 403, 429, 500, 502):
        theirs.fail = status
        with pytest.raises(Unavailable):
            transfers.send(wanted())
    for status in (400, 404, 500):
        theirs.fail = status
        with pytest.raises(Unavailable):
            transfers.find(asked)
    assert theirs.transfers == []


def test_what_fails_later_says_why_and_another_attempt_is_another_transfer(transfers: PayoutProvider, theirs: flutterwave.Flutterwave):
    first = wanted()
    transfers.send(first)
    theirs.arrive("FAILED", "DISBURSE FAILED: Account closed")
    failed = transfers.find(first)
    assert failed == SeenTransfer(first.payout_id, 1, "190", Arrived.FAILED, code="disburse_failed_account_closed")
    second = replace(first, attempt=2, key=f"{first.payout_id}.2")
    assert transfers.find(second) is None
    assert transfers.send(second).reference == "191"
    assert transfers.find(first) == failed


def test_of_several_under_one_reference_the_one_that_came_furthest_counts(transfers: PayoutProvider, theirs: flutterwave.Flutterwave):
    asked = wanted()
    transfers.send(asked)
    failed = theirs.arrive("FAILED", "Timed out")
    theirs.transfers += [{**failed, "id": 500, "status": "SUCCESSFUL"}, {**failed, "id": 501, "status": "NEW"}]
    found = transfers.find(asked)
    assert found is not None
    assert (found.reference, found.state) == ("500", Arrived.PAID)


def test_its_message_is_a_hint_and_what_became_of_the_transfer_is_asked_for(provider: Flutterwave, theirs: flutterwave.Flutterwave):
    asked = wanted()
    provider.transfers.send(asked)
    told = theirs.arrive("FAILED", "Account resolve failed")
    body = message({**told, "status": "SUCCESSFUL"})
    announced = provider.verify({SIGNATURE: HASH}, body)
    assert (announced.kind, announced.event_id) == ("transfer.completed", "transfer.completed 190 SUCCESSFUL")
    failed = SeenTransfer(asked.payout_id, 1, "190", Arrived.FAILED, code="account_resolve_failed")
    assert provider.understand(body) == failed
    theirs.transfers.append({**told, "id": 900, "reference": "made-by-hand"})
    assert provider.understand(message(theirs.transfers[-1])) is None
    assert provider.understand(message({**told, "id": 999_999})) is None
