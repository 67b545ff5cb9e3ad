"""What a discount code takes off, for whom and how often."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.decider import Rejected
from domain.orders import commands as c
from domain.orders.codes import events as e
from domain.orders.codes.code import code_id, codes, reduction
from domain.orders.codes.events import CodeTerms
from tests.bdd import Given
from tests.domain.orders.shop import ANA, BEN, CARA, CHECKOUT, NOON, ORDER, STAN

ID = code_id("MILK10")
TENTH = CodeTerms(basis_points=1_000)
OTHER_ORDER, OTHER_CHECKOUT = UUID(int=1), UUID(int=2)


def declared(terms: CodeTerms = TENTH) -> e.CodeDeclared:
    return e.CodeDeclared(ID, "MILK10", terms, STAN.id, NOON)


def use(checkout: UUID = CHECKOUT, user: UUID = CARA.id, *, guest: bool = False) -> c.UseCode:
    return c.UseCode(ID, checkout, (ORDER, OTHER_ORDER), user, guest, "CHF", 1_000, NOON)


def used(checkout: UUID = CHECKOUT, user: UUID = CARA.id, uses: int = 1) -> e.CodeUsed:
    return e.CodeUsed(ID, checkout, (ORDER, OTHER_ORDER), user, uses, NOON)


def off(terms: CodeTerms, goods: int = 1_000, *before: e.CodeEvent, guest: bool = False) -> int:
    return reduction(codes.fold([declared(terms), *before]), CARA.id, goods, "CHF", NOON, guest=guest)


def test_staff_declare_a_code_and_nobody_else_does():
    declare = c.DeclareCode(ID, " milk10 ", TENTH, STAN, NOON)
    Given(codes).when(declare).then(declared())
    Given(codes, declared()).when(declare).then()
    Given(codes).when(replace(declare, by=ANA)).rejected("not_yours")
    Given(codes, declared()).offers(STAN, "declare", "withdraw")
    Given(codes, declared()).offers(ANA)


@pytest.mark.parametrize(
    ("terms", "pointer"),
    [
        (CodeTerms(), "/basisPoints"),
        (CodeTerms(basis_points=1, amount=1), "/basisPoints"),
        (CodeTerms(basis_points=10_001), "/basisPoints"),
        (CodeTerms(basis_points=0), "/basisPoints"),
        (CodeTerms(amount=0, currency="CHF"), "/amount"),
        (CodeTerms(amount=1), "/currency"),
        (CodeTerms(basis_points=1, minimum=1), "/currency"),
        (CodeTerms(basis_points=1, currency="XXX"), "/currency"),
        (CodeTerms(basis_points=1, minimum=-1, currency="CHF"), "/minimum"),
        (CodeTerms(basis_points=1, limit=0), "/limit"),
        (CodeTerms(basis_points=1, starts_at=NOON, ends_at=NOON), "/endsAt"),
    ],
)
def test_terms_that_cannot_hold_are_refused_where_they_are_wrong(terms: CodeTerms, pointer: str):
    Given(codes).when(c.DeclareCode(ID, "MILK10", terms, STAN, NOON)).rejected("terms_invalid", pointer=pointer)


def test_it_takes_off_a_part_or_an_amount_and_never_more_than_there_is():
    assert off(TENTH, 999) == 99
    assert off(CodeTerms(amount=300, currency="CHF")) == 300
    assert off(CodeTerms(amount=3_000, currency="CHF")) == 1_000


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (replace(TENTH, minimum=1_001, currency="CHF"), "code_minimum"),
        (replace(TENTH, currency="EUR"), "code_currency"),
        (replace(TENTH, starts_at=NOON + timedelta(seconds=1)), "code_not_started"),
        (replace(TENTH, ends_at=NOON), "code_over"),
    ],
)
def test_it_holds_under_its_terms_only(terms: CodeTerms, code: str):
    with pytest.raises(Rejected, match=code):
        off(terms)
    Given(codes, declared(terms)).when(use()).rejected(code, pointer="/code")


def test_once_per_user_and_not_by_guests_who_have_many_names():
    once = replace(TENTH, once_per_user=True)
    Given(codes, declared(once)).when(use()).then(used())
    Given(codes, declared(once), used()).when(use(OTHER_CHECKOUT)).rejected("code_used", pointer="/code")
    Given(codes, declared(once), used()).when(use(OTHER_CHECKOUT, BEN.id)).then(used(OTHER_CHECKOUT, BEN.id, 2))
    Given(codes, declared(once)).when(use(guest=True)).rejected("code_needs_account", pointer="/code")


def test_it_is_used_as_often_as_it_may_and_again_when_given_back_by_all_orders():
    once = replace(TENTH, limit=1)
    Given(codes, declared(once), used()).when(use()).then()
    Given(codes, declared(once), used()).when(use(OTHER_CHECKOUT)).rejected("code_exhausted", pointer="/code")
    first = e.CodeGivenBack(ID, CHECKOUT, ORDER, CARA.id, 1, NOON)
    last = e.CodeGivenBack(ID, CHECKOUT, OTHER_ORDER, CARA.id, 0, NOON)
    Given(codes, declared(once), used()).when(c.GiveBackCode(ID, ORDER, NOON)).then(first)
    Given(codes, declared(once), used(), first).when(c.GiveBackCode(ID, ORDER, NOON)).then()
    Given(codes, declared(once), used(), first).when(use(OTHER_CHECKOUT)).rejected("code_exhausted", pointer="/code")
    Given(codes, declared(once), used(), first).when(c.GiveBackCode(ID, OTHER_ORDER, NOON)).then(last)
    Given(codes, declared(once), used(), first, last).when(use(OTHER_CHECKOUT)).then(used(OTHER_CHECKOUT))


def test_a_withdrawn_code_is_none():
    withdrawn = e.CodeWithdrawn(ID, STAN.id, NOON)
    Given(codes, declared()).when(c.WithdrawCode(ID, STAN, NOON)).then(withdrawn)
    Given(codes, declared(), withdrawn).when(use()).rejected("discount_code_not_found", pointer="/code")
    Given(codes).when(use()).rejected("discount_code_not_found", pointer="/code")
    Given(codes).when(c.WithdrawCode(ID, STAN, NOON)).rejected("discount_code_not_found")
