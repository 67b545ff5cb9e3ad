"""Payouts by Flutterwave: sent once under our reference, found by it when an answer was lost, and told by its messages."""

import json
from collections.abc import Generator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from application.payments.transfers import Arrived, Payee, PayoutProvider, SeenTransfer, Transfer
from application.ports import Unavailable
from domain.suppliers.events import Contact
from domain.trade import Bank
from domain.values import Address
from infrastructure.environ import Flutterwave as Settings
from infrastructure.environ import Secret, Sender
from infrastructure.payments.flutterwave.provider import SIGNATURE, Flutterwave
from tests.fakes import flutterwave
from tests.fakes.flutterwave import standing_in

HASH = "a secret hash"
ACCOUNT = Bank("Accra Millers", "0690000031", "GH280100", "GHS", "GH280103")
CAPE = Bank("Cape Mills", "0031625807099", "FNB", "ZAR")
AMERICAN = Bank("Mark Miller", "09182972BH", "ABJGUS33", "USD", "026009593", "Bank of the Bay", "US", "savings")
GERMAN = Bank("Mühle GmbH", "DE89370400440532013000", "COBADEFFXXX", "EUR", "", "Commerzbank")
BRITISH = Bank("The Mill Ltd", "31926819", "NWBKGB2L", "GBP", "601613", "NatWest", "GB")
HOME = Address("Thandi Mokoena", ("Elsenheimer Straße 31b",), "München", "80489", "DE")
PAYEE = Payee(Contact("Thandi N. Mokoena", "thandi@mills.example", "+27821234567"), HOME)
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


def wanted(bank: Bank = ACCOUNT, amount: int = 32_401, attempt: int = 1, payee: Payee = PAYEE) -> Transfer:
    id = uuid4()
    return Transfer(f"{id}.{attempt}", id, attempt, bank.currency, amount, bank, payee)


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


@pytest.mark.parametrize(
    ("bank", "meta"),
    [
        (
            CAPE,
            {
                "first_name": "Thandi",
                "last_name": "N. Mokoena",
                "email": "thandi@mills.example",
                "mobile_number": "+27821234567",
                "recipient_address": "Elsenheimer Straße 31b, München, 80489",
            },
        ),
        (
            AMERICAN,
            [
                {
                    "account_number": "09182972BH",
                    "routing_number": "026009593",
                    "swift_code": "ABJGUS33",
                    "bank_name": "Bank of the Bay",
                    "beneficiary_name": "Mark Miller",
                    "beneficiary_address": "Elsenheimer Straße 31b, München, 80489",
                    "beneficiary_country": "US",
                    "email": "thandi@mills.example",
                    "account_type": "savings",
                }
            ],
        ),
        (
            GERMAN,
            [
                {
                    "account_number": "DE89370400440532013000",
                    "routing_number": "COBADEFFXXX",
                    "swift_code": "COBADEFFXXX",
                    "bank_name": "Commerzbank",
                    "beneficiary_name": "Mühle GmbH",
                    "beneficiary_country": "DE",
                    "postal_code": "80489",
                    "street_number": "31b",
                    "street_name": "Elsenheimer Straße",
                    "city": "München",
                }
            ],
        ),
    ],
    ids=["South Africa", "United States", "Europe"],
)
def test_more_is_said_of_the_holder_where_its_pages_ask_for_it(
    transfers: PayoutProvider, theirs: flutterwave.Flutterwave, bank: Bank, meta: Any
):
    assert transfers.send(wanted(bank)).state is Arrived.PENDING
    [made] = theirs.transfers
    assert (made["meta"], made["full_name"], made["currency"]) == (meta, bank.holder, bank.currency)
    assert made["bank_code"] == ("FNB" if bank is CAPE else "FOREIGN-BANK")


def test_a_sort_code_and_a_number_before_the_street_are_told_as_they_are(transfers: PayoutProvider, theirs: flutterwave.Flutterwave):
    transfers.send(wanted(BRITISH, payee=Payee(PAYEE.contact, replace(HOME, lines=("12 Mill Lane",)))))
    [[told]] = [each["meta"] for each in theirs.transfers]
    assert (told["routing_number"], told["beneficiary_country"]) == ("601613", "GB")
    assert (told["street_number"], told["street_name"]) == ("12", "Mill Lane")


@pytest.mark.parametrize(
    ("bank", "payee", "code"),
    [
        (CAPE, Payee(Contact("Thandi", "thandi@mills.example"), HOME), "mobile_number_missing"),
        (CAPE, Payee(PAYEE.contact, None), "recipient_address_missing"),
        (replace(AMERICAN, branch=""), PAYEE, "routing_number_missing"),
        (replace(AMERICAN, bank_name=""), PAYEE, "bank_name_missing"),
        (AMERICAN, Payee(), "beneficiary_address_missing"),
        (GERMAN, Payee(PAYEE.contact, replace(HOME, lines=("At the mill",))), "street_number_missing"),
    ],
)
def test_what_it_would_want_to_know_and_nobody_has_said_is_named_and_nothing_is_sent(
    transfers: PayoutProvider, theirs: flutterwave.Flutterwave, bank: Bank, payee: Payee, code: str
):
    asked = wanted(bank, payee=payee)
    assert transfers.send(asked) == SeenTransfer(asked.payout_id, 1, "", Arrived.FAILED, code=code)
    assert theirs.transfers == []


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
