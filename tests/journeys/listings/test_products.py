"""M2: a seller offers goods from stock, in variants and at prices by quantity; buyers see what there is, and never more than that."""

from typing import Any
from uuid import UUID

import pytest

from tests.journeys.listings.test_listings import ANA, BEN, moderator
from tests.journeys.town import Person, Town

MILK: dict[str, Any] = {"kind": "product", "category": "dairy-eggs", "title": "Whole milk", "attributes": {"labels": ["organic"]}}
LITRE: dict[str, Any] = {
    "sku": "MILK-1L",
    "title": "One litre",
    "options": {"size": "1 l"},
    "unit": "l",
    "taxClass": "reduced",
    "price": {"amount": 180, "currency": "CHF"},
    "tiers": [{"quantity": 6, "price": 170}],
    "lowAt": 5,
}
HALF: dict[str, Any] = {"sku": "MILK-05", "unit": "ml", "content": 500, "price": {"amount": 110, "currency": "CHF"}}


def offered(by: Person, *variants: dict[str, Any], **content: Any) -> str:
    id = by.post("/v1/listings", {**MILK, **content}, 201)["id"]
    by.put(f"/v1/listings/{id}/variants", {"variants": variants or [LITRE, HALF]})
    return id


def published(by: Person, moderator: Person, *variants: dict[str, Any], **content: Any) -> str:
    id = offered(by, *variants, **content)
    by.post(f"/v1/listings/{id}/submit")
    moderator.post(f"/v1/listings/{id}/approve")
    by.post(f"/v1/listings/{id}/publish")
    return id


def test_a_product_is_offered_stocked_and_seen_with_what_there_is(town: Town):
    ana, mo, guest = town.registered(ANA), moderator(town), town.guest()
    begun = ana.post("/v1/listings", MILK, 201)
    milk = begun["id"]
    assert begun["actions"] == ["edit", "variants", "images", "submit", "archive"]
    assert ana.post(f"/v1/listings/{milk}/submit", status=409) == ("variant_required", None)
    ana.put(f"/v1/listings/{milk}/variants", {"variants": [LITRE, HALF]})
    ana.post(f"/v1/listings/{milk}/submit")
    mo.post(f"/v1/listings/{milk}/approve")
    ana.post(f"/v1/listings/{milk}/publish")

    shown = guest.get(f"/v1/products/{milk}")
    assert (shown["price"], shown["inStock"], shown["variants"][0]["tiers"]) == (HALF["price"], False, LITRE["tiers"])
    ana.post("/v1/stock/MILK-1L/receive", {"quantity": 24, "reference": "Note 1"})
    shown = guest.get("/v1/products?category=groceries")["items"][0]
    assert (shown["id"], shown["inStock"]) == (milk, True)
    assert shown["availability"] == [{"sku": "MILK-1L", "inStock": True}, {"sku": "MILK-05", "inStock": False}]
    assert ana.get(f"/v1/products/{milk}")["availability"][0] == {"sku": "MILK-1L", "inStock": True, "available": 24}
    assert guest.get("/v1/products?category=drinks")["items"] == []


def test_prices_change_at_once_and_words_after_a_review(town: Town):
    ana, mo, guest = town.registered(ANA), moderator(town), town.guest()
    milk = published(ana, mo)
    ana.put(f"/v1/listings/{milk}/variants", {"variants": [LITRE, {**HALF, "price": {"amount": 99, "currency": "CHF"}}]})
    assert guest.get(f"/v1/products/{milk}")["price"] == {"amount": 99, "currency": "CHF"}
    ana.put(f"/v1/listings/{milk}/variants", {"variants": [LITRE]})
    assert guest.get(f"/v1/products/{milk}", 404) == ("listing_not_found", None)
    assert [each["id"] for each in mo.get("/v1/moderation/queue?kind=product")["items"]] == [milk]


def test_an_article_number_belongs_to_one_product_of_a_seller(town: Town):
    ana, ben = town.registered(ANA), town.registered(BEN)
    milk = offered(ana)
    other = ana.post("/v1/listings", MILK, 201)["id"]
    taken = {"variants": [{**HALF, "sku": "milk-1L"}]}
    assert ana.put(f"/v1/listings/{other}/variants", taken, 409) == ("sku_taken", None)
    offered(ben)
    ana.put(f"/v1/listings/{milk}/variants", {"variants": [HALF]})
    ana.put(f"/v1/listings/{other}/variants", taken)
    assert ana.put(f"/v1/listings/{milk}/variants", {"variants": [LITRE]}, 409) == ("sku_taken", None)
    ana.post(f"/v1/listings/{other}/archive")
    ana.put(f"/v1/listings/{milk}/variants", {"variants": [LITRE]})


