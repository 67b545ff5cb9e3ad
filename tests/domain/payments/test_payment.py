from datetime import timedelta
from uuid import UUID, uuid5

import pytest

from domain.payments import commands as c
from domain.payments import events as e
from domain.payments.payment import payments
from domain.payments.shares import Share
from domain.payments.standing import Requested
from tests.bdd import Given
from tests.domain.payments.purse import (
    BREAD,
    CHECKOUT,
    CLEO,
    DUE,
    EVE,
    MILK,
    MONTH_LATER,
    NOON,
    OTHER_REFUND,
    PAYMENT,
    REFUND,
    SAM,
    SHARES,
    STAN,
    SUE,
    VISA,
    again,
    asked,
    asked_manually,
    authorise,
    authorised,
    capture,
    captured,
    declined,
    expired,
    fail,
    held,
    refund,
    refund_asked,
    refund_paid,
    request,
    retry,
    step_wanted,
)


def standing(*history: e.PaymentEvent) -> str:
    found = payments.fold(history)
    assert isinstance(found, Requested)
    return found.standing


def test_a_payment_is_asked_for_once():
    Given(payments).when(request()).then(asked)
    Given(payments, asked).when(request()).then()


def test_the_shares_are_the_whole_amount():
    Given(payments).when(request(999)).rejected("shares_invalid")
    Given(payments).when(request(-1, (Share(MILK, SAM.id, -1),))).rejected("amount_invalid")


def test_where_nothing_is_to_be_paid_it_is_paid():
    free = (Share(MILK, SAM.id, 0),)
    events = payments.decide(request(0, free), payments.initial)
    assert [type(each) for each in events] == [e.PaymentRequested, e.PaymentCaptured]
    assert standing(*events) == "captured"


def test_nothing_is_done_with_a_payment_that_there_is_not():
    Given(payments).when(capture()).rejected("payment_not_found")
    Given(payments).when(retry()).rejected("payment_not_found")


def test_what_was_asked_and_came_is_captured_once():
    Given(payments, asked).when(capture()).then(captured)
    Given(payments, asked, captured).when(capture()).then()
    Given(payments, asked, captured).when(fail()).then()
    Given(payments, asked, captured).when(authorise()).then()


def test_a_capture_that_comes_before_its_authorisation_is_a_capture():
    Given(payments, asked, captured).when(authorise()).then()
    assert standing(asked, captured) == "captured"


def test_a_declined_card_may_be_followed_by_another():
    Given(payments, asked).when(fail()).then(declined)
    Given(payments, asked, declined).when(retry()).then(again)
    Given(payments, asked, declined, again).when(capture(2)).then(
        e.PaymentCaptured(PAYMENT, CHECKOUT, CLEO.id, "USD", 1000, 59, SHARES, "ref-2", NOON, "sandbox", 2)
    )


def test_while_an_attempt_may_still_succeed_no_other_is_begun():
    Given(payments, asked).when(retry()).rejected("payment_not_retryable")


def test_who_gives_up_3d_secure_for_another_card_leaves_nothing_open():
    gone = e.AttemptAbandoned(PAYMENT, 1, "sandbox", "USD", 0, NOON)
    Given(payments, asked, step_wanted).when(retry()).then(gone, again)


def test_nobody_tries_again_when_the_time_is_over_or_for_ever():
    Given(payments, asked, declined).when(retry(now=DUE)).rejected("payment_expired")
    history: list[e.PaymentEvent] = [asked, declined]
    for number in range(2, 21):
        history += [
            e.PaymentRetried(PAYMENT, CLEO.id, number, "sandbox", VISA, NOON),
            e.PaymentFailed(PAYMENT, CHECKOUT, CLEO.id, number, "sandbox", "card_declined", "USD", 0, NOON),
        ]
    Given(payments, *history).when(retry()).rejected("too_many_attempts")


def test_a_failure_that_is_heard_after_the_money_came_changes_nothing_and_before_it_neither():
    Given(payments, asked, declined).when(capture()).then(captured)
    assert standing(asked, declined, captured) == standing(asked, captured) == "captured"


@pytest.mark.parametrize(("amount", "currency"), [(900, "USD"), (1100, "USD"), (1000, "ZWG")])
def test_another_amount_or_currency_is_held_and_never_taken_for_success(amount: int, currency: str):
    came = e.PaymentHeld(PAYMENT, CLEO.id, 1, "sandbox", currency, amount, 59, "USD", 1000, "ref-1", NOON)
    Given(payments, asked).when(capture(1, amount, currency)).then(came)
    assert standing(asked, came) == "held"


def test_another_amount_that_is_only_authorised_is_let_go():
    failed = e.PaymentFailed(PAYMENT, CHECKOUT, CLEO.id, 1, "sandbox", "amount_differs", "USD", 0, NOON)
    gone = e.AttemptAbandoned(PAYMENT, 1, "sandbox", "USD", 0, NOON)
    Given(payments, asked).when(authorise(1, 999)).then(failed, gone)


