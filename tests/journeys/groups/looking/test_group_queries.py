"""Traders look at groups: before they join, while they wait for others, and afterwards."""

from collections.abc import Generator
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from domain.groups.commands import CloseGathering
from domain.groups.values import Visibility
from interfaces.http.pages.groups import html
from projections.groups.page import view
from projections.groups.shown import GroupRow
from tests.journeys.groups.gatherings import gate, give, join, joined, opened, paid
from tests.journeys.town import Person, Town


@pytest.fixture
def town(database: str) -> Generator[Town]:
    found = Town(database)
    yield found
    found.close()


@pytest.fixture
def ana(town: Town) -> Person:
    return town.registered("ana@example.org", "Ana Maria Sousa")


@pytest.fixture
def ben(town: Town) -> Person:
    return town.registered("ben@example.org", "Ben Moyo")


@pytest.fixture
def cleo(town: Town) -> Person:
    return town.registered("cleo@example.org", "Cleo")


def test_whoever_thinks_of_joining_sees_terms_progress_and_what_more_would_save(town: Town, ana: Person, ben: Person, cleo: Person):
    group = opened(town, ana)
    paid(ben, group, 7)
    joined(cleo, group, 4)
    seen = town.guest().get(f"/v1/groups/{group}")
    assert seen["progress"] == {
        "reserved": 11,
        "paid": 7,
        "percent": 70,
        "participants": 2,
        "payers": 1,
        "waiting": 0,
        "collected": 0,
    }
    assert seen["price"] == {"amount": 900, "currency": "USD"}
    assert seen["nextPrice"] == {"quantity": 20, "price": {"amount": 800, "currency": "USD"}, "missing": 13}
    assert (seen["conditions"]["fee"], seen["conditions"]["refundedIfFailed"]) == ({"amount": 90, "currency": "USD"}, True)
    assert 0 < seen["secondsLeft"] <= 3 * 86_400
    assert (seen["actions"], seen["membership"]) == ([], None)


def test_each_is_told_his_own_part_and_what_he_may_do(town: Town, ana: Person, ben: Person, cleo: Person):
    group = opened(town, ana)
    joined(ben, group, 7)
    assert ana.get(f"/v1/groups/{group}")["actions"] == ["join", "extend", "cancel"]
    reserved = ben.get(f"/v1/groups/{group}")
    assert (reserved["actions"], reserved["membership"]["standing"]) == (["contributions", "quantity", "leave"], "reserved")
    assert cleo.get(f"/v1/groups/{group}")["actions"] == ["join"]
    paid(cleo, group, 10)
    done = cleo.get(f"/v1/groups/{group}")
    assert (done["actions"], done["membership"]["paid"]) == ([], {"amount": 9_000, "currency": "USD"})
    assert ana.get(f"/v1/groups/{group}")["actions"] == ["join", "extend", "lock", "cancel"]


def test_nobody_is_offered_to_join_who_would_be_refused(town: Town, ana: Person, ben: Person, cleo: Person):
    group = opened(town, ana, seller_id=UUID(cleo.id))
    assert cleo.get(f"/v1/groups/{group}")["actions"] == []
    joined(ben, group, 7)
    ana.post(f"/v1/groups/{group}/leave", {"memberId": ben.id})
    assert (ben.get(f"/v1/groups/{group}")["actions"], join(ben, group, 7).json()["code"]) == ([], "not_invited")
    ours = opened(town, ana, visibility=Visibility.INVITED, invited=(UUID(ben.id),))
    assert ben.get(f"/v1/groups/{ours}")["actions"] == ["join"]
    assert town.admin().get(f"/v1/groups/{ours}")["actions"] == ["cancel"]


def test_a_query_sees_what_its_caller_has_just_done(town: Town, ana: Person, ben: Person):
    group = opened(town, ana)
    position = join(ben, group, 7).headers["Position"]
    seen = ben.ask("GET", f"/v1/groups/{group}", Min_Position=position)
    assert (seen.json()["membership"]["quantity"], seen.headers["ETag"]) == (7, '"2"')


