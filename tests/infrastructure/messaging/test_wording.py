import re

import pytest

from application.effects import groups, suppliers
from application.effects.due import NOTICES, TEXTS
from application.effects.effect import Digest, News
from infrastructure.messaging.wording import written_letters

LETTERS = written_letters()
HOSTILE = '<script>alert("x")</script>\r\nBcc: all@example.org'
FACTS = {
    "name": "Ana",
    "link": "https://tw.example/account/verify-email?token=a.b&x=1",
    "title": "Bayliner 185",
    "quote": "Is it still there?\nBen",
    "when": "1 May 2026, 12:05 UTC",
    "new_address": "n…@example.org",
    "order": "0DE1F00D",
    "total": "3.20 EUR",
    "window": "Monday 1 June, 13:00 to 15:00",
    "why": "nobody was there to take it",
    "last": "",
    "refund": "3.20 EUR",
    "number": "INV-2026-00001",
    "invoice": "INV-2026-00001",
    "until": "13:20 on 1 June",
    "code": "042317",
    "company": "Mbare Millers",
    "sku": "MILK-1",
    "left": "3",
    "day": "Monday 1 June",
    "tier": "Premium",
    "price": "19.99 USD",
    "period": "month",
    "again": "2 June",
    "grace": "15 June 2026",
    "due": "1 July 2026",
    "open": "3.20 EUR",
    "overdue": "yes",
    "quantity": "12",
    "amount": "72.00 USD",
    "where": "Mbare market, Gate 2",
    "days": "7",
    "paid": "60",
    "own": "12",
    "carrier": "Swift",
    "tracking": "SW-1",
    "url": "https://books.example/hooks",
    "because": "failing",
    "since": "27 May 2026, 12:05 UTC",
    "news": "4 joined, 17 new messages",
}


IN_GROUPS = {each.letter for each in (*groups.NOTICES, *suppliers.NOTICES) if not isinstance(each, Digest | News)} | {"group_digest"}
OWED = {notice.letter for notice in NOTICES} | IN_GROUPS | {"phone_code"}


@pytest.mark.parametrize("letter", sorted(OWED))
def test_every_letter_that_is_owed_has_words(letter: str):
    words = LETTERS.write(letter, FACTS)
    assert words.subject
    assert words.text.startswith("Hello Ana,")
    assert words.html.startswith("<!DOCTYPE html>")


def test_every_letter_written_is_owed_by_some_event():
    assert set(LETTERS.texts) == OWED


@pytest.mark.parametrize("letter", sorted({text.letter for text in TEXTS} | IN_GROUPS | {"phone_code"}))
def test_every_text_that_is_owed_fits_into_three_messages(letter: str):
    text = LETTERS.text(letter, {**FACTS, "title": "Fresh milk " * 100})
    assert text.startswith(("Tradewind: ", "Tradewind, «Fresh milk "))
    assert "\n" not in text
    assert len(text) <= 459


@pytest.mark.parametrize("fact", ["name", "title", "quote"])
def test_hostile_words_stay_words(fact: str):
    words = LETTERS.write("inquiry", {**FACTS, fact: HOSTILE})
    assert "<script" not in words.html
    assert "&lt;script&gt;" in words.html
    assert "\n" not in words.subject
    assert "\r" not in words.subject


def test_the_words_of_others_are_no_template():
    words = LETTERS.write("inquiry", {**FACTS, "quote": "{{ 7 * 7 }}", "title": "{% raw %}"})
    assert "{{ 7 * 7 }}" in words.text
    assert "{% raw %}" in words.subject


def test_a_link_stands_whole_in_text_and_html():
    words = LETTERS.write("verify_email", FACTS)
    assert FACTS["link"] in words.text.split()
    assert re.search(r'href="https://tw.example/account/verify-email\?token=a.b&amp;x=1"', words.html)


def test_a_quotation_is_set_apart_line_by_line():
    assert "> Is it still there?\n> Ben\n" in LETTERS.write("inquiry", FACTS).text


def test_somebody_whose_name_cannot_be_used_is_greeted_without():
    assert LETTERS.write("welcome", {"name": ""}).text.startswith("Hello,\n")
