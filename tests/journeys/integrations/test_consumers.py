"""The workers of a service share a feed by a consumer group: each event goes to one of them, again and again until it is done."""

from datetime import timedelta

import pytest

from tests.journeys.integrations.harbour import BOOKING, People, Service, told
from tests.journeys.town import Person, Town

GROUP = "/v1/feeds/users/consumers"


def test_events_are_fetched_once_and_acknowledged(books: Service, people: People):
    books.follow()
    ana, ben, cy = people.come(3)
    first = books.pull(2)
    assert told(first) == [(ana, "UserRegistered"), (ben, "UserRegistered")]
    assert [each["attempt"] for each in first] == [1, 1]
    rest = books.pull()
    assert told(rest) == [(cy, "UserRegistered")]
    assert books.pull() == []
    assert books.acknowledge([*first, *rest]) == {"done": 3, "parked": 0, "stale": []}
    assert books.pull() == []
    shown = books.shown()
    assert (shown["out"], shown["waiting"], shown["parked"], shown["lagEvents"], shown["lagSeconds"]) == (0, 0, 0, 0, 0.0)


def test_what_a_worker_lost_is_given_to_another_when_its_lease_ends(town: Town, books: Service, people: People):
    books.follow(leaseSeconds=30)
    people.come(2)
    lost = books.pull()
    town.clock.ahead += timedelta(seconds=29)
    assert books.pull() == []
    town.clock.ahead += timedelta(seconds=2)
    again = books.pull()
    assert told(again) == told(lost)
    assert [each["attempt"] for each in again] == [2, 2]
    assert books.acknowledge(lost, 409) == ("stale_lease", None)
    assert books.acknowledge([again[0], lost[1]]) == {"done": 1, "parked": 0, "stale": [lost[1]["lease"]]}
    assert books.acknowledge([again[1]])["done"] == 1
    assert books.acknowledge(again, 409) == ("stale_lease", None)


def test_a_lease_that_ended_is_good_until_somebody_else_has_the_event(town: Town, books: Service, people: People):
    books.follow(leaseSeconds=30)
    people.come(1)
    late = books.pull()
    town.clock.ahead += timedelta(minutes=5)
    assert books.acknowledge(late)["done"] == 1


def test_a_worker_keeps_an_event_for_longer(town: Town, books: Service, people: People):
    books.follow(leaseSeconds=30)
    people.come(1)
    held = books.pull()
    assert books.post(f"{BOOKING}/extend", {"leases": [held[0]["lease"]], "seconds": 600})["done"] == 1
    town.clock.ahead += timedelta(minutes=5)
    assert books.pull() == []


def test_of_one_subject_the_next_event_waits_for_the_one_before(books: Service, people: People):
    books.follow()
    ana, ben = people.come(2)
    people.go(ana)
    people.come_back(ana)
    first = books.pull()
    assert told(first) == [(ana, "UserRegistered"), (ben, "UserRegistered")]
    assert books.pull() == []
    assert books.shown()["waiting"] == 2
    books.acknowledge(first[1:])
    assert books.pull() == []
    books.acknowledge(first[:1])
    second = books.pull()
    assert told(second) == [(ana, "UserSuspended")]
    books.reject(second)
    again = books.pull()
    assert (told(again), again[0]["attempt"]) == ([(ana, "UserSuspended")], 2)
    books.acknowledge(again)
    assert told(books.pull()) == [(ana, "UserReinstated")]


def test_what_is_rejected_comes_again_after_its_delay(town: Town, books: Service, people: People):
    books.follow()
    people.come(1)
    assert books.reject(books.pull(), delaySeconds=60, reason="closed") == {"done": 1, "parked": 0, "stale": []}
    town.clock.ahead += timedelta(seconds=59)
    assert books.pull() == []
    town.clock.ahead += timedelta(seconds=2)
    assert [each["attempt"] for each in books.pull()] == [2]


def test_what_fails_too_often_is_parked_with_what_follows_of_its_subject(books: Service, people: People):
    books.follow(maxAttempts=2)
    ana, ben = people.come(2)
    people.go(ana)
    first, second = books.pull()
    books.acknowledge([second])
    assert books.reject([first], reason="no such account")["parked"] == 0
    assert books.reject(books.pull(), reason="no such account")["parked"] == 1
    people.go(ben)
    assert told(books.pull()) == [(ben, "UserSuspended")]
    (parked,) = books.get(f"{BOOKING}/parked")["items"]
    assert (parked["event"]["subject"], parked["attempts"], parked["reason"]) == (ana, 2, "no such account")
    assert books.shown()["parked"] == 1

    books.post(f"{BOOKING}/parked/{parked['event']['position']}/retry")
    again = books.pull()
    assert (told(again), again[0]["attempt"]) == ([(ana, "UserRegistered")], 1)
    books.acknowledge(again)
    assert told(books.pull()) == [(ana, "UserSuspended")]
    assert books.post(f"{BOOKING}/parked/{parked['event']['position']}/retry", status=409) == ("not_parked", None)


