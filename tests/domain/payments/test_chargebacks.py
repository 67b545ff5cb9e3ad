"""A contribution that its payer's bank took back: what is owed of it counts as returned, and nothing goes back twice."""

from uuid import UUID

from domain.payments import commands as c
from domain.payments import events as e
from domain.payments.payment import payments
from domain.payments.purposes import CONTRIBUTION
from domain.payments.shares import Share
from domain.payments.standing import Refunding, Requested
from domain.values import SYSTEM
from tests.bdd import Given
from tests.domain.payments.purse import CHECKOUT, CLEO, DUE, NOON, OTHER_REFUND, PAYMENT, REFUND, SAM, STAN, VISA

PART = UUID(int=82)
ID, WHOSE = (PAYMENT, REFUND, None, CLEO.id, 1, "sandbox", "USD"), (CONTRIBUTION, CHECKOUT)


def shares(amount: int) -> tuple[Share, ...]:
    return (Share(PART, SAM.id, amount),)


asked = e.PaymentRequested(
    PAYMENT, CHECKOUT, CLEO.id, "USD", 1000, shares(1000), "sandbox", VISA, DUE, NOON, manual=False, purpose=CONTRIBUTION
)
captured = e.PaymentCaptured(PAYMENT, CHECKOUT, CLEO.id, "USD", 1000, 59, shares(1000), "ref-1", NOON, "sandbox", 1, purpose=CONTRIBUTION)
paid = (asked, captured)
back = c.RequestRefund(PAYMENT, REFUND, None, 1000, "failed", NOON)
refund_asked = e.RefundRequested(*ID, 1000, shares(1000), "failed", SYSTEM.id, NOON, *WHOSE)
deferred = e.RefundDeferred(*ID, 1000, shares(1000), "failed", False, NOON, *WHOSE)
met = e.RefundMet(*ID, 1000, shares(1000), "failed", 0, NOON, *WHOSE)


def disputed(amount: int = 1000) -> e.DisputeOpened:
    return e.DisputeOpened(PAYMENT, "dp-1", CLEO.id, 1, "sandbox", "USD", amount, 1500, shares(amount), "fraudulent", NOON)


def lost(amount: int = 1000) -> e.DisputeLost:
    return e.DisputeLost(PAYMENT, "dp-1", "sandbox", "USD", amount, shares(amount), NOON)


won = e.DisputeWon(PAYMENT, "dp-1", "sandbox", "USD", 1000, 0, shares(1000), NOON)


def rules(*, won: bool, amount: int = 1000) -> c.CloseDispute:
    return c.CloseDispute(PAYMENT, 1, "dp-1", amount, 1500, "fraudulent", won, NOON)


fails = c.FailRefund(PAYMENT, REFUND, "charge_disputed", NOON)


def test_what_the_bank_has_given_back_counts_as_returned():
    Given(payments, *paid, disputed(), lost()).when(back).then(met)
    Given(payments, *paid, disputed(), lost(), met).when(back).then()


def test_while_the_bank_decides_what_is_owed_waits_and_follows_its_ruling():
    waits = (*paid, disputed())
    Given(payments, *waits).when(back).then(deferred)
    Given(payments, *waits, deferred).when(back).then()
    Given(payments, *waits, deferred).when(rules(won=False)).then(lost(), met)
    Given(payments, *waits, deferred).when(rules(won=True)).then(won, refund_asked)
    Given(payments, *waits, deferred, lost(), met).when(rules(won=False)).then()


def test_a_ruling_that_is_the_first_that_is_heard_of_it_counts_as_well():
    Given(payments, *paid).when(rules(won=False)).then(disputed(), lost())
    Given(payments, *paid, refund_asked).when(rules(won=False)).then(disputed(), lost())


def test_where_the_bank_took_a_part_the_rest_is_given_back():
    part = e.RefundMet(*ID, 400, shares(400), "failed", 600, NOON, *WHOSE)
    rest = e.RefundRequested(*ID, 600, shares(600), "failed", SYSTEM.id, NOON, *WHOSE)
    Given(payments, *paid, disputed(400), lost(400)).when(back).then(part, rest)
    after = payments.fold([*paid, disputed(400), lost(400), part, rest])
    assert isinstance(after, Requested)
    assert (after.by_bank, after.refunds[REFUND].amount, after.refunds[REFUND].state) == ({REFUND: 400}, 600, Refunding.REQUESTED)
    more = c.RequestRefund(PAYMENT, OTHER_REFUND, None, 1, "compensation", NOON)
    Given(payments, *paid, disputed(400), lost(400), part, rest).when(more).rejected("refund_exceeds_captured", pointer="/amount")


def test_a_refund_that_the_provider_cannot_make_because_of_the_bank_waits_for_it_too():
    waits = e.RefundDeferred(*ID, 1000, shares(1000), "failed", True, NOON, *WHOSE)
    Given(payments, *paid, refund_asked, disputed()).when(fails).then(waits)
    Given(payments, *paid, refund_asked, disputed(), waits).when(rules(won=False)).then(lost(), met)
    Given(payments, *paid, refund_asked, disputed(), lost()).when(fails).then(waits, met)
    failed = e.RefundFailed(*ID, 1000, shares(1000), "charge_disputed", False, NOON, *WHOSE)
    asked_again = (*paid, refund_asked, disputed(), waits, won, refund_asked)
    Given(payments, *asked_again).when(c.FailRefund(PAYMENT, REFUND, "charge_disputed", NOON, asking=2)).then(failed)
    Given(payments, *paid, refund_asked, disputed(), waits).when(fails).then()
    Given(payments, *paid, refund_asked, disputed(), waits).when(c.ConfirmRefund(PAYMENT, REFUND, "re-1", NOON)).then()


def test_what_is_heard_late_of_a_refund_that_failed_says_nothing_of_the_next_one():
    part = e.RefundMet(*ID, 400, shares(400), "failed", 600, NOON, *WHOSE)
    rest = e.RefundRequested(*ID, 600, shares(600), "failed", SYSTEM.id, NOON, *WHOSE)
    waits = e.RefundDeferred(*ID, 1000, shares(1000), "failed", True, NOON, *WHOSE)
    bank = (disputed(400), lost(400))
    Given(payments, *paid, refund_asked, *bank).when(fails).then(waits, part, rest)
    Given(payments, *paid, refund_asked, *bank, waits, part, rest).when(fails).then()
    arrived = c.ConfirmRefund(PAYMENT, REFUND, "re-2", NOON, asking=2)
    Given(payments, *paid, refund_asked, *bank, waits, part, rest).when(arrived).then(
        e.RefundPaid(*ID, 600, shares(600), "re-2", NOON, *WHOSE)
    )


def test_nobody_but_the_group_gives_back_what_a_bank_has_taken():
    staff = c.RequestRefund(PAYMENT, REFUND, None, 1000, "kind", NOON, STAN)
    for history in ((disputed(),), (disputed(), lost())):
        Given(payments, *paid, *history).when(staff).rejected("payment_not_refundable")
