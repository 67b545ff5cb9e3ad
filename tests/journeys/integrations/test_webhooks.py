"""What is told goes out to a webhook endpoint: signed, again until it is taken, and no longer where nobody takes it."""

from collections.abc import Generator
from typing import Any

import pytest

from tests.journeys.integrations.harbour import People, Service
from tests.journeys.integrations.receiver import Receiver, verified
from tests.journeys.town import Person, Town

ENDPOINTS = "/v1/webhook-endpoints"
TYPES = ["users.UserRegistered"]


@pytest.fixture
def receiver() -> Generator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture
def town(database: str) -> Generator[Town]:
    opened = Town(database, TRADEWIND_WEBHOOKS_ANYWHERE="1")
    opened.runner.catch_up()
    yield opened
    opened.close()


def made(service: Person, receiver: Receiver, **more: Any) -> dict[str, Any]:
    return service.post(ENDPOINTS, {"url": receiver.url, "types": TYPES, **more}, 201)


def sent(town: Town) -> int:
    return town.container.webhooks.sending.empty()


def test_what_is_told_is_sent_signed_and_as_a_cloud_event(town: Town, books: Service, people: People, receiver: Receiver):
    people.come(1)
    endpoint = made(books, receiver)
    ana, ben = people.come(2)
    people.go(ana)
    assert sent(town) == 2
    first, second = receiver.requests
    assert [verified(each, endpoint["secret"])["subject"] for each in (first, second)] == [ana, ben]
    event = verified(first, endpoint["secret"])
    assert (event["specversion"], event["type"], event["source"]) == ("1.0", "users.UserRegistered", "/v1/feeds/users")
    assert first.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    told = books.get("/v1/feeds/users?types=users.UserRegistered")["items"]
    assert event in told
    items = books.get(f"{ENDPOINTS}/{endpoint['id']}/deliveries")["items"]
    assert {each["id"] for each in items} == {each.headers["webhook-id"] for each in (first, second)}
    assert {(each["state"], each["type"], each["attempts"][0]["status"], each["dueAt"]) for each in items} == {
        ("delivered", "users.UserRegistered", 200, None)
    }


def test_what_says_that_it_is_gone_is_disabled_at_once_and_its_owner_told(town: Town, ada: Person, books: Service, people: People, receiver: Receiver):
    endpoint = made(books, receiver)
    receiver.answers = [(410, {})]
    people.come(1)
    assert sent(town) == 1
    people.come(1)
    assert sent(town) == 0
    shown = books.get(f"{ENDPOINTS}/{endpoint['id']}")
    assert (shown["enabled"], shown["disabledBecause"]) == (False, "gone")
    town.settle()
    (letter,) = [each for each in town.container.mailbox.newest(10, to="admin@tradewind.example") if "webhook" in each.subject]
    assert receiver.url in letter.text