def test_an_event_that_is_skipped_lets_the_next_go_and_auditors_see_who_did_it(town: Town, ada: Person, books: Service, people: People):
    books.follow(maxAttempts=1)
    (ana,) = people.come(1)
    people.go(ana)
    lost = books.pull()
    town.clock.ahead += timedelta(minutes=2)
    assert books.pull() == []
    (parked,) = books.get(f"{BOOKING}/parked")["items"]
    assert parked["reason"] == "The lease ended."
    assert books.acknowledge(lost, 409) == ("stale_lease", None)
    books.post(f"{BOOKING}/parked/{parked['event']['position']}/skip", {"reason": "A test of ours."})
    assert told(books.pull()) == [(ana, "UserSuspended")]
    (found,) = ada.get("/v1/audit/events?type=integrations.ParkedDeliverySkipped")["items"]
    assert (found["actor"], found["data"]["reason"], str(found["data"]["position"])) == (
        books.id,
        "A test of ours.",
        parked["event"]["position"],
    )


def test_a_group_begins_where_it_is_told(town: Town, books: Service, people: People):
    first = people.come(1)[0]
    town.clock.ahead += timedelta(minutes=1)
    books.follow("all", **{"from": "start", "types": ["users.UserRegistered"]})
    everything = books.post(f"{GROUP}/all/pull", {})["items"]
    assert told(everything)[-1] == (first, "UserRegistered")
    at = everything[-1]["event"]
    books.follow("since", **{"from": {"time": at["time"]}, "types": ["users.UserRegistered"]})
    books.follow("behind", **{"from": {"position": int(at["position"])}, "types": ["users.UserRegistered"]})
    (second,) = people.come(1)
    assert [subject for subject, _ in told(books.post(f"{GROUP}/since/pull", {})["items"])] == [first, second]
    assert [subject for subject, _ in told(books.post(f"{GROUP}/behind/pull", {})["items"])] == [second]


def test_how_far_behind_a_group_is_is_shown(books: Service, people: People):
    books.follow()
    people.come(3)
    before = books.shown()
    assert (before["lagEvents"], before["out"], before["waiting"]) == (3, 0, 0)
    assert before["position"] < before["head"]
    assert before["lagSeconds"] > 0
    given = books.pull(2)
    pulled = books.shown()
    assert (pulled["lagEvents"], pulled["out"], pulled["waiting"], pulled["position"]) == (3, 2, 1, pulled["head"])
    books.acknowledge(given)
    assert (books.shown()["lagEvents"], books.shown()["out"]) == (1, 0)


def test_how_far_behind_every_group_is_is_counted_for_machines(ada: Person, books: Service, people: People):
    books.follow()
    books.follow("cooking")
    people.come(3)
    books.acknowledge(books.pull())
    figures = ada.ask("GET", "/metrics").text
    assert 'tradewind_consumer_lag_events{consumer="booking",feed="users"} 0.0' in figures
    assert 'tradewind_consumer_lag_events{consumer="cooking",feed="users"} 3.0' in figures
    assert 'tradewind_consumer_lag_seconds{consumer="booking",feed="users"} 0.0' in figures
    assert 'tradewind_consumer_parked_events{consumer="cooking",feed="users"} 0.0' in figures


def test_two_groups_of_one_feed_are_given_everything_each(books: Service, people: People):
    books.follow("one")
    books.follow("two")
    people.come(2)
    pulled = [books.post(f"{GROUP}/{name}/pull", {})["items"] for name in ("one", "two", "one")]
    assert told(pulled[0]) == told(pulled[1])
    assert pulled[2] == []


def test_a_replay_gives_again_and_ends_leases(books: Service, people: People):
    books.follow()
    people.come(3)
    first = books.pull()
    books.acknowledge(first[:2])
    books.post(f"{BOOKING}/replay", {"position": int(first[0]["event"]["position"])})
    assert books.acknowledge(first[2:], 409) == ("stale_lease", None)
    assert told(books.pull()) == told(first[1:])
    books.post(f"{BOOKING}/replay", {"time": first[0]["event"]["time"]})
    assert told(books.pull()) == told(first)


