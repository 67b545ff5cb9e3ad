"""Someone lists a boat, a moderator lets it through, others keep it in sight and ask about it."""

from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.town import Person, Town

ANA, BEN, MO = "ana@example.org", "ben@example.org", "mo@example.org"
BOAT: dict[str, Any] = {
    "category": "boats",
    "title": "Bavaria 38 <Sport>",
    "description": "Well kept.\nWinters under a roof.",
    "attributes": {"type": "motor-yacht", "maker": "Bavaria", "year": 2005, "length": {"value": 38, "unit": "ft"}},
    "price": {"amount": 4_500_000, "currency": "EUR"},
    "place": {"country": "CH", "locality": "Stäfa", "latitude": 47.24, "longitude": 8.72},
}


def moderator(town: Town) -> Person:
    mo = town.registered(MO, "Mo")
    town.admin().post(f"/v1/users/{mo.id}/roles", {"role": "moderator"})
    return town.sign_in(MO)


def drafted(by: Person, **content: Any) -> str:
    return by.post("/v1/listings", {**BOAT, **content}, 201)["id"]


def submitted(by: Person, **content: Any) -> str:
    id = drafted(by, **content)
    by.post(f"/v1/listings/{id}/submit")
    return id


def published(by: Person, moderator: Person, **content: Any) -> str:
    id = submitted(by, **content)
    moderator.post(f"/v1/listings/{id}/approve")
    by.post(f"/v1/listings/{id}/publish")
    return id


def test_a_boat_is_listed_reviewed_published_and_sold(town: Town):
    ana, mo, ben = town.registered(ANA), moderator(town), town.registered(BEN)
    made = ana.ask("POST", "/v1/listings", BOAT)
    boat = made.json()["id"]
    assert (made.status_code, made.headers["Location"]) == (201, f"/v1/listings/{boat}")
    assert made.json()["actions"] == ["edit", "price", "images", "submit", "archive"]
    assert ben.get(f"/v1/listings/{boat}", 404) == ("listing_not_found", None)
    page = ana.get(f"/v1/listings/{boat}")
    assert page["attributes"] == {"type": ["motor-yacht"], "maker": "Bavaria", "year": 2005, "length": 11.582}
    assert (page["title"], page["price"], page["status"]) == (BOAT["title"], BOAT["price"], "draft")

    ana.post(f"/v1/listings/{boat}/submit")
    assert [each["id"] for each in mo.get("/v1/moderation/queue")["items"]] == [boat]
    mo.post(f"/v1/listings/{boat}/request-changes", {"reason": "Which engine?"})
    assert ana.get(f"/v1/listings/{boat}")["reason"] == "Which engine?"
    ana.patch(f"/v1/listings/{boat}", {"attributes": {**page["attributes"], "engine": "Volvo D4"}})
    ana.post(f"/v1/listings/{boat}/submit")
    mo.post(f"/v1/listings/{boat}/approve")
    ana.post(f"/v1/listings/{boat}/publish")
    assert mo.get("/v1/moderation/queue")["items"] == []

    shown = town.guest().get(f"/v1/listings/{boat}")
    assert (shown["status"], shown["attributes"]["engine"], shown["actions"]) == ("published", "Volvo D4", [])
    assert [each["id"] for each in town.guest().get("/v1/listings?category=boats")["items"]] == [boat]
    ana.put(f"/v1/listings/{boat}/price", {"price": {"amount": 4_000_000, "currency": "EUR"}})
    ana.post(f"/v1/listings/{boat}/pause")
    assert town.guest().get("/v1/listings")["items"] == []
    ana.post(f"/v1/listings/{boat}/resume")
    ana.post(f"/v1/listings/{boat}/mark-sold")
    assert ana.put(f"/v1/listings/{boat}/price", {"price": {"amount": 1, "currency": "EUR"}}, 409) == ("price_is_final", None)
    assert ana.get("/v1/me/listings?status=sold")["items"][0]["actions"] == ["archive"]