@pytest.mark.parametrize(
    ("variant", "pointer"),
    [
        ({**HALF, "sku": "A B"}, "/variants/0/sku"),
        ({**HALF, "price": {"amount": 0, "currency": "CHF"}}, "/variants/0/price/amount"),
        ({**HALF, "price": {"amount": 1, "currency": "XXX"}}, "/variants/0/price/currency"),
        ({**HALF, "unit": "bucket"}, "/variants/0/unit"),
        ({**HALF, "content": 0}, "/variants/0/content"),
        ({**HALF, "content": 0.5}, "/variants/0/content"),
        ({**HALF, "tiers": [{"quantity": 6, "price": 120}]}, "/variants/0/tiers/0/price"),
        ({**HALF, "taxClass": "none"}, "/variants/0/taxClass"),
        ({**HALF, "lowAt": -1}, "/variants/0/lowAt"),
        ({**HALF, "stock": 1}, "/variants/0/stock"),
    ],
)
def test_what_is_wrong_with_a_variant_is_told_by_its_field(town: Town, variant: dict[str, Any], pointer: str):
    ana = town.registered(ANA)
    milk = ana.post("/v1/listings", MILK, 201)["id"]
    refused = ana.ask("PUT", f"/v1/listings/{milk}/variants", {"variants": [variant]})
    assert refused.status_code in {400, 422}
    assert refused.json()["pointer"] == pointer


def test_boats_have_no_variants_and_products_no_price_of_their_own(town: Town):
    ana = town.registered(ANA)
    boat = ana.post("/v1/listings", {"category": "boats"}, 201)["id"]
    assert ana.put(f"/v1/listings/{boat}/variants", {"variants": [HALF]}, 409) == ("not_for_kind", None)
    assert ana.post("/v1/listings", {**MILK, "price": HALF["price"]}, 422) == ("not_for_kind", "/price")
    assert ana.put(f"/v1/listings/{offered(ana)}/price", {"price": HALF["price"]}, 409) == ("not_for_kind", None)


def test_stock_is_received_adjusted_counted_and_every_movement_kept(town: Town):
    ana, ben = town.registered(ANA), town.registered(BEN)
    ana.post("/v1/stock/MILK-1L/receive", {"quantity": 24, "reference": "Note 1"})
    ana.post("/v1/stock/milk-1l/adjust", {"difference": -2, "reason": "damaged", "note": "dropped"})
    ana.post("/v1/stock/MILK-1L/count", {"counted": 21})
    shown = ana.get("/v1/stock/MILK-1L")
    assert (shown["onHand"], shown["reserved"], shown["available"]) == (21, 0, 21)
    assert shown["actions"] == ["receive", "adjust", "count", "watch"]
    moved = ana.get("/v1/stock/MILK-1L/movements?limit=2")
    rest = ana.get(f"/v1/stock/MILK-1L/movements?limit=2&cursor={moved['next']}")
    assert [(each["kind"], each["onHand"], each["onHandAfter"], each["reason"]) for each in moved["items"] + rest["items"]] == [
        ("counted", -1, 21, ""),
        ("adjusted", -2, 22, "damaged: dropped"),
        ("received", 24, 24, "Note 1"),
    ]
    book = ana.ask("GET", "/v1/stock/MILK-1L/movements", Accept="text/csv")
    assert book.headers["Content-Type"].startswith("text/csv")
    assert len(book.text.splitlines()) == 4
    assert ben.get("/v1/stock/MILK-1L", 404) == ("stock_not_found", None)
    assert ben.get(f"/v1/stock/MILK-1L?seller={ana.id}", 404) == ("stock_not_found", None)
    assert ben.get(f"/v1/stock/MILK-1L/movements?seller={ana.id}", 404) == ("stock_not_found", None)
    assert ben.get(f"/v1/stock?seller={ana.id}")["items"] == []
    assert ben.post(f"/v1/stock/MILK-1L/receive?seller={ana.id}", {"quantity": 1}, 403) == ("not_yours", None)
    assert town.admin().get(f"/v1/stock/MILK-1L?seller={ana.id}")["available"] == 21
    town.admin().post(f"/v1/stock/MILK-1L/adjust?seller={ana.id}", {"difference": 1, "reason": "found"})
    assert ana.get("/v1/stock/MILK-1L")["available"] == 22


@pytest.mark.parametrize("quantity", [0, -1, 10**12, 1.5, "1", None])
def test_senseless_quantities_are_refused(town: Town, quantity: Any):
    ana = town.registered(ANA)
    refused = ana.ask("POST", "/v1/stock/MILK-1L/receive", {"quantity": quantity})
    assert (refused.status_code, refused.json()["pointer"]) == (400, "/quantity")
    assert ana.get("/v1/stock")["items"] == []


