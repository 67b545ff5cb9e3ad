"""What is told goes out to a webhook endpoint: signed, again until it is taken, and no longer where nobody takes it."""

from base64 import b64encode
from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest

from application.commands.endpoints import tend
from infrastructure.forgetting.rotation import Rotation
from infrastructure.webhooks.signing import WrappedSecrets
from tests.journeys.integrations.harbour import People, Service
from tests.journeys.integrations.receiver import Receiver, signed_by, verified
from tests.journeys.town import ADMIN, Person, Town

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


def seen(service: Person, endpoint: dict[str, Any]) -> dict[str, Any]:
    return service.get(f"{ENDPOINTS}/{endpoint['id']}")


def letters(town: Town) -> list[Any]:
    """About webhooks, to the admin who has made the service's account."""
    town.settle()
    return [each for each in town.container.mailbox.newest(10, to=ADMIN[0]) if "webhook" in each.subject]


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


def test_what_says_that_it_is_gone_is_disabled_at_once_and_who_answers_for_it_told(
    town: Town, books: Service, people: People, receiver: Receiver
):
    endpoint = made(books, receiver)
    receiver.answers = [(410, {})]
    people.come(1)
    assert sent(town) == 1
    people.come(1)
    assert sent(town) == 0
    shown = seen(books, endpoint)
    assert (shown["enabled"], shown["disabledBecause"], shown["pending"]) == (False, "gone", 0)
    (letter,) = letters(town)
    assert receiver.url in letter.text
    assert "410" in letter.text


def test_what_fails_for_five_days_is_disabled_with_a_letter_and_enabled_it_goes_on(
    town: Town, books: Service, people: People, receiver: Receiver
):
    endpoint = made(books, receiver)
    people.come(1)
    for _ in range(4):
        receiver.answers = [(500, {})]
        sent(town)
        town.clock.ahead += timedelta(days=1)
    assert seen(books, endpoint)["failingSince"] is not None
    town.clock.ahead += timedelta(days=1)
    receiver.answers = [(500, {})]
    assert sent(town) == 1
    assert seen(books, endpoint)["disabledBecause"] == "failing"
    (letter,) = letters(town)
    assert "since" in letter.text
    assert books.post(f"{ENDPOINTS}/{endpoint['id']}/test", status=409) == ("endpoint_disabled", None)

    books.post(f"{ENDPOINTS}/{endpoint['id']}/enable")
    assert seen(books, endpoint)["failingSince"] is None
    town.clock.ahead += timedelta(days=1)
    assert sent(town) == 1
    (delivery,) = books.get(f"{ENDPOINTS}/{endpoint['id']}/deliveries")["items"]
    assert [each["status"] for each in delivery["attempts"]] == [500] * 5 + [200]


def test_the_letter_is_not_sent_once_somebody_has_enabled_it_again(town: Town, books: Service, people: People, receiver: Receiver):
    endpoint = made(books, receiver)
    receiver.answers = [(410, {})]
    people.come(1)
    sent(town)
    books.post(f"{ENDPOINTS}/{endpoint['id']}/enable")
    assert letters(town) == []


def test_what_is_overrun_is_left_alone_for_as_long_as_it_wants(town: Town, books: Service, people: People, receiver: Receiver):
    endpoint = made(books, receiver)
    people.come(2)
    receiver.answers = [(429, {"Retry-After": "600"})] * 2
    assert sent(town) == 2
    town.clock.ahead += timedelta(seconds=599)
    assert sent(town) == 0
    town.clock.ahead += timedelta(minutes=3)
    assert sent(town) == 2
    assert seen(books, endpoint)["pending"] == 0


def test_a_secret_is_shown_once_and_to_the_same_request_again(books: Service, receiver: Receiver):
    body = {"url": receiver.url, "types": TYPES}
    first, again = (books.post(ENDPOINTS, body, 201, Idempotency_Key="once") for _ in range(2))
    assert first == again
    assert first["secret"].startswith("whsec_")
    assert first["secret"] not in str(seen(books, first))
    assert first["secret"] not in str(books.get(ENDPOINTS))


def test_after_a_rotation_both_secrets_sign_for_a_day(town: Town, books: Service, people: People, receiver: Receiver):
    endpoint = made(books, receiver)
    rotated = books.post(f"{ENDPOINTS}/{endpoint['id']}/rotate", Idempotency_Key="r")
    assert rotated == books.post(f"{ENDPOINTS}/{endpoint['id']}/rotate", Idempotency_Key="r")
    assert seen(books, endpoint)["bothSecretsUntil"] is not None
    people.come(1)
    sent(town)
    assert signed_by(receiver.requests[0], endpoint["secret"])
    assert signed_by(receiver.requests[0], rotated["secret"])
    town.clock.ahead += timedelta(hours=24, minutes=1)
    people.come(1)
    sent(town)
    assert signed_by(receiver.requests[1], rotated["secret"])
    assert not signed_by(receiver.requests[1], endpoint["secret"])
    assert seen(books, endpoint)["bothSecretsUntil"] is None