def test_a_group_by_invitation_is_not_there_for_anybody_else(town: Town, ana: Person, ben: Person, cleo: Person):
    group = opened(town, ana, visibility=Visibility.INVITED, invited=(ben.id,))
    for path in ("", "/timeline", "/live"):
        assert cleo.get(f"/v1/groups/{group}{path}", 404) == ("group_not_found", None)
        assert town.guest().get(f"/v1/groups/{group}{path}", 404) == ("group_not_found", None)
    assert cleo.get(f"/v1/groups/{group}/members", 404) == ("group_not_found", None)
    for someone in (ana, ben, town.admin()):
        assert "invited" not in someone.get(f"/v1/groups/{group}").get("line", [])
        someone.get(f"/v1/groups/{group}/members")
    assert town.http.get(f"/g/{group}").status_code == 404


def test_a_group_that_is_not_there_is_not_found(ana: Person):
    for path in ("", "/timeline", "/live", "/members"):
        assert ana.get(f"/v1/groups/{uuid4()}{path}", 404) == ("group_not_found", None)


def test_members_know_each_other_by_first_name_and_the_organiser_knows_all(town: Town, ana: Person, ben: Person, cleo: Person):
    group = opened(town, ana)
    paid(ben, group, 7)
    joined(cleo, group, 4)
    others = cleo.get(f"/v1/groups/{group}/members")["items"]
    assert [(each["name"], each["quantity"], each["standing"]) for each in others] == [("Ben M.", 7, "paid"), ("Cleo", 4, "reserved")]
    assert [each["membership"] is None for each in others] == [True, False]
    for someone in (ana, town.admin()):
        whole = someone.get(f"/v1/groups/{group}/members")["items"]
        assert whole[0]["name"] == "Ben Moyo"
        assert whole[0]["membership"]["memberId"] == ben.id
    assert "phone" not in str(ana.get(f"/v1/groups/{group}/members"))
    assert [each["name"] for each in cleo.get(f"/v1/groups/{group}/members?standing=reserved")["items"]] == ["Cleo"]
    first = cleo.get(f"/v1/groups/{group}/members?limit=1")
    assert [each["name"] for each in cleo.get(f"/v1/groups/{group}/members?limit=1&cursor={first['next']}")["items"]] == ["Cleo"]


def test_the_steps_of_a_group_are_told_without_names(town: Town, ana: Person, ben: Person):
    group = opened(town, ana)
    paid(ben, group, 12)
    give(town, group, CloseGathering(group, town.clock() + timedelta(days=4)))
    steps = town.guest().get(f"/v1/groups/{group}/timeline")["items"]
    assert [each["what"] for each in steps] == ["locked", "minimum_reached", "paid", "joined", "opened"]
    assert ben.id not in str(steps)
    page = town.guest().get(f"/v1/groups/{group}/timeline?limit=2")
    following = town.guest().get(f"/v1/groups/{group}/timeline?limit=2&cursor={page['next']}")["items"]
    assert [each["what"] for each in following] == ["paid", "joined"]


def test_everybody_has_his_own_groups_at_hand(town: Town, ana: Person, ben: Person):
    first, second = opened(town, ana), opened(town, ana, visibility=Visibility.LINK)
    joined(ben, first, 3)
    joined(ben, second, 4)
    mine = ben.get("/v1/me/groups")["items"]
    assert [(each["id"], each["membership"]["quantity"]) for each in mine] == [(str(second), 4), (str(first), 3)]
    assert [each["actions"] for each in mine] == [["contributions", "quantity", "leave"]] * 2
    organised = ana.get("/v1/me/groups?side=organised&limit=1")
    assert (len(organised["items"]), organised["items"][0]["id"], organised["next"] is None) == (1, str(second), False)
    assert ana.get("/v1/me/groups?side=supplied")["items"] == []
    assert ana.get("/v1/me/groups")["items"] == []
    ben.post(f"/v1/groups/{first}/leave", {})
    assert [each["id"] for each in ben.get("/v1/me/groups")["items"]] == [str(second)]


def test_who_waits_sees_that_he_does(town: Town, ana: Person, ben: Person, cleo: Person):
    group = opened(town, ana)
    joined(ben, group, 20)
    joined(cleo, group, 5)
    seen = cleo.get(f"/v1/groups/{group}")
    assert (seen["progress"]["waiting"], seen["membership"]["standing"]) == (1, "queued")
    ben.post(f"/v1/groups/{group}/leave", {})
    assert cleo.get(f"/v1/groups/{group}")["membership"]["standing"] == "reserved"
    assert str(gate(group)) == cleo.get(f"/v1/groups/{group}")["membership"]["pickupId"]


