"""A seller's purse in one currency: never more is taken out of it than was earned, however many ask at once."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from domain.decider import Decider, Rejected
from domain.payments.payouts.commands import PurseCommand, TakeOut
from domain.payments.payouts.events import MoneyPutBack, MoneyTaken, PurseEvent
from domain.values import Value


def purse_id(seller_id: UUID, currency: str) -> UUID:
    return uuid5(seller_id, f"purse {currency}")


class Purse(Value, frozen=True, tag=True):
    """`taken` in all, and how often by which payout; what was put back is in it no more."""

    taken: int = 0
    attempts: Mapping[UUID, int] = {}
    back: Mapping[UUID, int] = {}


def decide(command: PurseCommand, purse: Purse) -> list[PurseEvent]:
    payout, attempt = command.payout_id, command.attempt
    about = (command.seller_id, command.currency, payout, attempt, command.amount, command.now)
    if isinstance(command, TakeOut):
        if purse.attempts.get(payout, 0) >= attempt:
            return []  # asked twice: already so
        left = command.earned - purse.taken
        if command.amount <= 0 or command.amount > left:
            raise Rejected("balance_insufficient", f"{max(left, 0)} is due.")
        return [MoneyTaken(*about)]
    taken = purse.attempts.get(payout, 0) >= attempt > purse.back.get(payout, 0)
    return [MoneyPutBack(*about)] if taken else []


def evolve(purse: Purse, event: PurseEvent) -> Purse:
    of = {event.payout_id: event.attempt}
    if isinstance(event, MoneyTaken):
        return Purse(purse.taken + event.amount, {**purse.attempts, **of}, purse.back)
    return Purse(purse.taken - event.amount, purse.attempts, {**purse.back, **of})


purses = Decider("purse", Purse(), decide, evolve, contended=True, snapshot_every=20)
