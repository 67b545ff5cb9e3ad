"""One message on its way: signed, judged, and the end of its endpoint where there is nobody any more."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from application.commands.endpoints.books import SwitchOff
from application.handler import Handler
from application.ports import Meta
from application.webhooks.deliver import PAYLOAD_LIMIT, Deliver
from application.webhooks.ports import Answer, Message
from domain.integrations.endpoints.commands import CreateEndpoint, DeleteEndpoint
from domain.integrations.endpoints.endpoint import Open, endpoints
from domain.integrations.endpoints.events import EndpointGivenUp
from domain.values import Actor, Role
from tests.fakes.history import FakeHistory

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOOK, OTHER = UUID(int=7), UUID(int=8)
BOOKS = Actor(UUID(int=1), frozenset({Role.CONSUMER}))


class Post:
    """Answers as it is told to, and keeps what was posted."""

    def __init__(self) -> None:
        self.answer = Answer(200, None, "", "", 12)
        self.posted: list[tuple[str, Mapping[str, str], bytes]] = []

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.posted.append((url, headers, body))
        return self.answer


def signed(message: Message, at: datetime) -> Mapping[str, str]:
    return {"webhook-id": str(message.id), "webhook-timestamp": at.isoformat()}


class Yard:
    def __init__(self) -> None:
        self.log = FakeHistory()
        self.handle = Handler(self.log, [endpoints])
        self.post = Post()
        self.deliver = Deliver(self.post, signed, self.handle, lambda: NOON, lambda: 0.0)
        for number, id in enumerate((HOOK, OTHER)):
            self.give(id, CreateEndpoint(id, "https://hooks.example/", (), "", BOOKS, NOON), number)

    def give(self, id: UUID, command: Any, number: int) -> None:
        self.handle(id, command, Meta(UUID(int=100 + number), BOOKS.id, UUID(int=0)))

    def events(self, id: UUID) -> list[Any]:
        return [each.event for each in self.log.streams[id]]

    def enabled(self, id: UUID) -> bool:
        state = self.handle.state(id, endpoints)
        return isinstance(state, Open) and state.enabled


@pytest.fixture
def yard() -> Yard:
    return Yard()


def message(id: int = 1, endpoint: UUID = HOOK, body: bytes = b"{}", failing_since: datetime | None = None, tries: int = 0) -> Message:
    return Message(UUID(int=id), endpoint, UUID(int=99), "https://hooks.example/", body, tries, failing_since, ())


def test_it_is_posted_with_what_it_is_known_by(yard: Yard):
    assert yard.deliver(message()).state == "delivered"
    ((url, headers, body),) = yard.post.posted
    assert (url, headers["webhook-id"], body) == ("https://hooks.example/", str(UUID(int=1)), b"{}")
    assert headers["content-type"].startswith("application/cloudevents+json")


def test_who_says_that_he_is_gone_is_given_up_at_once(yard: Yard):
    yard.post.answer = Answer(410, None, "", "", 12)
    outcome = yard.deliver(message())
    assert (outcome.state, outcome.due_at) == ("failed", None)
    assert yard.events(HOOK)[1:] == [EndpointGivenUp(HOOK, BOOKS.id, "gone", None, NOON)]
    assert yard.log.rows == [SwitchOff(HOOK, "gone", NOON)]


def test_two_that_were_taken_together_are_both_given_up(yard: Yard):
    yard.post.answer = Answer(410, None, "", "", 12)
    yard.deliver(message(1, HOOK))
    yard.deliver(message(2, OTHER))
    assert not yard.enabled(HOOK)
    assert not yard.enabled(OTHER)


@pytest.mark.parametrize(("passed", "given_up"), [(timedelta(days=4, hours=23), False), (timedelta(days=5), True)])
def test_who_takes_nothing_for_five_days_is_given_up(yard: Yard, passed: timedelta, given_up: bool):
    yard.post.answer = Answer(None, "timeout", "", "", 15_000)
    outcome = yard.deliver(message(failing_since=NOON - passed, tries=3))
    assert outcome.state == "pending"
    assert yard.enabled(HOOK) != given_up
    assert [type(each) for each in yard.events(HOOK)[1:]] == ([EndpointGivenUp] if given_up else [])


def test_who_takes_something_after_five_days_is_not(yard: Yard):
    assert yard.deliver(message(failing_since=NOON - timedelta(days=9))).state == "delivered"
    assert yard.enabled(HOOK)


def test_what_is_too_large_is_not_sent_and_no_reason_to_give_up(yard: Yard):
    outcome = yard.deliver(message(body=b"x" * (PAYLOAD_LIMIT + 1), failing_since=NOON - timedelta(days=9)))
    assert (outcome.state, outcome.answer.fault) == ("failed", "payload_too_large")
    assert yard.post.posted == []
    assert yard.enabled(HOOK)


def test_who_was_deleted_meanwhile_stays_so(yard: Yard):
    yard.give(HOOK, DeleteEndpoint(HOOK, BOOKS, NOON), 5)
    yard.post.answer = Answer(410, None, "", "", 12)
    assert yard.deliver(message()).state == "failed"