def test_progress_is_told_also_without_a_stream(town: Town, ana: Person, ben: Person):
    group = opened(town, ana)
    joined(ben, group, 7)
    assert town.guest().get(f"/v1/groups/{group}/live")["progress"]["reserved"] == 7


def test_a_link_in_a_messenger_shows_the_group_and_nobody_in_it(town: Town, ana: Person, ben: Person):
    group = opened(town, ana, title='Maize <script>alert("x")</script>')
    paid(ben, group, 7)
    town.runner.catch_up()
    answer = town.http.get(f"/g/{group}")
    page = answer.text
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f'<meta property="og:url" content="https://tradewind.example/g/{group}">' in page
    assert '<meta name="twitter:card" content="summary">' in page
    assert "USD 9.00 each · 7 of 10 pieces paid · Closes in 2 days 23 hours" in page
    assert page.count("<script") == 1  # the page's own
    assert "&lt;script&gt;" in page
    assert ben.id not in page
    assert "Ben" not in page
    assert len(page) < 10_000
    give(town, group, CloseGathering(group, town.clock() + timedelta(days=4)))
    town.runner.catch_up()
    assert "everybody gets the money back" in town.http.get(f"/g/{group}").text


def test_the_page_leads_to_where_one_joins_until_the_group_is_closed(town: Town, ana: Person):
    group = opened(town, ana)
    town.runner.catch_up()
    assert f'<a class="go" href="/g/{group}/join">Join</a>' in town.http.get(f"/g/{group}").text
    assert town.http.get(f"/g/{group}/join").status_code == 200
    found = town.container.documents.one(view, group)
    assert found
    row = msgspec.json.decode(found.document, type=GroupRow).page
    framed = html(row, "https://tradewind.example/g", 'https://app.example/"><script>', town.clock())
    assert f'<a class="go" href="https://app.example/&quot;&gt;&lt;script&gt;/groups/{group}">Join</a>' in framed
    give(town, group, CloseGathering(group, town.clock() + timedelta(days=4)))
    town.runner.catch_up()
    assert 'class="go"' not in town.http.get(f"/g/{group}").text
    assert town.http.get(f"/g/{group}/join", follow_redirects=False).headers["Location"] == f"/g/{group}"


def test_a_group_by_link_has_a_page_and_one_by_invitation_none(town: Town, ana: Person):
    linked = opened(town, ana, visibility=Visibility.LINK)
    hidden = opened(town, ana, visibility=Visibility.INVITED, invited=(ana.id,))
    town.runner.catch_up()
    assert [town.http.get(f"/g/{each}").status_code for each in (linked, hidden, uuid4())] == [200, 404, 404]
    assert [town.http.get(f"/g/{each}/join").status_code for each in (linked, hidden, uuid4())] == [200, 404, 404]


def test_those_who_run_the_market_and_each_seller_see_how_groups_do(town: Town, ana: Person, ben: Person, cleo: Person):
    group = opened(town, ana, seller_id=UUID(cleo.id))
    other = opened(town, ana)
    paid(ben, group, 12)
    for each in (group, other):
        give(town, each, CloseGathering(each, town.clock() + timedelta(days=4)))
    days = {each["day"]: each for each in town.admin().get("/v1/reports/groups-by-day")["items"]}
    assert next((each["opened"], each["reached"]) for each in days.values()) == (2, 1)
    assert sum(each["locked"] for each in days.values()) == 1
    (failed,) = (each for each in days.values() if each["ended"])
    assert (failed["success"], failed["failed"]) == (0, 1)
    own = cleo.get("/v1/reports/groups-by-supplier")["items"]
    assert [(each["opened"], each["pieces"], each["piecesEach"]) for each in own] == [(1, 12, 12)]
    assert cleo.get(f"/v1/reports/groups-by-day?supplier={uuid4()}")["items"] == []
    assert ana.get("/v1/reports/supplier-performance")["items"] == []
    sheet = town.admin().ask("GET", "/v1/reports/groups-by-category", Accept="text/csv").text.splitlines()
    assert sheet[0].startswith("category,currency,opened,reached")
    assert sheet[1].startswith("bulk-grains-flour,USD,2,1")