def test_the_wrapping_key_may_change_beneath_a_secret(town: Town, books: Service, receiver: Receiver):
    endpoint = made(books, receiver)
    old, new = town.container.settings.wrapping_key, b"n" * 32
    changed = Rotation(town.container.pool, [new, old]).run(lambda _name, _seen: None)
    assert changed["secrets of webhook endpoints"] == 1
    with town.container.pool.connection() as connection:
        ((id, wrapped),) = connection.execute("SELECT endpoint, wrapped FROM webhook_secrets").fetchall()
    assert f"whsec_{b64encode(WrappedSecrets([new]).clear(id, wrapped)).decode()}" == endpoint["secret"]


def test_a_test_event_is_sent_at_once_and_tells_nothing(town: Town, books: Service, receiver: Receiver):
    endpoint = made(books, receiver)
    answer = books.post(f"{ENDPOINTS}/{endpoint['id']}/test", Idempotency_Key="t")
    assert answer == books.post(f"{ENDPOINTS}/{endpoint['id']}/test", Idempotency_Key="t")
    assert sent(town) == 1
    event = verified(receiver.requests[0], endpoint["secret"])
    assert (event["type"], event["data"]) == ("webhooks.EndpointTested", {"endpointId": endpoint["id"]})
    delivery = books.get(f"{ENDPOINTS}/{endpoint['id']}/deliveries/{answer['deliveryId']}")
    assert (delivery["state"], delivery["attempts"][0]["answer"]) == ("delivered", "that makes 1")


def test_one_event_is_sent_again_by_the_same_id(town: Town, books: Service, people: People, receiver: Receiver):
    endpoint = made(books, receiver)
    people.come(1)
    sent(town)
    (delivery,) = books.get(f"{ENDPOINTS}/{endpoint['id']}/deliveries?state=delivered")["items"]
    books.post(f"{ENDPOINTS}/{endpoint['id']}/deliveries/{delivery['id']}/redeliver")
    assert sent(town) == 1
    first, again = receiver.requests
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert first.body == again.body
    assert books.get(f"{ENDPOINTS}/{endpoint['id']}/deliveries?state=pending")["items"] == []
    nowhere = f"{ENDPOINTS}/{endpoint['id']}/deliveries/{endpoint['id']}"
    assert books.post(f"{nowhere}/redeliver", status=404) == ("delivery_not_found", None)
    assert books.get(nowhere, 404) == ("delivery_not_found", None)


def test_the_past_is_sent_again_from_a_position_on(town: Town, books: Service, people: People, receiver: Receiver):
    early = people.come(2)
    endpoint = made(books, receiver)
    late = people.come(1)
    sent(town)
    (first,) = [each for each in books.get("/v1/feeds/users?types=users.UserRegistered")["items"] if each["subject"] == early[0]]
    books.post(f"{ENDPOINTS}/{endpoint['id']}/replay", {"position": int(first["position"])})
    assert sent(town) == 2
    assert [verified(each, endpoint["secret"])["subject"] for each in receiver.requests] == [late[0], early[1], late[0]]
    assert receiver.requests[0].headers["webhook-id"] == receiver.requests[2].headers["webhook-id"]
    refused = books.post(f"{ENDPOINTS}/{endpoint['id']}/replay", {"position": 10**12}, 404)
    assert refused == ("position_unknown", None)


def test_an_endpoint_moves_changes_its_types_and_rests(town: Town, books: Service, people: People, receiver: Receiver):
    endpoint = made(books, receiver)
    where = f"{ENDPOINTS}/{endpoint['id']}"
    books.patch(where, {"url": f"{receiver.url}/new", "types": ["users.UserSuspended"], "description": "Ledger"})
    shown = seen(books, endpoint)
    assert (shown["url"], shown["types"], shown["description"]) == (f"{receiver.url}/new", ["users.UserSuspended"], "Ledger")
    (ana,) = people.come(1)
    people.go(ana)
    assert sent(town) == 1
    assert (receiver.requests[0].path, verified(receiver.requests[0], endpoint["secret"])["type"]) == ("/hooks/new", "users.UserSuspended")
    books.post(f"{where}/disable")
    assert seen(books, endpoint)["disabledBecause"] == "asked"
    people.come_back(ana)
    people.go(ana)
    assert sent(town) == 0
    books.post(f"{where}/enable")
    assert sent(town) == 0
    people.come_back(ana)
    people.go(ana)
    assert sent(town) == 1


def test_what_is_deleted_is_sent_nothing_and_gone(town: Town, books: Service, people: People, receiver: Receiver):
    endpoint = made(books, receiver)
    people.come(1)
    books.delete(f"{ENDPOINTS}/{endpoint['id']}")
    assert sent(town) == 0
    assert books.get(f"{ENDPOINTS}/{endpoint['id']}", 404) == ("endpoint_not_found", None)
    assert books.get(f"{ENDPOINTS}/{endpoint['id']}/deliveries", 404) == ("endpoint_not_found", None)
    assert books.delete(f"{ENDPOINTS}/{endpoint['id']}", 404) == ("endpoint_not_found", None)
    assert books.get(ENDPOINTS)["items"] == []


