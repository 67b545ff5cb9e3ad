"""Customers are told of days that bring nothing: each once, and not where they know it already."""

import pytest

from application.jobs.ports import Skipped
from domain.subscriptions.events import OccurrenceFailed
from domain.users.events import EmailVerified, UserRegistered
from tests.application.jobs.office import NOON, Office
from tests.domain.subscriptions.milk import AGAIN, CARA, MONDAY, ORDER, failed, placed, running


def cara() -> Office:
    office = Office().happened(CARA.id, UserRegistered(CARA.id, "cara@example.org", "Cara", NOON), EmailVerified(CARA.id, NOON))
    return office.happened(ORDER, *running)


def told(code: str) -> OccurrenceFailed:
    return failed(MONDAY, code)


def test_the_letter_says_which_day_and_why():
    office = cara()
    assert office.letter_about(ORDER, told("out_of_stock")).address == "cara@example.org"
    assert office.post.facts["day"] == "Monday, 8 June 2026"
    assert office.post.facts["why"] == "there is not enough of it left"
    assert office.post.facts["link"] == f"https://tw.example/v1/recurring-orders/{ORDER}"


def test_a_reason_that_nobody_put_into_words_is_told_without_its_code():
    office = cara()
    office.letter_about(ORDER, told("total_too_large"))
    assert office.post.facts["why"] == "of something that was not foreseen"


@pytest.mark.parametrize("code", ["payment_failed", "payment_expired"])
def test_what_the_letters_about_the_payment_have_told_is_not_told_twice(code: str):
    with pytest.raises(Skipped, match="told_already"):
        cara().letter_about(ORDER, told(code))


def test_a_day_that_has_gone_well_meanwhile_is_no_bad_news():
    failure = told("slot_full")
    office = cara().happened(ORDER, failure, placed(MONDAY, AGAIN, attempt=2))
    with pytest.raises(Skipped, match="superseded"):
        office.letter(ORDER, failure)
