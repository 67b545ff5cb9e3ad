"""What a seller's tier lets him show (H4): so many images of each listing, and so many listings before all others."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.journeys.listings.test_listings import ANA, BEN, moderator
from tests.journeys.listings.test_products import published
from tests.journeys.town import Person, Town
from tests.journeys.users.test_tiers import asks, member


def image(number: int) -> dict[str, Any]:
    return {"address": f"https://img.example/{number}.jpg", "alt": f"Milk, {number}", "width": 1600, "height": 1200}


def images(*numbers: int) -> dict[str, Any]:
    return {"images": [image(each) for each in numbers]}


def listed(by: Person, path: str = "/v1/listings") -> list[str]:
    return [each["id"] for each in by.get(path)["items"]]


def shelf(ana: Person, mo: Person, count: int) -> list[str]:
    """Published products, the oldest first."""
    litre = {"unit": "l", "price": {"amount": 180, "currency": "CHF"}}
    return [published(ana, mo, {**litre, "sku": f"M-{each}"}, title=f"Milk {each}") for each in range(count)]


def test_a_listing_shows_its_images_once_they_were_reviewed_as_many_as_the_tier_allows(town: Town):
    ana, ben, mo, guest = town.registered(ANA), town.registered(BEN), moderator(town), town.guest()
    (milk,) = shelf(ana, mo, 1)
    address = f"/v1/listings/{milk}/images"
    assert guest.get(f"/v1/listings/{milk}")["images"] == []
    assert ana.put(address, images(*range(6)), 409) == ("image_limit_reached", None)
    detail = ana.ask("PUT", address, images(*range(6))).json()["detail"]
    assert detail == "Your tier allows 5 images of each listing. The tier premium allows 20."
    assert ben.put(address, images(1), 403)[0] == "not_yours"
    assert ana.put(address, {"images": [image(1), {"address": "https://localhost/a"}]}, 422) == ("image_invalid", "/images/1/address")
    assert ana.put(address, {"images": [{"address": "http://img.example/a.jpg"}]}, 400)[1] == "/images/0/address"
    ana.put(address, images(2, 1))
    assert guest.get(f"/v1/listings/{milk}", 404)[0] == "listing_not_found", "what a moderator has not seen nobody sees"
    mo.post(f"/v1/listings/{milk}/approve")
    ana.post(f"/v1/listings/{milk}/publish")
    assert guest.get(f"/v1/listings/{milk}")["images"] == [image(2), image(1)]

    member(town, ana)
    draft = ana.post("/v1/listings", {"category": "boats"}, 201)["id"]
    ana.put(f"/v1/listings/{draft}/images", images(*range(20)))
    assert ana.put(f"/v1/listings/{draft}/images", images(*range(21)), 409)[0] == "image_limit_reached"


def test_promoted_listings_come_first_and_no_more_of_them_than_the_tier_allows(town: Town):
    ana, mo, guest = town.registered(ANA), moderator(town), town.guest()
    shelved = shelf(ana, mo, 7)
    oldest, newest = shelved[0], shelved[-1]
    assert listed(guest) == shelved[::-1]
    refused = ana.ask("POST", f"/v1/listings/{oldest}/promote").json()
    assert (refused["code"], refused["detail"]) == (
        "promotion_limit_reached",
        "Your tier allows 0 promoted listings; 0 are. The tier premium allows 5.",
    )
    member(town, ana)
    with ThreadPoolExecutor(6) as at_once:
        answers = list(at_once.map(lambda each: ana.ask("POST", f"/v1/listings/{each}/promote"), shelved[:6]))
    assert sorted(each.status_code for each in answers) == [200] * 5 + [409]
    first = [id for id in shelved if guest.get(f"/v1/listings/{id}")["promoted"]]
    assert len(first) == 5
    assert listed(guest) == [*first[::-1], *(id for id in shelved[::-1] if id not in first)]
    assert listed(guest, "/v1/products?category=groceries&limit=2") == first[:-3:-1]
    assert listed(ana, "/v1/me/listings")[0] == newest, "his own he sees as they come"

    page = guest.get("/v1/listings?limit=3")
    behind = guest.get(f"/v1/listings?limit=4&cursor={page['next']}")
    assert [each["id"] for each in (*page["items"], *behind["items"])] == listed(guest)

    left = next(id for id in shelved if id not in first)
    assert "demote" in ana.post(f"/v1/listings/{first[0]}/promote")["actions"], "promoted it is already"
    ana.post(f"/v1/listings/{first[0]}/demote")
    assert ana.post(f"/v1/listings/{left}/promote")["actions"].count("demote") == 1
    assert ana.post(f"/v1/listings/{first[0]}/promote", None, 409)[0] == "promotion_limit_reached"
    ana.post(f"/v1/listings/{left}/pause")
    ana.post(f"/v1/listings/{first[0]}/promote")
    ana.post(f"/v1/listings/{first[1]}/archive")
    ana.post(f"/v1/listings/{left}/resume")
    assert not guest.get(f"/v1/listings/{left}")["promoted"]
    town.settle()
    ana.post(f"/v1/listings/{left}/promote")
    town.settle()
    assert guest.get(f"/v1/listings/{left}")["promoted"], "what follows from an earlier promotion's end does not end this one"


def test_whoever_leaves_his_tier_keeps_his_listings_and_their_images_but_promotes_none(town: Town):
    ana, mo, guest = town.registered(ANA), moderator(town), town.guest()
    shelved = shelf(ana, mo, 3)
    url = member(town, ana)
    for each in shelved:
        ana.post(f"/v1/listings/{each}/promote")
    draft = ana.post("/v1/listings", {"category": "boats"}, 201)["id"]
    ana.put(f"/v1/listings/{draft}/images", images(*range(7)))
    assert town.http.post(f"/{url.split('/', 3)[3]}/end").status_code == 200
    town.settle()
    assert ana.get("/v1/subscriptions/me")["tier"] == "free"
    assert [guest.get(f"/v1/listings/{each}")["promoted"] for each in shelved] == [False] * 3
    assert sorted(listed(guest)) == sorted(shelved)
    ana.put(f"/v1/listings/{draft}/images", images(*range(6)))
    assert ana.put(f"/v1/listings/{draft}/images", images(*range(1, 7)), 409)[0] == "image_limit_reached"
    ana.put(f"/v1/listings/{draft}/images", images(1, 7))
    asks(ana)