def test_a_form_can_be_made_from_what_a_category_declares(town: Town):
    categories = {each["slug"]: each for each in town.guest().get("/v1/categories")["items"]}
    attributes = {each["name"]: each for each in categories["boats"]["attributes"]}
    assert categories["boats"]["kind"] == "classified"
    assert attributes["type"]["required"]
    ana = town.registered(ANA)
    for choice in attributes["condition"]["choices"]:
        drafted(ana, attributes={"condition": choice})
    for unit in attributes["length"]["units"]:
        least = {"m": 1, "cm": 100, "mm": 1000, "in": 40, "ft": 4, "yd": 2}[unit]
        drafted(ana, attributes={"length": {"value": least, "unit": unit}})
    too_long = attributes["length"]["maximum"] + 1
    assert ana.post("/v1/listings", {**BOAT, "attributes": {"length": too_long}}, 422) == ("attribute_invalid", "/attributes/length")


def test_an_edit_after_approval_takes_a_listing_back_to_review(town: Town):
    ana, mo = town.registered(ANA), moderator(town)
    boat = published(ana, mo)
    ana.patch(f"/v1/listings/{boat}", {"title": "Another boat altogether"})
    assert town.guest().get(f"/v1/listings/{boat}", 404) == ("listing_not_found", None)
    assert [each["title"] for each in mo.get("/v1/moderation/queue")["items"]] == ["Another boat altogether"]


def test_a_pinned_version_keeps_two_people_from_overwriting_each_other(town: Town):
    ana = town.registered(ANA)
    boat = drafted(ana)
    tag = ana.ask("GET", f"/v1/listings/{boat}").headers["ETag"]
    assert ana.ask("PATCH", f"/v1/listings/{boat}", {"title": "First"}, If_Match=tag).status_code == 200
    late = ana.ask("PATCH", f"/v1/listings/{boat}", {"title": "Second"}, If_Match=tag)
    assert (late.status_code, late.json()["code"]) == (412, "stale_version")
    assert ana.get(f"/v1/listings/{boat}")["title"] == "First"


