"""What every event of a payment does to the books."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.payments import books, ledger
from domain.payments import events as e
from domain.payments.accounts import Chart, balance, side
from domain.payments.books import Books, Sale
from domain.payments.fees import FeeRule
from domain.payments.ledger import Cause, Posting
from domain.payments.shares import Share
from tests.domain.payments.purse import (
    BREAD,
    CLEO,
    MILK,
    NOON,
    PAYMENT,
    REFUND,
    SAM,
    SHARES,
    SUE,
    asked,
    authorised,
    captured,
    expired,
    held,
    refund_asked,
    refund_paid,
)

SAMS, SUES = f"seller:{SAM.id}", f"seller:{SUE.id}"
TAXED = books.placed(Books(), MILK, Sale(SAM.id, 700, 51, "CH"))


class Delivered:
    """The order of milk is delivered."""


def written(*events: Any, before: Books = TAXED) -> list[Posting]:
    """All postings of a history, in order."""
    found: list[Posting] = []
    for event in events:
        if isinstance(event, Delivered):
            found += ledger.delivered(before, MILK)
            before = books.delivered(before, MILK, SAM.id)
        else:
            found += ledger.postings(before, event)
            before = books.evolve(before, event)
    return found


def balances(postings: Sequence[Posting]) -> dict[str, int]:
    """What each account holds, seen from its own side; empty ones left out."""
    sums: Counter[tuple[str, Chart]] = Counter()
    for posting in postings:
        sums[posting.account.name, posting.account.chart] += balance(posting.account.chart, posting.debit, posting.credit)
    return {name: amount for (name, _), amount in sums.items() if amount}


def opened(amount: int, shares: tuple[Share, ...]) -> e.DisputeOpened:
    return e.DisputeOpened(PAYMENT, "dp-1", CLEO.id, 1, "sandbox", "USD", amount, 1500, shares, "fraudulent", NOON)


def test_a_charge_is_the_sellers_less_tax_and_fee():
    assert balances(written(asked, captured)) == {
        "provider:sandbox:receivable": 1000 - 59,
        "provider:fees": 59,
        "tax:CH": 51,
        "platform:fees": 65 + 30,
        f"{SAMS}:pending": 700 - 51 - 65,
        f"{SUES}:pending": 300 - 30,
    }


def test_the_entries_of_each_order_sum_to_zero_by_themselves():
    for order, seller in ((MILK, SAMS), (BREAD, SUES)):
        mine = [each for each in written(asked, captured) if each.order_id == order]
        assert sum(each.debit - each.credit for each in mine) == 0
        assert {each.account.name for each in mine} >= {"provider:sandbox:receivable", "platform:fees", f"{seller}:pending"}


def test_what_is_reserved_stands_apart_until_it_is_taken_in_part():
    assert balances(written(asked, authorised)) == {"provider:sandbox:reserved": 1000, "buyer:sandbox:promised": 1000}
    part = replace(captured, amount=501, shares=(Share(MILK, SAM.id, 351), Share(BREAD, SUE.id, 150)), authorised=1000)
    after = balances(written(asked, authorised, part))
    assert "provider:sandbox:reserved" not in after
    assert after["provider:sandbox:receivable"] == 501 - 59
    assert after["tax:CH"] == 26  # 51 of 700, for 351


@pytest.mark.parametrize("end", [replace(expired, released=1000), e.AttemptAbandoned(PAYMENT, 1, "sandbox", "USD", 1000, NOON)])
def test_what_is_let_go_leaves_nothing(end: e.PaymentEvent):
    postings = written(asked, authorised, end)
    assert balances(postings) == {}
    assert {each.cause for each in postings} == {Cause.RESERVATION, Cause.RESERVATION_VOIDED}


def test_what_was_earned_is_due_once_it_is_delivered_and_refunds_then_come_from_there():
    after = balances(written(asked, captured, Delivered(), Delivered(), refund_asked(200)))
    assert f"{SAMS}:pending" not in after
    assert after[f"{SAMS}:available"] == 584 - (200 - 15 - 18)
    assert after["refunds"] == 200


def test_an_order_that_was_delivered_before_it_was_paid_is_due_at_once():
    after = balances(written(Delivered(), asked, captured))
    assert after[f"{SAMS}:available"] == 584


@pytest.mark.parametrize("amounts", [[700], [1, 1, 1, 697], [233, 233, 234], [100] * 7, [699, 1], [350, 350]])
def test_refunds_of_any_size_give_back_the_whole_of_tax_and_fee(amounts: list[int]):
    refunds = [
        event
        for number, amount in enumerate(amounts)
        for event in (refund_asked(amount, UUID(int=REFUND.int + number)), refund_paid(amount, UUID(int=REFUND.int + number)))
    ]
    assert balances(written(asked, captured, *refunds)) == {
        "provider:sandbox:receivable": 300 - 59,
        "provider:fees": 59,
        "platform:fees": 30,
        f"{SUES}:pending": 270,
    }


@pytest.mark.parametrize("paid", [False, True])
def test_a_refund_that_failed_is_undone(paid: bool):
    asked_back = refund_asked(200)
    failed = e.RefundFailed(PAYMENT, REFUND, MILK, CLEO.id, 1, "sandbox", "USD", 200, asked_back.shares, "closed", paid, NOON)
    before = [asked_back, refund_paid(200)] if paid else [asked_back]
    assert balances(written(asked, captured, *before, failed)) == balances(written(asked, captured))
    assert balances(written(asked, captured, *before, Delivered(), failed)) == balances(written(asked, captured, Delivered()))


def test_a_fee_that_is_kept_is_the_sellers_loss(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("domain.payments.fees.FEE_RULES", (FeeRule(NOON - timedelta(days=1), 1_000, 0),))
    after = balances(written(asked, captured, refund_asked(700), refund_paid(700)))
    assert after["platform:fees"] == 65 + 30
    assert after[f"{SAMS}:pending"] == -65


def test_money_of_a_wrong_amount_is_nobodys_until_it_goes_back():
    postings = written(asked, held)
    assert balances(postings) == {"provider:sandbox:receivable": 850, "provider:fees": 50, "buyer:held": 900}
    back = replace(refund_asked(900), order_id=None, shares=())
    paid = replace(refund_paid(900), order_id=None, shares=())
    assert balances(written(asked, held, back, paid)) == {"provider:sandbox:receivable": -50, "provider:fees": 50}


def test_a_disputed_charge_is_taken_by_the_bank_and_kept_from_the_seller():
    shares = (Share(MILK, SAM.id, 280), Share(BREAD, SUE.id, 120))
    after = balances(written(asked, captured, opened(400, shares)))
    assert after["disputes"] == 400
    assert after["provider:sandbox:receivable"] == 1000 - 59 - 400 - 1500
    assert after["provider:fees"] == 59 + 1500
    assert after[f"{SAMS}:disputed"] == 280
    assert after[f"{SAMS}:pending"] == 584 - (280 - 20 - 26)
    assert (after[f"{SUES}:disputed"], after[f"{SUES}:pending"]) == (120, 270 - (120 - 12))


def test_a_dispute_that_is_won_leaves_only_its_cost():
    won = e.DisputeWon(PAYMENT, "dp-1", "sandbox", "USD", 1000, 1500, SHARES, NOON)
    assert balances(written(asked, captured, opened(1000, SHARES), won)) == balances(written(asked, captured))
    costly = balances(written(asked, captured, opened(1000, SHARES), Delivered(), replace(won, fee=0)))
    assert costly["provider:fees"] == 59 + 1500
    assert costly[f"{SAMS}:available"] == 584


def test_a_dispute_that_is_lost_is_borne_like_a_refund():
    lost = e.DisputeLost(PAYMENT, "dp-1", "sandbox", "USD", 1000, SHARES, NOON)
    assert balances(written(asked, captured, opened(1000, SHARES), lost)) == {
        "provider:sandbox:receivable": -59 - 1500,
        "provider:fees": 59 + 1500,
    }


def test_a_dispute_that_is_heard_of_before_the_charge_comes_to_the_same():
    lost = e.DisputeLost(PAYMENT, "dp-1", "sandbox", "USD", 400, SHARES, NOON)
    shares = (Share(MILK, SAM.id, 280), Share(BREAD, SUE.id, 120))
    in_order = balances(written(asked, captured, opened(400, shares), lost))
    assert balances(written(asked, opened(400, shares), captured, lost)) == in_order
    assert balances(written(asked, opened(400, shares), lost, captured)) == in_order


def test_what_a_bank_takes_though_it_was_refunded_is_the_sellers_to_bear():
    lost = e.DisputeLost(PAYMENT, "dp-1", "sandbox", "USD", 700, (SHARES[0],), NOON)
    after = balances(written(asked, captured, refund_asked(700), refund_paid(700), opened(700, (SHARES[0],)), lost))
    assert after[f"{SAMS}:pending"] == -700
    assert "tax:CH" not in after


def test_every_kind_of_account_has_its_side():
    assert {side(each) for each in Chart} == {"debit", "credit"}
    assert balance(Chart.RECEIVABLE, 7, 2) == 5
    assert balance(Chart.PENDING, 7, 2) == -5
