"""A worker that dies between any two steps leaves nothing lost and nothing done twice."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from psycopg_pool import ConnectionPool

from domain.payments import commands as c
from tests.infrastructure.payments.till import CLEO, STAN, Died, Fuse, Till

LEASE = timedelta(seconds=31)

STEPS = 25
"""More than any of these stories has: the fuse of the last ones never blows."""


def to_the_end(till: Till) -> None:
    """Begin again after each death, as the next worker would, once the lease is over."""
    for _ in range(4):
        try:
            till.later(LEASE)
        except Died:
            till.clock.ahead += LEASE


def paid_and_given_back(till: Till) -> UUID:
    payment = till.ask("4000000000000036")
    to_the_end(till)
    till.give(c.RequestRefund(payment, uuid4(), None, 400, "", till.clock(), STAN))
    to_the_end(till)
    return payment


def given_up(till: Till) -> UUID:
    payment = till.ask("4000000000003220")
    to_the_end(till)
    till.give(c.CancelPayment(payment, CLEO, till.clock()))
    to_the_end(till)
    return payment


@pytest.mark.parametrize("step", range(1, STEPS, 3))
def test_a_payment_is_taken_once_and_given_back_once_wherever_a_worker_dies(pool: ConnectionPool, step: int):
    fuses = [Fuse(at) for at in range(step, step + 3)]
    for fuse in fuses:
        till = Till(pool, fuse)
        payment = paid_and_given_back(till)
        assert till.names(payment) == ["PaymentRequested", "PaymentCaptured", "RefundRequested", "RefundPaid"]
        assert till.taken(payment) == 600
        assert till.count("SELECT count(*) FROM sandbox_charges WHERE payment_id = %s", payment) == 1
        waiting = "SELECT count(*) FROM jobs WHERE state IN ('due', 'dead') AND kind NOT IN ('react', 'compare_payments')"
        assert till.count(waiting) == 0


def test_there_are_fewer_steps_than_are_died_at(pool: ConnectionPool):
    fuse = Fuse()
    paid_and_given_back(Till(pool, fuse))
    assert 15 < fuse.steps < STEPS


@pytest.mark.parametrize("step", range(1, STEPS, 5))
def test_nothing_stays_reserved_wherever_a_worker_dies_while_a_payment_is_given_up(pool: ConnectionPool, step: int):
    for at in range(step, step + 5):
        till = Till(pool, Fuse(at))
        payment = given_up(till)
        assert till.standing(payment) == "cancelled"
        assert till.sandbox.look(f"sb_{payment.hex}_1").state == "failed"
        assert till.taken(payment) == 0
