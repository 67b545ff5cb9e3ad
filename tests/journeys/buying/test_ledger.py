"""Where the money is: sellers see what they have earned, auditors that all of it adds up."""

import csv
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.ports import Meta
from domain.payments.commands import CapturePayment, ConfirmRefund, RequestPayment, RequestRefund
from domain.trade import Share
from domain.values import SYSTEM
from tests.journeys.town import Person, Town

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MILK, BREAD = UUID(int=80), UUID(int=81)


@pytest.fixture
def sam(town: Town) -> Person:
    return town.registered("sam@example.com", "Sam Moyo")


@pytest.fixture
def sue(town: Town) -> Person:
    return town.registered("sue@example.com", "Sue Banda")


def tell(town: Town, payment: UUID, command: Any) -> None:
    town.container.handle(payment, command, Meta(uuid4(), SYSTEM.id, uuid4()))


def sale(town: Town, milk: Person, bread: Person, currency: str = "USD", now: datetime = NOON) -> UUID:
    """7.00 of milk and 3.00 of bread in one payment, of which the provider keeps 0.59."""
    payment = uuid4()
    shares = (Share(MILK, UUID(milk.id), 700), Share(BREAD, UUID(bread.id), 300))
    due = now + timedelta(minutes=15)
    tell(town, payment, RequestPayment(payment, uuid4(), uuid4(), currency, 1000, shares, "sandbox", "4242", due, now))
    tell(town, payment, CapturePayment(payment, 1, "ref-1", currency, 1000, 59, now))
    return payment


def rows(by: Person, path: str) -> list[dict[str, str]]:
    answer = by.ask("GET", path, Accept="text/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(answer.text.splitlines()))


def held(accounts: Any) -> dict[str, int]:
    return {f"{each['account']} {each['currency']}": each["balance"] for each in accounts["items"]}


def test_everything_that_came_is_somebodys_and_sums_to_zero(town: Town, sam: Person, sue: Person):
    payment = sale(town, sam, sue)
    sale(town, sam, sue, "ZWG")
    refund = uuid4()
    tell(town, payment, RequestRefund(payment, refund, MILK, 200, "Sour.", NOON))
    tell(town, payment, ConfirmRefund(payment, refund, "re-1", NOON))
    admin = town.admin()
    assert held(admin.get("/v1/ledger/accounts?currency=USD")) == {
        "platform:fees USD": 100 - 20,
        "provider:fees USD": 59,
        "provider:sandbox:receivable USD": 1000 - 59 - 200,
        "refunds USD": 0,
        f"seller:{sam.id}:pending USD": 700 - 70 - 180,
        f"seller:{sue.id}:pending USD": 300 - 30,
    }
    trial = admin.get("/v1/ledger/trial-balance")
    assert trial["balanced"]
    assert [(each["currency"], each["difference"]) for each in trial["totals"]] == [("USD", 0), ("ZWG", 0)]
    assert {each["chart"]: each["balance"] for each in trial["items"] if each["currency"] == "ZWG"}["seller:pending"] == 900
    assert rows(admin, "/v1/ledger/trial-balance")[0].keys() == trial["items"][0].keys()


def test_an_orders_entries_are_found_in_pages_and_as_a_file(town: Town, sam: Person, sue: Person):
    sale(town, sam, sue)
    admin = town.admin()
    first = admin.get(f"/v1/ledger/entries?order={MILK}&limit=4")
    rest = admin.get(f"/v1/ledger/entries?order={MILK}&limit=4&cursor={first['next']}")
    entries = first["items"] + rest["items"]
    assert (len(entries), rest["next"]) == (6, None)
    assert sum(each["debit"] - each["credit"] for each in entries) == 0
    assert {each["cause"] for each in entries} == {"charge", "platform_fee", "provider_fee"}
    lines = rows(admin, f"/v1/ledger/entries?order={MILK}&limit=1")
    assert [each["id"] for each in lines] == [each["id"] for each in reversed(entries)]
    assert lines[0]["at"] == entries[-1]["at"] == "2026-06-01T12:00:00Z"
    assert lines[0].keys() == entries[0].keys()


def test_a_seller_sees_his_own_accounts_and_nobody_elses(town: Town, sam: Person, sue: Person):
    sale(town, sam, sue)
    assert held(sam.get("/v1/ledger/accounts")) == {f"seller:{sam.id}:pending USD": 630}
    assert {each["account"] for each in sam.get("/v1/ledger/entries")["items"]} == {f"seller:{sam.id}:pending"}
    assert sam.get(f"/v1/ledger/entries?order={BREAD}")["items"] == []
    assert [each["sellerId"] for each in rows(sue, "/v1/ledger/entries")] == [sue.id] * 2
    assert len(rows(sue, "/v1/ledger/accounts")) == 1
    assert sam.get(f"/v1/ledger/accounts/seller:{sue.id}:pending/statement", 404) == ("account_not_found", None)
    assert sam.get("/v1/ledger/trial-balance", 403) == ("role_missing", None)
    assert town.guest().get("/v1/ledger/accounts", 401) == ("unauthenticated", None)


def test_a_statement_says_what_there_was_and_what_came(town: Town, sam: Person, sue: Person):
    for day in range(3):
        sale(town, sam, sue, now=NOON + timedelta(days=day))
    account = f"/v1/ledger/accounts/seller:{sam.id}:pending/statement"
    [second] = sam.get(f"{account}?from=2026-06-02T00:00:00Z&to=2026-06-03T00:00:00Z")["items"]
    assert (second["opening"], second["credit"], second["debit"], second["closing"]) == (630, 700, 70, 1260)
    [whole] = sam.get(account)["items"]
    assert (whole["opening"], whole["closing"], whole["entries"]) == (0, 3 * 630, 6)
    [later] = sam.get(f"{account}?from=2026-07-01T00:00:00Z")["items"]
    assert (later["opening"], later["closing"], later["entries"]) == (3 * 630, 3 * 630, 0)
    assert sam.get(f"{account}?to=2026-05-01T00:00:00Z")["items"] == []
    assert town.admin().get("/v1/ledger/accounts/nobody%00:pending/statement", 404) == ("account_not_found", None)
