"""Every test number does what its table says, from the request to the provider's last message."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.payments import commands as c
from domain.payments.purposes import CONTRIBUTION
from tests.infrastructure.payments.till import CLEO, SAM, STAN, Till

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_an_approved_card_pays_once_though_provider_and_message_both_say_so(till: Till):
    payment = till.ask("4242424242424242")
    till.settle()
    assert till.names(payment) == ["PaymentRequested", "PaymentCaptured"]
    assert till.told == 1
    assert [each.handling for each in till.books.messages(None, None, None, 10)] == ["done"]
    assert till.taken(payment) == 1000


def test_a_message_that_comes_twice_is_dealt_with_once(till: Till):
    payment = till.ask("4000000000000127")
    till.settle()
    assert till.told == 2
    assert len(till.books.messages(None, None, None, 10)) == 1
    assert till.names(payment) == ["PaymentRequested", "PaymentCaptured"]


@pytest.mark.parametrize("number", ["4000000000000002", "4000000000009995", "4000000000000069", "1111"])
def test_a_declined_card_may_be_followed_by_another(till: Till, number: str):
    payment = till.ask(number)
    till.settle()
    assert till.standing(payment) == "failed"
    till.give(c.RetryPayment(payment, "sandbox", "4242424242424242", CLEO, till.clock()))
    till.settle()
    assert till.standing(payment) == "captured"
    assert till.taken(payment) == 1000


def test_3d_secure_waits_for_the_payer_and_goes_on_when_he_approves(till: Till):
    payment = till.ask("4000000000003220")
    till.settle()
    assert till.standing(payment) == "action_required"
    url = till.books.action_url(payment, 1)
    assert url.startswith("https://tw.example/dev/sandbox/")
    till.sandbox.answer_action(url.rsplit("/", 1)[1], approved=True)
    till.settle()
    assert till.standing(payment) == "captured"
    assert till.books.action_url(payment, 1) == ""


def test_3d_secure_that_is_refused_fails(till: Till):
    payment = till.ask("4000000000003220")
    till.settle()
    till.sandbox.answer_action(till.books.action_url(payment, 1).rsplit("/", 1)[1], approved=False)
    till.settle()
    assert (till.standing(payment), till.payment(payment).current.code) == ("failed", "authentication_failed")


def test_who_leaves_3d_secure_for_another_card_cannot_pay_by_both(till: Till):
    payment = till.ask("4000000000003220")
    till.settle()
    reference = till.books.action_url(payment, 1).rsplit("/", 1)[1]
    till.give(c.RetryPayment(payment, "sandbox", "4242424242424242", CLEO, till.clock()))
    till.settle()
    assert till.standing(payment) == "captured"
    assert till.sandbox.answer_action(reference, approved=True).state == "failed"
    assert till.taken(payment) == 1000


def test_what_is_approved_later_is_heard_of_later(till: Till):
    payment = till.ask("4000000000000077")
    till.settle()
    assert till.standing(payment) == "pending"
    till.later(2 * MINUTE)
    assert till.standing(payment) == "captured"


def test_money_that_comes_a_month_late_goes_back(till: Till):
    payment = till.ask("4000000000000085")
    till.later(HOUR, steps=4)
    assert till.standing(payment) == "cancelled"
    till.later(31 * DAY)
    assert till.names(payment)[-3:] == ["ExcessCaptured", "RefundRequested", "RefundPaid"]
    refunded = till.count("SELECT sum(amount) FROM sandbox_refunds")
    assert (till.standing(payment), refunded) == ("cancelled", 1000)


def test_a_charge_whose_answer_never_came_is_found_and_not_made_again(till: Till):
    payment = till.ask("4000000000000036")
    till.settle()
    assert till.standing(payment) == "captured"  # its message came before the next try
    till.later(MINUTE)
    assert till.names(payment) == ["PaymentRequested", "PaymentCaptured"]
    assert till.count("SELECT count(*) FROM sandbox_charges") == 1


def test_a_charge_whose_answer_never_came_is_found_without_any_message(till: Till):
    till.deaf = True
    payment = till.ask("4000000000000036")
    till.later(MINUTE, steps=4)
    assert till.standing(payment) == "captured"
    assert till.count("SELECT count(*) FROM sandbox_charges") == 1


def test_a_charge_that_never_arrived_is_made_by_the_next_try(till: Till):
    payment = till.ask("4000000000000044")
    till.later(MINUTE, steps=4)
    assert till.standing(payment) == "captured"
    assert till.taken(payment) == 1000


def test_a_provider_that_is_down_for_an_hour_takes_nothing_for_what_has_expired(till: Till):
    payment = till.ask("4000000000000051")
    till.later(2 * HOUR, steps=24)
    assert till.standing(payment) == "cancelled"
    assert till.taken(payment) == 0


def test_a_provider_that_is_down_for_an_hour_is_asked_until_it_is_back_where_there_is_time(till: Till):
    payment = till.ask("4000000000000051", minutes=600)
    till.later(2 * HOUR, steps=24)
    assert till.standing(payment) == "captured"
    assert till.taken(payment) == 1000


@pytest.mark.parametrize(
    ("number", "came", "currency"), [("4000000000000093", 999, "USD"), ("4000000000000101", 1001, "USD"), ("4000000000000119", 1000, "XTS")]
)
def test_another_amount_or_currency_is_held_until_a_person_gives_it_back(till: Till, number: str, came: int, currency: str):
    payment = till.ask(number)
    till.settle()
    assert till.standing(payment) == "held"
    held = till.payment(payment).held
    assert held is not None
    assert (held.received, held.currency) == (came, currency)
    till.give(c.RequestRefund(payment, uuid4(), None, came, "Wrong amount.", till.clock(), STAN))
    till.settle()
    assert (till.standing(payment), till.taken(payment)) == ("failed", 0)


def test_a_refund_is_paid_and_one_that_fails_may_be_tried_again(till: Till):
    paid, failing = till.ask("4242424242424242"), till.ask("4000000000005126")
    till.settle()
    for payment in (paid, failing):
        till.give(c.RequestRefund(payment, uuid4(), None, 400, "", till.clock(), STAN))
    till.settle()
    assert (till.standing(paid), till.taken(paid)) == ("partially_refunded", 600)
    assert till.names(failing)[-1] == "RefundFailed"
    assert till.standing(failing) == "captured"


def test_a_refund_that_a_bank_stood_in_the_way_of_is_asked_of_the_provider_again(till: Till):
    payment, refund = till.ask("4000000000005126", purpose=CONTRIBUTION), uuid4()
    till.settle()
    till.give(c.RequestRefund(payment, refund, None, 1000, "failed", till.clock()))
    till.give(c.OpenDispute(payment, 1, "dp", 1000, 0, "fraudulent", till.clock()))
    till.settle()
    assert till.names(payment)[-1] == "RefundDeferred"
    till.give(c.CloseDispute(payment, 1, "dp", 1000, 0, "fraudulent", True, till.clock()))
    till.give(c.FailRefund(payment, refund, "heard once more of the first", till.clock()))
    assert till.names(payment)[-2:] == ["DisputeWon", "RefundRequested"]
    till.settle()
    assert till.names(payment)[-1] == "RefundFailed"
    assert till.count("SELECT count(*) FROM sandbox_refunds WHERE code <> ''") == 2


def test_a_bank_takes_back_what_was_paid_or_gives_it_again(till: Till):
    lost, won = till.ask("4000000000000259"), till.ask("4000000000001976")
    till.later(2 * MINUTE)
    assert (till.standing(lost), till.standing(won)) == ("disputed", "disputed")
    till.later(2 * DAY)
    assert (till.standing(lost), till.standing(won)) == ("charged_back", "captured")


def test_what_is_authorised_is_taken_when_asked_for_or_let_go(till: Till):
    kept, left = till.ask("4242424242424242", manual=True), till.ask("4242424242424242", manual=True)
    till.settle()
    assert till.standing(kept) == till.standing(left) == "authorised"
    till.give(c.RequestCapture(kept, SAM, till.clock(), 600))
    till.give(c.CancelPayment(left, CLEO, till.clock()))
    till.settle()
    assert (till.standing(kept), till.taken(kept)) == ("captured", 600)
    assert (till.standing(left), till.sandbox.look(f"sb_{left.hex}_1").state) == ("cancelled", "failed")
