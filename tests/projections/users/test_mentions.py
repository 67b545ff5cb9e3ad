"""Every event that says something personal of somebody is mentioned, by whom it is about."""

from uuid import UUID

from domain.personal import personal_fields
from domain.registry import DECIDERS
from domain.users.events import EmailVerified, UserRegistered
from projections.feeds.catalogue import FEEDS
from projections.users.mentions import EVENTS, Mention, journal
from tests.domain.users.people import ANA_ID, ANAS, NOON


def test_an_event_is_mentioned_once_for_each_person_in_it():
    assert list(journal.rows(None, UserRegistered(ANA_ID, ANAS, "Ana", NOON))) == [Mention(ANA_ID)]


def test_no_event_with_personal_fields_is_left_out():
    every = {event for decider in DECIDERS for event in decider.events}
    assert {event for event in every if personal_fields(event)} == set(EVENTS)
    assert EmailVerified not in EVENTS


def test_no_feed_gives_out_a_personal_field():
    for feed in FEEDS.values():
        for payload in feed.payloads:
            assert personal_fields(payload) == (), payload


def test_a_mention_is_an_id_and_nothing_else():
    assert Mention.__annotations__ == {"person": UUID}
