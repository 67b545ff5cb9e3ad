"""C10: the seller of a settled group is paid by itself, others when they ask; nothing is paid twice, and what fails stays theirs."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.effects.calls import SendPayout
from application.jobs.ports import Skipped
from application.payments.payouts import Wanted
from application.ports import Meta
from domain.values import SYSTEM
from tests.journeys.groups.bazaar import ACCOUNT, Bazaar, opened
from tests.journeys.groups.till import amounts, balanced, gathering, handed_out, paid
from tests.journeys.town import Person

SLOW, REFUSED, LATER, LOST = "914000100001", "914000100002", "914000100003", "914000100004"
DUE = 60 * 600 - 3_600
"""Sixty sacks at 6.00, less the fee."""


@pytest.fixture
def bazaar(database: str) -> Generator[Bazaar]:
    with opened(database) as found:
        yield found


@pytest.fixture
def admin(bazaar: Bazaar) -> Person:
    return bazaar.admin()


def banking(bazaar: Bazaar, **account: str) -> None:
    bazaar.tariro.put(f"/v1/suppliers/{bazaar.supplier}/bank-details", {**ACCOUNT, **account})


def settled(bazaar: Bazaar) -> str:
    """A group of sixty sacks from the first payment to the last piece."""
    group = gathering(bazaar)
    paid(bazaar.rudo, group, 60)
    bazaar.farai.post(f"/v1/groups/{group}/lock", {})
    bazaar.settle()
    handed_out(bazaar, group, 600)
    return group


def payouts(by: Person, asked: str = "") -> list[dict[str, Any]]:
    return by.get(f"/v1/payouts{asked}")["items"]


def balance(bazaar: Bazaar) -> dict[str, int]:
    [usd] = bazaar.tariro.get("/v1/sellers/me/balance")["items"]
    return amounts(usd)


def pay_out(by: Person, status: int = 201, key: str = "", **body: Any) -> Any:
    return by.post("/v1/payouts", {"currency": "USD", **body}, status, Idempotency_Key=key or str(uuid4()))


def test_the_seller_of_a_settled_group_is_paid_to_the_account_of_the_company(bazaar: Bazaar, admin: Person):
    group = settled(bazaar)
    [payout] = payouts(bazaar.tariro, f"?group={group}")
    assert (payout["status"], payout["amount"]["amount"], payout["accountEnding"]) == ("paid", DUE, "4567")
    assert bazaar.tariro.get(f"/v1/payouts/{payout['id']}") == payout
    assert balance(bazaar) == {"paid": DUE}
    accounts = {each["account"]: each["balance"] for each in admin.get("/v1/ledger/accounts?currency=USD")["items"]}
    assert (accounts["payout:pending"], accounts[f"group:{group}:held"], accounts["platform:fees"]) == (0, 0, 3_600)
    assert balanced(admin)
    assert bazaar.rudo.get(f"/v1/payouts/{payout['id']}", 404) == ("payout_not_found", None)
    assert payouts(bazaar.rudo) == []
    assert "9140" not in admin.ask("GET", f"/v1/audit/streams/{payout['id']}").text


def test_what_arrives_later_is_told_by_the_provider_or_asked_for(bazaar: Bazaar):
    banking(bazaar, number=SLOW)
    settled(bazaar)
    assert [each["status"] for each in payouts(bazaar.tariro)] == ["sent"]
    bazaar.deaf = True
    bazaar.later(timedelta(hours=3))
    assert [each["status"] for each in payouts(bazaar.tariro)] == ["paid"]
    bazaar.deaf = False
    bazaar.later(timedelta(hours=12))
    assert balance(bazaar) == {"paid": DUE}


def test_a_payout_whose_answer_was_lost_is_found_and_not_sent_again(bazaar: Bazaar):
    banking(bazaar, number=LOST)
    settled(bazaar)
    bazaar.later(timedelta(hours=1))
    assert [(each["status"], each["attempt"]) for each in payouts(bazaar.tariro)] == [("paid", 1)]
    with bazaar.container.pool.connection() as connection:
        assert connection.execute("SELECT count(*), sum(amount) FROM sandbox_transfers").fetchone() == (1, DUE)


def test_what_fails_stays_due_and_is_tried_again_by_staff(bazaar: Bazaar, admin: Person):
    banking(bazaar, number=REFUSED)
    settled(bazaar)
    [failed] = payouts(bazaar.stan, "?status=failed")
    assert (failed["code"], failed["actions"], balance(bazaar)) == ("account_closed", ["retry"], {"due": DUE})
    assert bazaar.tariro.post(f"/v1/payouts/{failed['id']}/retry", {}, 403, Idempotency_Key="a") == ("role_missing", None)
    bazaar.stan.post(f"/v1/payouts/{failed['id']}/retry", {}, Idempotency_Key="a")
    bazaar.settle()
    assert [(each["status"], each["attempt"]) for each in payouts(bazaar.stan)] == [("failed", 2)]
    banking(bazaar)
    pay_out(bazaar.tariro)
    bazaar.settle()
    assert balance(bazaar) == {"paid": DUE}
    assert bazaar.stan.post(f"/v1/payouts/{failed['id']}/retry", {}, 409, Idempotency_Key="b") == ("balance_insufficient", None)
    assert balanced(admin)


def test_a_seller_has_paid_out_what_is_due_and_no_more(bazaar: Bazaar):
    banking(bazaar, currency="EUR")
    settled(bazaar)
    assert (payouts(bazaar.tariro), balance(bazaar)) == ([], {"due": DUE})
    assert pay_out(bazaar.tariro, 422) == ("bank_currency_differs", "/currency")
    banking(bazaar)
    first = pay_out(bazaar.tariro, amount=10_000, key="once")
    assert pay_out(bazaar.tariro, amount=10_000, key="once")["id"] == first["id"]
    assert pay_out(bazaar.tariro, 409, amount=DUE) == ("balance_insufficient", None)
    pay_out(bazaar.tariro)
    assert pay_out(bazaar.tariro, 409) == ("balance_insufficient", None)
    bazaar.settle()
    assert balance(bazaar) == {"paid": DUE}
    assert sorted(each["amount"]["amount"] for each in payouts(bazaar.tariro)) == [10_000, DUE - 10_000]
    assert pay_out(bazaar.rudo, 409) == ("bank_details_missing", None)
    assert pay_out(bazaar.tariro, 422, provider="stripe") == ("payout_unsupported", "/provider")


def test_what_the_ledger_does_not_know_yet_is_not_paid_out_twice(bazaar: Bazaar):
    """The read model stands still between the two: only the purse knows of the first."""
    banking(bazaar, currency="EUR")
    settled(bazaar)
    balance(bazaar)
    banking(bazaar)
    ask, seller = bazaar.container.paying.pay_out, UUID(bazaar.tariro.id)
    ask(Wanted(uuid4(), seller, "USD", DUE), SYSTEM, bazaar.clock(), Meta(uuid4(), SYSTEM.id, uuid4()))
    assert pay_out(bazaar.tariro, 409, amount=1) == ("balance_insufficient", None)


def test_sending_a_payout_again_sends_nothing(bazaar: Bazaar):
    settled(bazaar)
    [payout] = payouts(bazaar.tariro)
    with pytest.raises(Skipped):
        bazaar.container.paying.payouts(uuid4(), SendPayout(UUID(payout["id"])), uuid4())