def test_held_money_is_given_back_by_staff_and_the_payer_may_try_again():
    back = e.RefundRequested(PAYMENT, REFUND, None, CLEO.id, 1, "sandbox", "USD", 900, (), "Wrong.", STAN.id, NOON)
    Given(payments, asked, held).when(refund(900, None, STAN, reason="Wrong.")).then(back)
    Given(payments, asked, held).when(refund(900, None, SAM)).rejected("not_yours")
    Given(payments, asked, held).when(refund(901, None, STAN)).rejected("refund_exceeds_captured", pointer="/amount")
    paid = e.RefundPaid(PAYMENT, REFUND, None, CLEO.id, 1, "sandbox", "USD", 900, (), "re-1", NOON)
    Given(payments, asked, held, back, paid).offers(CLEO, "retry", "cancel")


def test_the_time_to_pay_ends_only_when_it_is_over_and_nothing_was_paid():
    Given(payments, asked).when(c.ExpirePayment(PAYMENT, DUE - timedelta(seconds=1))).then()
    Given(payments, asked).when(c.ExpirePayment(PAYMENT, DUE)).then(expired)
    Given(payments, asked, captured).when(c.ExpirePayment(PAYMENT, DUE)).then()
    Given(payments, asked, expired).when(c.ExpirePayment(PAYMENT, DUE)).then()


def excess(attempt: int, cause: e.Excess, now: object) -> list[e.PaymentEvent]:
    id = uuid5(PAYMENT, f"excess {attempt}")
    return [
        e.ExcessCaptured(PAYMENT, CLEO.id, attempt, "sandbox", "USD", 1000, 59, f"ref-{attempt}", cause, now),  # type: ignore[arg-type]
        e.RefundRequested(PAYMENT, id, None, CLEO.id, attempt, "sandbox", "USD", 1000, (), cause, UUID(int=0), now),  # type: ignore[arg-type]
    ]


def test_money_that_comes_a_month_late_goes_back_at_once():
    late = excess(1, e.Excess.LATE, MONTH_LATER)
    Given(payments, asked, expired).when(capture(now=MONTH_LATER)).then(*late)
    Given(payments, asked, expired, *late).when(capture(now=MONTH_LATER)).then()
    assert standing(asked, expired, *late) == "cancelled"


def test_a_card_that_pays_twice_gets_the_second_payment_back():
    gone = e.AttemptAbandoned(PAYMENT, 1, "sandbox", "USD", 0, NOON)
    second = e.PaymentCaptured(PAYMENT, CHECKOUT, CLEO.id, "USD", 1000, 59, SHARES, "ref-2", NOON, "sandbox", 2)
    Given(payments, asked, step_wanted, gone, again, second).when(capture(1)).then(*excess(1, e.Excess.TWICE, NOON))


def test_what_was_authorised_is_captured_when_asked_in_whole_or_part():
    wanted = e.CaptureRequested(PAYMENT, 1, "USD", 1000, SHARES, SAM.id, NOON)
    part = e.CaptureRequested(PAYMENT, 1, "USD", 501, (Share(MILK, SAM.id, 351), Share(BREAD, SUE.id, 150)), STAN.id, NOON)
    Given(payments, asked_manually, authorised).when(c.RequestCapture(PAYMENT, SAM, NOON)).then(wanted)
    Given(payments, asked_manually, authorised).when(c.RequestCapture(PAYMENT, STAN, NOON, 501)).then(part)
    Given(payments, asked_manually, authorised).when(c.RequestCapture(PAYMENT, SAM, NOON, 1001)).rejected(
        "amount_invalid", pointer="/amount"
    )
    Given(payments, asked_manually, authorised).when(c.RequestCapture(PAYMENT, CLEO, NOON)).rejected("not_yours")
    Given(payments, asked_manually, authorised, part).when(c.RequestCapture(PAYMENT, SAM, NOON, 501)).then()
    Given(payments, asked_manually, authorised, part).when(c.RequestCapture(PAYMENT, SAM, NOON, 1000)).rejected("capture_requested")
    Given(payments, asked_manually, authorised, part).when(capture(1, 501)).then(
        e.PaymentCaptured(PAYMENT, CHECKOUT, CLEO.id, "USD", 501, 59, part.shares, "ref-1", NOON, "sandbox", 1, 1000)
    )


def test_what_was_authorised_is_let_go_when_it_is_cancelled_or_fails():
    Given(payments, asked_manually, authorised).when(c.CancelPayment(PAYMENT, CLEO, NOON)).then(
        e.PaymentCancelled(PAYMENT, CHECKOUT, CLEO.id, "cancelled", "USD", 1000, "sandbox", NOON)
    )
    Given(payments, asked_manually, authorised).when(fail()).then(
        e.PaymentFailed(PAYMENT, CHECKOUT, CLEO.id, 1, "sandbox", "card_declined", "USD", 1000, NOON)
    )