def test_what_is_deleted_is_gone_and_its_name_is_free(books: Service, people: People):
    books.follow()
    people.come(1)
    held = books.pull()
    assert books.post(GROUP, {"name": "booking"}, 409) == ("consumer_exists", None)
    books.delete(BOOKING)
    assert books.acknowledge(held, 404) == ("consumer_not_found", None)
    assert books.get(BOOKING, 404) == ("consumer_not_found", None)
    assert books.delete(BOOKING, 404) == ("consumer_not_found", None)
    books.follow()
    assert books.pull() == []


def test_a_group_is_its_owners_and_the_operators(town: Town, ada: Person, books: Service):
    books.follow()
    other = Service.made(town, "Other")
    assert other.get(GROUP)["items"] == []
    assert other.get(BOOKING, 404) == ("consumer_not_found", None)
    assert other.post(f"{BOOKING}/pull", {}, 403) == ("not_yours", None)
    assert other.delete(BOOKING, 403) == ("not_yours", None)
    assert other.post(f"{BOOKING}/replay", {"position": 0}, 403) == ("not_yours", None)
    assert other.post(f"{BOOKING}/parked/7/skip", {"reason": "x"}, 403) == ("not_yours", None)
    assert [each["name"] for each in ada.get(GROUP)["items"]] == ["booking"]
    assert ada.post(f"{BOOKING}/pull", {})["items"] == []


def test_groups_are_listed_in_pages(books: Service):
    for name in ("one", "three", "two"):
        books.follow(name)
    page = books.get(f"{GROUP}?limit=2")
    rest = books.get(f"{GROUP}?limit=2&cursor={page['next']}")
    assert [each["name"] for each in [*page["items"], *rest["items"]]] == ["one", "three", "two"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("body", "status", "refusal"),
    [
        ({"name": "x", "from": {"position": 10**12}}, 404, ("position_unknown", None)),
        ({"name": "x", "from": {}}, 422, ("place_unclear", "/from")),
        ({"name": "x", "from": {"position": 1, "time": "2026-01-01T00:00:00Z"}}, 422, ("place_unclear", "/from")),
        ({"name": "x", "from": "middle"}, 400, ("invalid_body", "/from")),
        ({"name": "x", "types": ["users.UserRegistered", "listings.ListingSold"]}, 422, ("not_in_feed", "/types/1")),
        ({"name": "X y"}, 400, ("invalid_body", "/name")),
        ({"name": "x", "maxAttempts": 0}, 400, ("invalid_body", "/maxAttempts")),
    ],
)
def test_a_group_that_cannot_be_is_refused(books: Service, body: object, status: int, refusal: object):
    assert books.post(GROUP, body, status) == refusal


def test_what_is_not_there_is_refused_by_its_code(books: Service):
    assert books.post("/v1/feeds/boats/consumers", {"name": "x"}, 404) == ("feed_not_found", None)
    assert books.post(f"{GROUP}/nobody/pull", {}, 404) == ("consumer_not_found", None)
    books.follow()
    assert books.post(f"{BOOKING}/acknowledge", {"leases": [f"7.{'0' * 32}"]}, 409) == ("stale_lease", None)
    assert books.post(f"{BOOKING}/acknowledge", {"leases": ["7"]}, 400) == ("invalid_body", "/leases/0")
    assert books.post(f"{BOOKING}/replay", {"position": 10**12}, 404) == ("position_unknown", None)
    assert books.post(f"{BOOKING}/parked/7/retry", status=409) == ("not_parked", None)
    for feed in ("users", "groups"):
        beyond = books.ask("GET", f"/v1/feeds/{feed}?after={10**12}")
        assert (beyond.status_code, beyond.json()["code"], beyond.json()["parameter"]) == (404, "position_unknown", "after")
        head = books.get(f"/v1/feeds/{feed}/head")["head"]
        assert books.get(f"/v1/feeds/{feed}?after={head}")["items"] == []


def test_a_command_sent_again_makes_one_group_and_skips_once(books: Service):
    made = [books.post(GROUP, {"name": "once"}, 201, Idempotency_Key="k1") for _ in range(2)]
    assert made[0] == made[1]
    located = books.ask("POST", GROUP, {"name": "twice"}).headers["Location"]
    assert books.get(located)["name"] == "twice"


def test_workers_go_on_while_only_reading_is_possible(ada: Person, books: Service, people: People):
    books.follow()
    people.come(1)
    ada.post("/v1/admin/maintenance/begin", {"reason": "a move"})
    assert books.acknowledge(books.pull())["done"] == 1