def test_an_endpoint_is_its_owners_and_the_operators(town: Town, ada: Person, books: Service, receiver: Receiver):
    endpoint = made(books, receiver)
    where = f"{ENDPOINTS}/{endpoint['id']}"
    other = Service.made(town, "Other")
    assert other.get(ENDPOINTS)["items"] == []
    assert other.get(where, 404) == ("endpoint_not_found", None)
    for asked in ("rotate", "test", "enable", "disable", f"deliveries/{endpoint['id']}/redeliver"):
        assert other.post(f"{where}/{asked}", status=403) == ("not_yours", None)
    assert other.post(f"{where}/replay", {"position": 0}, 403) == ("not_yours", None)
    assert other.patch(where, {"url": receiver.url}, 403) == ("not_yours", None)
    assert other.delete(where, 403) == ("not_yours", None)
    assert [each["id"] for each in ada.get(ENDPOINTS)["items"]] == [endpoint["id"]]
    ada.post(f"{where}/disable")
    (found,) = ada.get("/v1/audit/events?type=integrations.EndpointDisabled")["items"]
    assert found["actor"] == ada.id


def test_lists_go_on_in_pages(town: Town, books: Service, people: People, receiver: Receiver):
    ids = [made(books, receiver)["id"] for _ in range(3)]
    page = books.get(f"{ENDPOINTS}?limit=2")
    rest = books.get(f"{ENDPOINTS}?limit=2&cursor={page['next']}")
    assert [each["id"] for each in [*page["items"], *rest["items"]]] == ids[::-1]
    assert rest["next"] is None
    people.come(3)
    sent(town)
    where = f"{ENDPOINTS}/{ids[0]}/deliveries"
    page = books.get(f"{where}?limit=2&state=delivered")
    rest = books.get(f"{where}?limit=2&state=delivered&cursor={page['next']}")
    assert len({each["id"] for each in [*page["items"], *rest["items"]]}) == 3
    assert rest["next"] is None
    assert books.get(f"{where}?limit=2&cursor={page['next']}", 400) == ("bad_cursor", None)


REFUSED: list[tuple[dict[str, Any], int, tuple[str, str]]] = [
    ({"url": "http://93.184.215.14/hooks"}, 422, ("url_insecure", "/url")),
    ({"url": "https://127.0.0.1/hooks"}, 422, ("address_refused", "/url")),
    ({"url": "https://169.254.169.254/latest/meta-data"}, 422, ("address_refused", "/url")),
    ({"url": "https://[::1]/"}, 422, ("address_refused", "/url")),
    ({"url": "https://localhost:5432/"}, 422, ("address_refused", "/url")),
    ({"url": "https://ana:secret@hooks.example/"}, 422, ("url_invalid", "/url")),
    ({"url": "hooks.example"}, 422, ("url_invalid", "/url")),
    ({"url": "https://hooks.example/", "types": ["users.Nothing"]}, 400, ("invalid_body", "/types/0")),
    ({"types": []}, 400, ("invalid_body", "/url")),
]


def test_what_must_not_or_cannot_be_sent_to_is_refused(database: str):
    town = Town(database)
    try:
        books = Service.made(town, "Books")
        assert [books.post(ENDPOINTS, body, status) for body, status, _ in REFUSED] == [refusal for _, _, refusal in REFUSED]
        endpoint = books.post(ENDPOINTS, {"url": "https://93.184.215.14/hooks"}, 201)
        assert books.patch(f"{ENDPOINTS}/{endpoint['id']}", {"url": "https://10.0.0.1/"}, 422) == ("address_refused", "/url")
        assert [each["url"] for each in books.get(ENDPOINTS)["items"]] == ["https://93.184.215.14/hooks"]
    finally:
        town.close()


def test_nobody_has_more_endpoints_than_can_be_served(books: Service, receiver: Receiver, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tend, "MOST", 2)
    first, _ = (made(books, receiver) for _ in range(2))
    assert books.post(ENDPOINTS, {"url": receiver.url}, 409) == ("too_many_endpoints", None)
    books.delete(f"{ENDPOINTS}/{first['id']}")
    made(books, receiver)


def test_it_is_counted_for_machines(town: Town, ada: Person, books: Service, people: People, receiver: Receiver):
    made(books, receiver)
    people.come(3)
    receiver.answers = [(500, {})] * 3
    sent(town)
    figures = ada.ask("GET", "/metrics").text
    assert "tradewind_webhooks_pending 3.0" in figures
    assert "tradewind_webhooks_failing_endpoints 1.0" in figures
    assert "tradewind_webhooks_oldest_seconds 0.0" in figures
