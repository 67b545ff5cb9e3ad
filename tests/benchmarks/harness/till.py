"""The smallest kind of stream, so that what is measured is the log."""

from domain.decider import Decider
from domain.values import Value


class PayIn(Value, frozen=True):
    amount: int


class PaidIn(Value, frozen=True):
    amount: int


def decide(command: PayIn, _total: int) -> list[PaidIn]:
    return [PaidIn(command.amount)]


def evolve(total: int, event: PaidIn) -> int:
    return total + event.amount


tills: Decider[PayIn, PaidIn, int] = Decider("till", 0, decide, evolve)