def test_the_same_key_drafts_one_listing(town: Town):
    ana, key = town.registered(ANA), str(uuid4())
    first = ana.ask("POST", "/v1/listings", BOAT, Idempotency_Key=key)
    again = ana.ask("POST", "/v1/listings", BOAT, Idempotency_Key=key)
    assert again.json() == first.json()
    assert len(ana.get("/v1/me/listings")["items"]) == 1


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ({"category": "spaceships"}, "/category"),
        ({"attributes": {"wings": 2}}, "/attributes/wings"),
        ({"attributes": {"year": 3000}}, "/attributes/year"),
        ({"attributes": {"length": {"value": 1, "unit": "parsec"}}}, "/attributes/length"),
        ({"title": "nul\x00"}, "/title"),
        ({"title": "x" * 161}, "/title"),
        ({"price": {"amount": 0, "currency": "EUR"}}, "/price/amount"),
        ({"price": {"amount": 1, "currency": "XXX"}}, "/price/currency"),
        ({"price": {"amount": 1.5, "currency": "EUR"}}, "/price/amount"),
        ({"place": {"latitude": 91, "longitude": 0}}, "/place/latitude"),
        ({"place": {"latitude": 47}}, "/place"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_is_wrong_with_a_draft_is_told_by_its_field(town: Town, content: dict[str, Any], pointer: str):
    refused = town.registered(ANA).ask("POST", "/v1/listings", {**BOAT, **content})
    assert refused.status_code in {400, 422}
    assert refused.json()["pointer"] == pointer


def test_everyone_keeps_to_his_part(town: Town):
    ana, mo, ben = town.registered(ANA), moderator(town), town.registered(BEN)
    boat, own = submitted(ana), submitted(mo)
    assert ben.post(f"/v1/listings/{boat}/archive", status=403) == ("not_yours", None)
    assert ben.patch(f"/v1/listings/{boat}", {"title": "Mine"}, 403) == ("not_yours", None)
    assert ana.post(f"/v1/listings/{boat}/approve", status=403) == ("role_missing", None)
    assert mo.post(f"/v1/listings/{own}/approve", status=409) == ("own_listing", None)
    assert ana.get("/v1/moderation/queue", 403) == ("role_missing", None)
    assert town.guest().post("/v1/listings", BOAT, 401) == ("unauthenticated", None)
    assert ben.post("/v1/listings", {**BOAT, "sellerId": ana.id}, 403) == ("not_yours", None)
    assert ana.post(f"/v1/listings/{uuid4()}/submit", status=404) == ("listing_not_found", None)


def test_a_page_of_listings_leads_to_the_next(town: Town):
    ana = town.registered(ANA)
    boats = [drafted(ana, title=f"Boat {number}") for number in range(3)]
    first = ana.get("/v1/me/listings?limit=2")
    rest = ana.get(f"/v1/me/listings?limit=2&cursor={first['next']}")
    assert [each["id"] for each in first["items"] + rest["items"]] == boats[::-1]
    assert rest["next"] is None
    assert ana.get("/v1/me/listings?cursor=tampered", 400) == ("bad_cursor", None)
    for other in ("/v1/listings?", "/v1/me/listings?category=boats&", f"/v1/listings?seller={ana.id}&"):
        assert ana.get(f"{other}cursor={first['next']}", 400) == ("bad_cursor", None)
    assert ana.get("/v1/me/listings?colour=red", 400) == ("unknown_parameter", None)


def test_favourites_show_their_listings_as_they_stand(town: Town):
    ana, mo, ben = town.registered(ANA), moderator(town), town.registered(BEN)
    kept, gone, draft = published(ana, mo), published(ana, mo), drafted(ana)
    for boat in (kept, gone, kept):
        ben.put(f"/v1/me/favourites/{boat}", None)
    assert ben.ask("PUT", f"/v1/me/favourites/{draft}").json()["code"] == "listing_not_found"
    ana.post(f"/v1/listings/{gone}/archive")
    found = ben.get("/v1/me/favourites")["items"]
    assert [(each["listingId"], each["listing"] and each["listing"]["title"]) for each in found] == [(gone, None), (kept, BOAT["title"])]
    ben.delete(f"/v1/me/favourites/{gone}")
    ben.delete(f"/v1/me/favourites/{gone}")
    assert [each["listingId"] for each in ben.get("/v1/me/favourites")["items"]] == [kept]
    assert ana.get("/v1/me/favourites")["items"] == []


def test_an_inquiry_reaches_the_seller_and_nobody_else(town: Town):
    ana, mo, ben = town.registered(ANA), moderator(town), town.registered(BEN)
    boat, draft = published(ana, mo), drafted(ana)
    sent = ben.ask("POST", f"/v1/listings/{boat}/inquiries", {"message": "Does it float?"})
    assert (sent.status_code, sent.headers["Location"]) == (201, f"/v1/inquiries/{sent.json()['id']}")
    assert [each["message"] for each in ana.get("/v1/me/inquiries?box=received")["items"]] == ["Does it float?"]
    assert [each["message"] for each in ben.get("/v1/me/inquiries?box=sent")["items"]] == ["Does it float?"]
    assert ana.get("/v1/me/inquiries?box=sent")["items"] == []
    assert ana.get(sent.headers["Location"])["senderId"] == ben.id
    assert mo.get(sent.headers["Location"], 404) == ("inquiry_not_found", None)
    assert ana.post(f"/v1/listings/{boat}/inquiries", {"message": "Me?"}, 409) == ("own_listing", None)
    assert ben.post(f"/v1/listings/{draft}/inquiries", {"message": "And this?"}, 409) == ("listing_not_published", None)
    assert ben.post(f"/v1/listings/{uuid4()}/inquiries", {"message": "Hello?"}, 404) == ("listing_not_found", None)
