"""Paying for one's part of a group purchase: what is owed is asked of the member and of nobody twice, in a currency of his choice."""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

from application.handler import Appended, Handler
from application.payments.ports import Providers
from application.payments.retrying import require_method
from application.ports import Meta
from domain.currencies import EXPONENTS
from domain.decider import Rejected
from domain.groups.commands import RequestContribution
from domain.groups.contributions.contribution import due
from domain.groups.group import groups
from domain.groups.ids import contribution_id
from domain.groups.standing import Opened
from domain.groups.terms import fee_of
from domain.payments.commands import CancelPayment, RequestPayment
from domain.payments.lifecycle import UNPAID
from domain.payments.payment import payments
from domain.payments.purposes import CONTRIBUTION
from domain.payments.shares import Share
from domain.payments.standing import Requested
from domain.values import Actor, Value

TRIES = 5
"""How often the price may have changed while a payment was being asked for."""

DIGITS = 10
"""Significant digits of a rate as it is recorded, and used."""


@runtime_checkable
class RateTable(Protocol):
    """Dated rates of currencies: an input that an operator gives."""

    def rate(self, currency: str, at: date) -> tuple[date, Fraction]:
        """Units per euro, and the day that this is of. Raises LookupError."""
        ...


class Way(Struct, frozen=True):
    """How a member pays; without a currency in the group's own."""

    provider: str
    method: str
    currency: str | None


class Asked(Struct, frozen=True):
    """What was asked: the payment as it stands, and what of its amount is the platform's fee."""

    group: Appended
    payment: Appended
    fee: int

    @property
    def state(self) -> Requested:
        return self.payment.state


class Contribute:
    """`contribute(group_id, payment_id, way, by, now, meta)`: group and payment in one append."""

    def __init__(self, handle: Handler, providers: Providers, rates: RateTable) -> None:
        self._handle = handle
        self._providers = providers
        self._rates = rates

    def __call__(self, group_id: UUID, payment_id: UUID, way: Way, by: Actor, now: datetime, meta: Meta) -> Asked:
        """`unknown_rate`, `contribution_on_its_way`, what `require_method` refuses, and what the group and the payment refuse."""
        for left in reversed(range(TRIES)):
            if before := self._before(meta):
                return before
            try:
                return self._once(group_id, payment_id, way, by, now, meta)
            except Rejected as refused:
                if refused.code != "price_changed" or not left:
                    # The same command may have run meanwhile, and then there is nothing left to pay.
                    if before := self._before(meta):
                        return before
                    raise
        raise AssertionError

    def _before(self, meta: Meta) -> Asked | None:
        """What the command asked for when it ran before, as it was then."""
        done = self._handle.before(meta, groups, payments)
        return answered(done) if done else None

    def _once(self, group_id: UUID, payment_id: UUID, way: Way, by: Actor, now: datetime, meta: Meta) -> Asked:
        group = self._handle.state(group_id, groups)
        if not isinstance(group, Opened):
            raise Rejected("group_not_found")
        currency = way.currency or group.currency
        require_method(self._providers, way.provider, way.method, currency)
        commands = self._commands(group, payment_id, way, currency, by, now)
        return answered(self._handle.together(commands, meta))

    def _commands(self, group: Opened, payment_id: UUID, way: Way, currency: str, by: Actor, now: datetime) -> list[tuple[UUID, Value]]:
        id = group.group_id
        owed = due(group, by.id, now)
        amount, rate = self.converted(owed.amount, group.currency, currency, now)
        share = Share(contribution_id(id, by.id), group.seller_id, amount)
        request = RequestPayment(
            payment_id, id, by.id, currency, amount, (share,), way.provider, way.method, owed.pay_by, now, purpose=CONTRIBUTION
        )
        contribution = RequestContribution(id, by.id, payment_id, currency, amount, rate, now, by, owed.amount)
        return [(id, contribution), (payment_id, request), *self._given_up(group, by, now)]

    def _given_up(self, group: Opened, by: Actor, now: datetime) -> list[tuple[UUID, Value]]:
        """What was asked before and is not paid: nobody pays twice for the same pieces."""
        earlier = group.members[by.id].payment_id
        known = None if earlier is None else self._handle.state(earlier, payments)
        if earlier is None or not isinstance(known, Requested):
            return []
        if known.paid is not None:
            raise Rejected("contribution_on_its_way", "It has been paid, and will count in a moment.")
        return [(earlier, CancelPayment(earlier, by, now))] if known.standing in UNPAID else []

    def converted(self, amount: int, own: str, other: str, now: datetime) -> tuple[int, str | None]:
        """The amount in another currency, and the rate as it is recorded: units of it for one, and the day that this is of."""
        if own == other:
            return amount, None
        try:
            since, per_own = self._rates.rate(own, now.date())
            other_since, per_other = self._rates.rate(other, now.date())
        except LookupError as unknown:
            raise Rejected("unknown_rate", f"There is no rate from {own} to {other}.", pointer="/currency") from unknown
        exact = per_other / per_own
        written = f"{exact.numerator / exact.denominator:.{DIGITS}g}"
        minor = Fraction(10) ** (EXPONENTS[other] - EXPONENTS[own])
        return max(round(amount * minor * Fraction(written)), 1), f"{written} {min(since, other_since).isoformat()}"


def answered(done: Sequence[Appended]) -> Asked:
    group, payment = done[:2]
    opened: Opened = group.state
    asked: Requested = payment.state
    return Asked(group, payment, fee_of(asked.amount, opened.fee_rate))
