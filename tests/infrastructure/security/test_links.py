"""Mailed links say what they were signed with, and nothing else is believed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decider import Rejected
from domain.users.links import LASTS, Link, Purpose
from infrastructure.security.links import SignedLinks

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ANA, REQUEST = UUID(int=1), UUID(int=2)
links = SignedLinks(b"k" * 32)


@given(st.sampled_from(list(Purpose)), st.uuids(), st.uuids(), st.datetimes(datetime(2000, 1, 1), datetime(2400, 1, 1)))  # noqa: DTZ001
def test_a_link_says_whose_it_is_what_for_and_until_when(purpose: Purpose, user: UUID, request: UUID, at: datetime):
    moment = at.replace(tzinfo=UTC, microsecond=0)
    assert links.read(links.sign(purpose, user, request, moment)) == Link(purpose, user, request, moment + LASTS[purpose])


def test_the_same_request_gives_the_same_link_in_the_characters_of_addresses():
    token = links.sign("password_reset", ANA, REQUEST, NOON)
    assert token == links.sign(Purpose.PASSWORD_RESET, ANA, REQUEST, NOON)
    assert token.replace("-", "").replace("_", "").isalnum()
    assert links.read(token).expires_at == NOON + timedelta(hours=1)


@given(st.text(max_size=200))
def test_made_up_links_are_refused(token: str):
    with pytest.raises(Rejected, match="code_invalid"):
        links.read(token)


@given(st.integers(0, 96))
def test_a_link_changed_in_any_place_is_refused(place: int):
    token = links.sign(Purpose.PASSWORD_RESET, ANA, REQUEST, NOON)
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    with pytest.raises(Rejected, match="code_invalid"):
        links.read(changed)


def test_a_link_signed_elsewhere_is_refused():
    with pytest.raises(Rejected, match="code_invalid"):
        links.read(SignedLinks(b"x" * 32).sign(Purpose.PASSWORD_RESET, ANA, REQUEST, NOON))
