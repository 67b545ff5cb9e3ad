"""A checkout of two orders, its payer, its sellers and what a provider may say: what tests of payments speak of."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.payments import commands as c
from domain.payments import events as e
from domain.payments.shares import Share
from domain.values import Actor, Role

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DUE = NOON + timedelta(minutes=15)
MONTH_LATER = NOON + timedelta(days=30)

PAYMENT, CHECKOUT, REFUND, OTHER_REFUND = (UUID(int=number) for number in (70, 71, 72, 73))
MILK, BREAD = UUID(int=80), UUID(int=81)

CLEO = Actor(UUID(int=1), frozenset({Role.CUSTOMER}))
SAM = Actor(UUID(int=2), frozenset({Role.SELLER}))
SUE = Actor(UUID(int=3), frozenset({Role.SELLER}))
STAN = Actor(UUID(int=4), frozenset({Role.STAFF}))
EVE = Actor(UUID(int=5), frozenset({Role.CUSTOMER}))

SHARES = (Share(MILK, SAM.id, 700), Share(BREAD, SUE.id, 300))
VISA = "4242424242424242"

asked = e.PaymentRequested(PAYMENT, CHECKOUT, CLEO.id, "USD", 1000, SHARES, "sandbox", VISA, DUE, NOON)
asked_manually = e.PaymentRequested(PAYMENT, CHECKOUT, CLEO.id, "USD", 1000, SHARES, "sandbox", VISA, DUE, NOON, manual=True)
captured = e.PaymentCaptured(PAYMENT, CHECKOUT, CLEO.id, "USD", 1000, 59, SHARES, "ref-1", NOON, "sandbox", 1)
authorised = e.PaymentAuthorised(PAYMENT, 1, "sandbox", "USD", 1000, "ref-1", NOON)
declined = e.PaymentFailed(PAYMENT, CHECKOUT, CLEO.id, 1, "sandbox", "card_declined", "USD", 0, NOON)
again = e.PaymentRetried(PAYMENT, CLEO.id, 2, "sandbox", VISA, NOON)
expired = e.PaymentCancelled(PAYMENT, CHECKOUT, CLEO.id, "expired", "USD", 0, "sandbox", DUE)
step_wanted = e.PaymentActionRequired(PAYMENT, 1, CLEO.id, "ref-1", NOON)
held = e.PaymentHeld(PAYMENT, CLEO.id, 1, "sandbox", "USD", 900, 50, "USD", 1000, "ref-1", NOON)


def request(amount: int = 1000, shares: tuple[Share, ...] = SHARES, *, manual: bool = False) -> c.RequestPayment:
    return c.RequestPayment(PAYMENT, CHECKOUT, CLEO.id, "USD", amount, shares, "sandbox", VISA, DUE, NOON, manual)


def capture(attempt: int = 1, amount: int = 1000, currency: str = "USD", now: datetime = NOON) -> c.CapturePayment:
    return c.CapturePayment(PAYMENT, attempt, f"ref-{attempt}", currency, amount, 59, now)


def authorise(attempt: int = 1, amount: int = 1000, currency: str = "USD") -> c.AuthorisePayment:
    return c.AuthorisePayment(PAYMENT, attempt, f"ref-{attempt}", currency, amount, NOON)


def fail(attempt: int = 1) -> c.FailPayment:
    return c.FailPayment(PAYMENT, attempt, "card_declined", NOON)


def retry(by: Actor = CLEO, now: datetime = NOON) -> c.RetryPayment:
    return c.RetryPayment(PAYMENT, "sandbox", VISA, by, now)


def refund(
    amount: int, order: UUID | None = MILK, by: Actor = SAM, *, id: UUID = REFUND, attempt: int | None = None, reason: str = "Sour."
) -> c.RequestRefund:
    return c.RequestRefund(PAYMENT, id, order, amount, reason, NOON, by, attempt)


def refund_asked(amount: int = 200, id: UUID = REFUND) -> e.RefundRequested:
    parts = (Share(MILK, SAM.id, amount),)
    return e.RefundRequested(PAYMENT, id, MILK, CLEO.id, 1, "sandbox", "USD", amount, parts, "Sour.", SAM.id, NOON)


def refund_paid(amount: int = 200, id: UUID = REFUND) -> e.RefundPaid:
    return e.RefundPaid(PAYMENT, id, MILK, CLEO.id, 1, "sandbox", "USD", amount, (Share(MILK, SAM.id, amount),), "re-1", NOON)
