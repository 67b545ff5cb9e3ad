"""A discount code: what it takes off, for whom, when, and how often; never once more than that."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.currencies import EXPONENTS
from domain.decider import Decider, Rejected
from domain.orders.codes.events import (
    CodeDeclared,
    CodeEvent,
    CodeGivenBack,
    CodeTerms,
    CodeUsed,
    CodeWithdrawn,
)
from domain.orders.commands import CodeCommand, DeclareCode, GiveBackCode, UseCode, WithdrawCode
from domain.values import Actor, Role, Value

DISCOUNTS = UUID("5b0c8f1e-2f0a-5c57-9a52-8f6f6e0b7d21")
"""The namespace of the streams' ids."""

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}", re.ASCII)
MOST = 10**12
WHOLE = 10_000
"""Basis points of everything."""


def code_id(code: str) -> UUID:
    """A code is the same in capitals or not."""
    return uuid5(DISCOUNTS, code.strip().upper())


class Undeclared(Value, frozen=True, tag=True):
    pass


class Use(Value, frozen=True):
    """By whom, and the orders of the checkout that still hold it."""

    user_id: UUID
    orders: tuple[UUID, ...]


class Declared(Value, frozen=True, tag=True):
    """`uses` by checkout."""

    code_id: UUID
    code: str
    terms: CodeTerms
    withdrawn: bool = False
    uses: Mapping[UUID, Use] = {}


Code = Undeclared | Declared


def decide(command: CodeCommand, code: Code) -> list[CodeEvent]:
    match command, code:
        case (DeclareCode() | WithdrawCode(), _) if not command.by.is_any(Role.ADMIN, Role.STAFF):
            raise Rejected("not_yours")
        case DeclareCode(), _:
            return declare(command, code)
        case _, Undeclared():
            raise Rejected("discount_code_not_found", pointer="/code" if isinstance(command, UseCode) else None)
        case WithdrawCode(code_id=id, by=by, now=now), Declared():
            return [] if code.withdrawn else [CodeWithdrawn(id, by.id, now)]
        case UseCode(), Declared():
            if command.checkout_id in code.uses:
                return []  # asked twice: already so
            reduction(code, command.user_id, command.goods, command.currency, command.now, guest=command.guest)
            used = len(code.uses) + 1
            return [CodeUsed(code.code_id, command.checkout_id, command.orders, command.user_id, used, command.now)]
        case GiveBackCode(), Declared():
            return give_back(command, code)


def declare(command: DeclareCode, code: Code) -> list[CodeEvent]:
    name, terms = command.code.strip().upper(), command.terms
    if not CODE.fullmatch(name):
        raise Rejected("code_invalid", "From 3 to 40 letters, digits and hyphens.", pointer="/code")
    if (terms.basis_points is None) == (terms.amount is None):
        raise Rejected("terms_invalid", "A code takes off either basis points or an amount.", pointer="/basisPoints")
    if terms.basis_points is not None and not 1 <= terms.basis_points <= WHOLE:
        raise Rejected("terms_invalid", f"From 1 to {WHOLE} basis points.", pointer="/basisPoints")
    if terms.amount is not None and not 1 <= terms.amount <= MOST:
        raise Rejected("terms_invalid", f"From 1 to {MOST} minor units.", pointer="/amount")
    if terms.currency not in EXPONENTS and (terms.currency or terms.amount is not None or terms.minimum):
        raise Rejected("terms_invalid", "Amounts need a currency, which is an ISO 4217 code.", pointer="/currency")
    if not 0 <= terms.minimum <= MOST:
        raise Rejected("terms_invalid", f"From 0 to {MOST} minor units.", pointer="/minimum")
    if terms.limit is not None and not 1 <= terms.limit <= MOST:
        raise Rejected("terms_invalid", "At least one use.", pointer="/limit")
    if terms.starts_at and terms.ends_at and terms.starts_at >= terms.ends_at:
        raise Rejected("terms_invalid", "It ends after it starts.", pointer="/endsAt")
    if isinstance(code, Declared) and code.terms == terms and not code.withdrawn:
        return []
    return [CodeDeclared(command.code_id, name, terms, command.by.id, command.now)]


def reduction(code: Code, user_id: UUID, goods: int, currency: str, now: datetime, *, guest: bool) -> int:
    """What the code takes off goods of this price for this person now; else the rule that forbids it, with a pointer to the code."""
    if isinstance(code, Undeclared) or code.withdrawn:
        raise Rejected("discount_code_not_found", pointer="/code")
    terms = code.terms
    if terms.starts_at is not None and now < terms.starts_at:
        raise Rejected("code_not_started", f"From {terms.starts_at.isoformat()} on.", pointer="/code")
    if terms.ends_at is not None and now >= terms.ends_at:
        raise Rejected("code_over", f"Until {terms.ends_at.isoformat()}.", pointer="/code")
    if terms.currency and terms.currency != currency:
        raise Rejected("code_currency", f"For prices in {terms.currency}.", pointer="/code")
    if goods < terms.minimum:
        raise Rejected("code_minimum", f"For goods of at least {terms.minimum} {terms.currency} in minor units.", pointer="/code")
    if terms.once_per_user and guest:
        raise Rejected("code_needs_account", "Once per user: sign in first.", pointer="/code")
    if terms.once_per_user and any(use.user_id == user_id for use in code.uses.values()):
        raise Rejected("code_used", "Once per user.", pointer="/code")
    if terms.limit is not None and len(code.uses) >= terms.limit:
        raise Rejected("code_exhausted", "It was used as often as it may be.", pointer="/code")
    if terms.amount is not None:
        return min(terms.amount, goods)
    return goods * (terms.basis_points or 0) // WHOLE


def give_back(command: GiveBackCode, code: Declared) -> list[CodeEvent]:
    """Once no order of the checkout holds it any more."""
    for checkout_id, use in code.uses.items():
        if command.order_id in use.orders:
            uses = len(code.uses) - (len(use.orders) == 1)
            return [CodeGivenBack(code.code_id, checkout_id, command.order_id, use.user_id, uses, command.now)]
    return []


def evolve(code: Code, event: CodeEvent) -> Code:
    match event, code:
        case CodeDeclared(code_id, name, terms), Undeclared():
            return Declared(code_id, name, terms)
        case CodeDeclared(terms=terms), Declared():
            return replace(code, terms=terms, withdrawn=False)
        case CodeWithdrawn(), Declared():
            return replace(code, withdrawn=True)
        case CodeUsed(), Declared():
            return replace(code, uses={**code.uses, event.checkout_id: Use(event.user_id, event.orders)})
        case CodeGivenBack(), Declared():
            use = code.uses.get(event.checkout_id)
            left = tuple(each for each in use.orders if each != event.order_id) if use else ()
            uses = {checkout: each for checkout, each in code.uses.items() if checkout != event.checkout_id}
            return replace(code, uses={**uses, event.checkout_id: replace(use, orders=left)} if use and left else uses)
        case _:
            return code


def next_actions(*, withdrawn: bool, by: Actor) -> list[str]:
    """What `by` may do next with a code: for queries, from a read model's row."""
    if not by.is_any(Role.ADMIN, Role.STAFF):
        return []
    return ["declare"] if withdrawn else ["declare", "withdraw"]


def actions(code: Any, by: Actor) -> list[str]:
    return next_actions(withdrawn=code.withdrawn, by=by) if isinstance(code, Declared) else []


codes = Decider("discount_code", Undeclared(), decide, evolve, actions=actions, contended=True, snapshot_every=20)