def test_a_seller_gives_back_of_his_own_order_and_no_more_than_it_brought():
    paid = Given(payments, asked, captured)
    paid.when(refund(200)).then(refund_asked())
    paid.when(refund(200, BREAD)).rejected("not_yours")
    paid.when(refund(200, None)).rejected("not_yours")
    paid.when(refund(701)).rejected("refund_exceeds_captured", pointer="/amount")
    paid.when(refund(0)).rejected("amount_invalid", pointer="/amount")
    paid.when(refund(1, UUID(int=99))).rejected("order_not_found", pointer="/orderId")
    Given(payments, asked, captured, refund_asked()).when(refund(501, id=OTHER_REFUND)).rejected(
        "refund_exceeds_captured", pointer="/amount"
    )
    Given(payments, asked, captured, refund_asked()).when(refund(200)).then()


def test_staff_gives_back_of_the_whole_in_proportion_of_what_is_left():
    shares = (Share(MILK, SAM.id, 500), Share(BREAD, SUE.id, 300))
    Given(payments, asked, captured, refund_asked()).when(refund(800, None, STAN, id=OTHER_REFUND)).then(
        e.RefundRequested(PAYMENT, OTHER_REFUND, None, CLEO.id, 1, "sandbox", "USD", 800, shares, "Sour.", STAN.id, NOON)
    )


def test_a_refund_is_paid_or_fails_and_what_failed_may_be_asked_again():
    confirmed = c.ConfirmRefund(PAYMENT, REFUND, "re-1", NOON)
    refused = c.FailRefund(PAYMENT, REFUND, "expired_card", NOON)
    asked_back = (asked, captured, refund_asked())
    Given(payments, *asked_back).when(confirmed).then(refund_paid())
    Given(payments, *asked_back, refund_paid()).when(confirmed).then()
    parts = (Share(MILK, SAM.id, 200),)
    failed = e.RefundFailed(PAYMENT, REFUND, MILK, CLEO.id, 1, "sandbox", "USD", 200, parts, "expired_card", False, NOON)
    Given(payments, *asked_back).when(refused).then(failed)
    Given(payments, *asked_back, failed).when(confirmed).then()
    Given(payments, *asked_back, failed).when(refund(700, id=OTHER_REFUND)).then(refund_asked(700, OTHER_REFUND))
    returned = e.RefundFailed(PAYMENT, REFUND, MILK, CLEO.id, 1, "sandbox", "USD", 200, parts, "expired_card", True, NOON)
    Given(payments, *asked_back, refund_paid()).when(refused).then(returned)
    Given(payments, *asked_back).when(c.ConfirmRefund(PAYMENT, OTHER_REFUND, "re-2", NOON)).rejected("refund_not_found")


def test_a_payment_says_how_much_of_it_went_back():
    assert standing(asked, captured, refund_asked()) == "captured"
    assert standing(asked, captured, refund_asked(), refund_paid()) == "partially_refunded"
    all_of_it = e.RefundPaid(PAYMENT, REFUND, None, CLEO.id, 1, "sandbox", "USD", 1000, SHARES, "re-1", NOON)
    wanted = e.RefundRequested(PAYMENT, REFUND, None, CLEO.id, 1, "sandbox", "USD", 1000, SHARES, "", STAN.id, NOON)
    assert standing(asked, captured, wanted, all_of_it) == "refunded"


def test_a_dispute_is_opened_once_and_won_or_lost_once():
    opening = c.OpenDispute(PAYMENT, 1, "dp-1", 1000, 1500, "fraudulent", NOON)
    opened = e.DisputeOpened(PAYMENT, "dp-1", CLEO.id, 1, "sandbox", "USD", 1000, 1500, SHARES, "fraudulent", NOON)
    Given(payments, asked, captured).when(opening).then(opened)
    Given(payments, asked, captured, opened).when(opening).then()
    lost = c.CloseDispute(PAYMENT, 1, "dp-1", 1000, 1500, "fraudulent", False, NOON)
    gone = e.DisputeLost(PAYMENT, "dp-1", "sandbox", "USD", 1000, SHARES, NOON)
    Given(payments, asked, captured, opened).when(lost).then(gone)
    Given(payments, asked, captured).when(lost).then(opened, gone)
    Given(payments, asked, captured, opened, gone).when(opening).then()
    assert standing(asked, captured, opened) == "disputed"
    assert standing(asked, captured, opened, gone) == "charged_back"
    won = e.DisputeWon(PAYMENT, "dp-1", "sandbox", "USD", 1000, 1500, SHARES, NOON)
    assert standing(asked, captured, opened, won) == "captured"
    Given(payments, asked, captured, opened).when(refund(1)).rejected("payment_not_refundable")


def test_who_may_do_what():
    Given(payments, asked).offers(CLEO, "cancel")
    Given(payments, asked).offers(EVE)
    Given(payments, asked, declined).offers(CLEO, "retry", "cancel")
    Given(payments, asked_manually, authorised).offers(SAM, "capture")
    Given(payments, asked, captured).offers(SUE, "refund")
    Given(payments, asked, captured).offers(CLEO)
    Given(payments, asked, declined).when(retry(EVE)).rejected("not_yours")
