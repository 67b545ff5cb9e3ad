"""Many payouts of one seller at once, over the real log: together they never take more than was earned."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

from psycopg_pool import ConnectionPool

from application.handler import Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.payments.payouts.commands import RequestPayout, TakeOut
from domain.payments.payouts.payout import Asked, payouts
from domain.payments.payouts.purse import purse_id, purses
from domain.trade import Bank
from domain.values import SYSTEM
from infrastructure.eventlog.log import PostgresLog
from tests.domain.payments.purse import NOON as NOW
from tests.infrastructure.eventlog.toys import keys
from tests.infrastructure.payments.till import CLEO, SAM

EARNED, ASKED = 1_000, 150
BANK = Bank("Mbare Millers", "9140001234567", "STBLZWHX", "USD")
PURSE = purse_id(SAM.id, "USD")


def test_two_payouts_at_once_cannot_overdraw_a_purse(pool: ConnectionPool[Any]):
    """Each process decides by what it remembers of the purse, as all of them read the ledger before any of them wrote."""
    logs = [PostgresLog(pool, [payouts, purses], keys()) for _ in range(4)]
    processes = [Handler(each, [payouts, purses]) for each in logs]
    ids = [UUID(int=number) for number in range(1, 17)]
    barrier = Barrier(len(ids))

    def pay_out(number: int, id: UUID) -> str:
        handle = processes[number % len(processes)]
        taken = TakeOut(SAM.id, "USD", id, 1, ASKED, EARNED, NOW)
        asked = RequestPayout(id, SAM.id, UUID(int=7), CLEO.id, "USD", ASKED, "sandbox", BANK, None, SYSTEM, NOW)
        barrier.wait()
        try:
            handle.together([(PURSE, taken), (id, asked)], Meta(uuid4(), SYSTEM.id, uuid4()))
        except Rejected as refused:
            return refused.code
        return "asked"

    with ThreadPoolExecutor(len(ids)) as threads:
        outcomes = Counter(threads.map(pay_out, range(len(ids)), ids))
    assert outcomes == {"asked": EARNED // ASKED, "balance_insufficient": len(ids) - EARNED // ASKED}
    made = [each for id in ids if isinstance(each := processes[0].state(id, payouts), Asked)]
    assert sum(each.amount for each in made) == processes[0].state(PURSE, purses).taken == 900
