"""Questions to sellers."""

import pytest

from domain.listings.commands import SendInquiry
from domain.listings.content import MESSAGE_LIMIT
from domain.listings.events import InquirySent, Status
from domain.listings.interest.inquiry import inquiries
from domain.values import Actor
from tests.bdd import Given, erased
from tests.domain.listings.boats import ANA, BEN, BOAT, DINGHY, NOON

sent = InquirySent(DINGHY, BOAT, ANA.id, BEN.id, "Does it float?", NOON)


def ask(by: Actor = BEN, status: Status = Status.PUBLISHED, message: str = "Does it float?") -> SendInquiry:
    return SendInquiry(DINGHY, BOAT, ANA.id, status, by.id, message, NOON)


def test_anyone_asks_about_a_published_listing():
    Given(inquiries).when(ask()).then(sent)


def test_an_inquiry_is_sent_once():
    Given(inquiries, sent).when(ask()).then()
    Given(inquiries, erased(sent)).when(ask()).then()


def test_nobody_asks_himself():
    Given(inquiries).when(ask(by=ANA)).rejected("own_listing")


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PUBLISHED}))
def test_nobody_asks_about_what_is_not_offered(status: Status):
    Given(inquiries).when(ask(status=status)).rejected("listing_not_published")


@pytest.mark.parametrize("message", [" ", "bell\x07", "x" * (MESSAGE_LIMIT + 1)])
def test_a_message_says_something_within_limits(message: str):
    Given(inquiries).when(ask(message=message)).rejected("text_invalid", pointer="/message")