def test_what_the_stock_does_not_allow_is_refused_by_its_code(town: Town):
    ana = town.registered(ANA)
    assert ana.post("/v1/stock/MILK-1L/adjust", {"difference": 1, "reason": "found"}, 404) == ("stock_not_found", None)
    assert ana.post("/v1/stock/A%20B/receive", {"quantity": 1}, 409) == ("sku_invalid", None)
    ana.post("/v1/stock/MILK-1L/receive", {"quantity": 2})
    assert ana.post("/v1/stock/MILK-1L/adjust", {"difference": -3, "reason": "lost"}, 409) == ("stock_too_small", None)
    assert ana.post("/v1/stock/MILK-1L/adjust", {"difference": 3, "reason": "lost"}, 422) == ("quantity_invalid", "/difference")


def test_the_level_that_comes_with_a_variant_is_watched(town: Town):
    ana = town.registered(ANA)
    offered(ana)
    town.settle()
    ana.post("/v1/stock/MILK-1L/receive", {"quantity": 6})
    ana.post("/v1/stock/MILK-05/receive", {"quantity": 1})
    assert ana.get("/v1/stock?low=true")["items"] == []
    ana.post("/v1/stock/MILK-1L/adjust", {"difference": -1, "reason": "damaged"})
    assert [(each["sku"], each["lowAt"]) for each in ana.get("/v1/stock?low=true")["items"]] == [("MILK-1L", 5)]
    ana.post("/v1/stock/MILK-1L/watch", {"lowAt": None})
    assert ana.get("/v1/stock?low=true")["items"] == []
    assert [each["sku"] for each in ana.get("/v1/stock")["items"]] == ["MILK-05", "MILK-1L"]


def test_a_pinned_version_keeps_two_people_from_counting_over_each_other(town: Town):
    ana = town.registered(ANA)
    ana.post("/v1/stock/MILK-1L/receive", {"quantity": 6})
    tag = ana.ask("GET", "/v1/stock/MILK-1L").headers["ETag"]
    assert ana.ask("POST", "/v1/stock/MILK-1L/count", {"counted": 5}, If_Match=tag).status_code == 200
    assert ana.ask("POST", "/v1/stock/MILK-1L/count", {"counted": 4}, If_Match=tag).status_code == 412


def test_categories_are_a_tree_also_while_nobody_can_count(town: Town):
    categories = {each["slug"]: each for each in town.guest().get("/v1/categories")["items"]}
    assert (categories["coffee-tea"]["parent"], categories["drinks"]["parent"], categories["groceries"]["parent"]) == (
        "drinks",
        "groceries",
        "",
    )
    assert categories["groceries"]["kind"] == "product"
    assert categories["groceries"]["listings"] is None, "this town has no Redis"
    assert UUID(offered(town.registered(ANA), category="coffee-tea"))


def test_a_product_is_begun_with_its_variants_at_once_or_without_them(town: Town):
    ana, ben, mo, guest = town.registered(ANA), town.registered(BEN), moderator(town), town.guest()
    content = {name: value for name, value in MILK.items() if name != "kind"}
    made = ana.ask("POST", "/v1/products", {**content, "variants": [LITRE, HALF]}, Idempotency_Key="milk")
    milk = made.json()["id"]
    assert (made.status_code, made.headers["Location"], made.json()["version"]) == (201, f"/v1/products/{milk}", 2)
    again = ana.ask("POST", "/v1/products", {**content, "variants": [LITRE, HALF]}, Idempotency_Key="milk")
    assert (again.json()["id"], again.headers["Idempotency-Replayed"]) == (milk, "true")
    shown = ana.get(f"/v1/products/{milk}")
    assert (shown["kind"], shown["price"], [each["sku"] for each in shown["variants"]]) == (
        "product",
        HALF["price"],
        ["MILK-1L", "MILK-05"],
    )

    bare = ana.post("/v1/products", content, 201)["id"]
    assert ana.post(f"/v1/listings/{bare}/submit", status=409) == ("variant_required", None)
    assert ana.post("/v1/products", {**content, "variants": [LITRE]}, 409) == ("sku_taken", None)
    wrong = [LITRE, {**HALF, "price": {"amount": 1, "currency": "EUR"}}]
    assert ben.post("/v1/products", {**content, "variants": wrong}, 422) == ("currency_mixed", "/variants/1/price/currency")
    assert ben.get("/v1/me/listings")["items"] == [], "nothing is begun where its variants are refused"
    assert ana.post("/v1/products", {"category": "boats"}, 422) == ("kind_invalid", "/category")
    assert ana.post("/v1/products", {**content, "sellerId": ben.id, "variants": [LITRE]}, 403)[0] == "not_yours"
    his = town.admin().post("/v1/products", {**content, "sellerId": ben.id, "variants": [LITRE]}, 201)["id"]
    assert ben.get(f"/v1/products/{his}")["variants"][0]["sku"] == "MILK-1L"

    for by, step in ((ana, "submit"), (mo, "approve"), (ana, "publish")):
        by.post(f"/v1/listings/{milk}/{step}")
    assert [each["id"] for each in guest.get("/v1/products")["items"]] == [milk]
