"""C10: from signing a company up to a verified supplier with a catalogue out of a file; what is nobody else's business stays so."""

import base64
from collections.abc import Generator
from typing import Any

import psycopg
import pytest

from application.commands.suppliers.papers import LIMIT
from tests.journeys.groups.bazaar import ACCOUNT, COMPANY, MAIZE, MINIMUM, PAPER, PDF, SACK, SKU, Bazaar, opened, verified
from tests.journeys.town import Person, Town, answered

CATALOGUE = b"""sku,product,title,variant,category,unit,content,price,currency,tax_class,tiers,stock,attributes
BEANS-5,,Sugar beans,Sack of 5 kg,bulk-pulses,kg,5,7.50,USD,zero,100:7.00; 500:6.20,2000,minimumQuantity=40; packSize=4; leadDays=5
BEANS-10,BEANS-5,Sugar beans,Sack of 10 kg,bulk-pulses,kg,10,14.00,USD,zero,,500,
OIL-2,,Cooking oil,Two litres,bulk-oil-sugar-salt,l,2,3.10,USD,standard,200:2.90,900,minimumQuantity=60; origin=Chegutu
TEA,,Tea,,coffee-tea,g,250,2.00,USD,standard,,,minimumQuantity=10
SALT,,Salt,,bulk-oil-sugar-salt,kg,1,0.40,USD,zero,,,minimumQuantity=none
"""
REFUSALS = {4: "unknown_category", 5: "attribute_invalid"}


@pytest.fixture
def bazaar(database: str) -> Generator[Bazaar]:
    with opened(database) as found:
        yield found


@pytest.fixture
def town(database: str) -> Generator[Town]:
    found = Town(database)
    yield found
    found.close()


def bring(town: Town, by: Person, supplier: str, content: bytes, status: int = 202) -> Any:
    headers = {"Content-Type": "text/csv", "Authorization": f"Bearer {by.tokens['accessToken']}"}
    return answered(town.http.post(f"/v1/suppliers/{supplier}/catalogue", content=content, headers=headers), status)


def staff(town: Town) -> Person:
    stan = town.registered("stan@example.org", "Stan")
    town.admin().post(f"/v1/users/{stan.id}/roles", {"role": "staff"})
    return town.sign_in("stan@example.org")


def test_a_company_signs_up_is_verified_and_brings_its_catalogue(town: Town):
    tariro, stan, guest = town.registered("tariro@example.org"), staff(town), town.guest()
    made = tariro.post("/v1/suppliers", COMPANY, 201)
    id, path = made["id"], f"/v1/suppliers/{made['id']}"
    assert made["actions"] == ["correct", "bank-details", "add-document", "request", "invite", "change-member", "remove-member"]
    assert guest.get(path, 404) == ("supplier_not_found", None)
    assert tariro.post(f"{path}/verification/request", status=409) == ("bank_details_required", None)
    tariro.put(f"{path}/bank-details", ACCOUNT)
    assert tariro.post(f"{path}/verification/request", status=409) == ("document_required", None)
    tariro.post(f"{path}/documents", PAPER)
    assert bring(town, tariro, id, CATALOGUE, 403) == ("role_missing", None)
    tariro.post(f"{path}/verification/request")

    assert [each["id"] for each in stan.get("/v1/suppliers?status=requested")["items"]] == [id]
    stan.post(f"{path}/verification/review")
    (paper,) = stan.get(f"{path}/documents")["items"]
    assert stan.ask("GET", f"{path}/documents/{paper['id']}").content == PDF
    stan.post(f"{path}/verification/ask", {"reason": "Which bank?"})
    shown = tariro.get(f"{path}/verification")
    assert (shown["status"], shown["steps"][-1]["reason"], shown["account"]["ending"]) == ("more_needed", "Which bank?", "4567")
    tariro.put(path, {**COMPANY, "name": "Mbare Millers"})
    tariro.post(f"{path}/verification/request")
    stan.post(f"{path}/verification/review")
    stan.post(f"{path}/verification/verify")
    assert guest.get(path)["name"] == "Mbare Millers"
    assert tariro.get("/v1/me")["roles"] == ["customer", "supplier"]

    brought = bring(town, tariro, id, CATALOGUE)
    town.settle()
    report = f"/v1/imports/{brought['id']}"
    assert tariro.get(report)["rows"] == {"accepted": 3, "refused": 2}
    assert {row["row"]: row["code"] for row in tariro.get(f"{report}/report?outcome=refused")["items"]} == REFUSALS
    waiting = tariro.get(f"{path}/catalogue")["items"]
    assert {each["title"]: each["status"] for each in waiting} == {"Sugar beans": "submitted", "Cooking oil": "submitted"}
    assert guest.get(f"{path}/catalogue")["items"] == []
    for each in waiting:
        town.admin().post(f"/v1/listings/{each['id']}/approve")
        tariro.post(f"/v1/listings/{each['id']}/publish")
    (beans,) = guest.get(f"{path}/catalogue?category=bulk-pulses")["items"]
    assert beans["attributes"] == {"minimumQuantity": 40, "packSize": 4, "leadDays": 5}
    assert [each["sku"] for each in beans["variants"]] == ["BEANS-5", "BEANS-10"]
    assert tariro.get("/v1/stock/BEANS-5")["available"] == 2000
    again = bring(town, tariro, id, CATALOGUE)
    town.settle()
    assert tariro.get(f"/v1/imports/{again['id']}")["rows"] == {"known": 3, "refused": 2}


def test_wholesale_goods_are_for_verified_suppliers_and_for_groups_only(bazaar: Bazaar):
    draft = bazaar.farai.post("/v1/listings", {**MAIZE, "title": "Flour"}, 201)["id"]
    bazaar.farai.put(f"/v1/listings/{draft}/variants", {"variants": [{**SACK, "sku": "FLOUR"}]})
    bazaar.farai.post(f"/v1/listings/{draft}/submit")
    bazaar.mo.post(f"/v1/listings/{draft}/approve")
    assert bazaar.farai.post(f"/v1/listings/{draft}/publish", status=409) == ("supplier_not_verified", None)
    assert bazaar.rudo.put(f"/v1/cart/items/{bazaar.maize}", {"quantity": MINIMUM}, 409) == ("not_for_kind", None)
    missing = bazaar.tariro.post("/v1/listings", {**MAIZE, "attributes": {}}, 201)["id"]
    bazaar.tariro.put(f"/v1/listings/{missing}/variants", {"variants": [{**SACK, "sku": "OTHER"}]})
    assert bazaar.tariro.post(f"/v1/listings/{missing}/submit", status=409) == ("attribute_required", None)
    assert bazaar.guest().get(f"/v1/listings/{bazaar.maize}")["variants"][0]["sku"] == SKU


def test_the_colleagues_of_a_supplier_act_for_it_by_their_roles(bazaar: Bazaar):
    path = f"/v1/suppliers/{bazaar.supplier}"
    assert bazaar.tariro.post(f"{path}/members", {"userId": bazaar.supplier, "role": "clerk"}, 404)[0] == "user_not_found"
    bazaar.tariro.post(f"{path}/members", {"userId": bazaar.farai.id, "role": "manager"})
    bazaar.tariro.post(f"{path}/members", {"userId": bazaar.rudo.id, "role": "clerk"})
    (invited,) = bazaar.farai.get("/v1/me/suppliers")["items"]
    assert (invited["id"], invited["role"], invited["actions"]) == (bazaar.supplier, None, ["accept", "leave"])
    assert bazaar.chipo.post(f"{path}/members/accept", status=403) == ("not_yours", None)
    for each in (bazaar.farai, bazaar.rudo):
        each.post(f"{path}/members/accept")
        assert "supplier" in each.get("/v1/me")["roles"]
    own = bring(bazaar, bazaar.farai, bazaar.supplier, CATALOGUE)
    bazaar.settle()
    assert bazaar.farai.get(f"/v1/imports/{own['id']}")["rows"]["accepted"] == 3
    assert {each["sellerId"] for each in bazaar.tariro.get(f"{path}/catalogue")["items"]} == {bazaar.tariro.id}
    assert bring(bazaar, bazaar.rudo, bazaar.supplier, CATALOGUE, 403) == ("not_yours", None)
    assert bazaar.farai.delete(f"{path}/members/{bazaar.rudo.id}", 403) == ("not_yours", None)
    assert (bazaar.rudo.get(path)["role"], bazaar.rudo.get(path)["actions"]) == ("clerk", ["leave"])
    bazaar.rudo.delete(f"{path}/members/{bazaar.rudo.id}")
    assert bazaar.rudo.get("/v1/me")["roles"] == ["customer"]
    assert bazaar.tariro.delete(f"{path}/members/{bazaar.tariro.id}", 409) == ("last_owner", None)
    assert [each["userId"] for each in bazaar.tariro.get(f"{path}/members")["items"]] == [bazaar.tariro.id, bazaar.farai.id]


def test_nobody_acts_for_two_companies_and_no_company_is_signed_up_twice(bazaar: Bazaar):
    other = {**COMPANY, "registration": "77/2020"}
    assert bazaar.tariro.post("/v1/suppliers", other, 409) == ("seat_taken", None)
    assert bazaar.farai.post("/v1/suppliers", {**COMPANY, "registration": " 1234/2019 "}, 409) == ("registration_taken", None)
    second = bazaar.farai.post("/v1/suppliers", other, 201)["id"]
    assert bazaar.farai.put(f"/v1/suppliers/{second}", COMPANY, 409) == ("registration_taken", None)
    bazaar.tariro.post(f"/v1/suppliers/{bazaar.supplier}/members", {"userId": bazaar.farai.id, "role": "clerk"})
    assert bazaar.farai.post(f"/v1/suppliers/{bazaar.supplier}/members/accept", status=409) == ("seat_taken", None)


def test_a_supplier_that_is_found_out_sells_no_more(bazaar: Bazaar):
    bazaar.stan.post(f"/v1/suppliers/{bazaar.supplier}/verification/refuse", {"reason": "The papers are forged."})
    assert bazaar.tariro.get("/v1/me")["roles"] == ["customer"]
    assert bazaar.guest().get(f"/v1/suppliers/{bazaar.supplier}", 404) == ("supplier_not_found", None)
    bazaar.tariro.post(f"/v1/listings/{bazaar.maize}/pause")
    assert bazaar.tariro.post(f"/v1/listings/{bazaar.maize}/resume", status=409) == ("supplier_not_verified", None)
    bazaar.farai.post("/v1/suppliers", COMPANY, 201)


def test_staff_do_not_verify_the_company_that_they_belong_to(town: Town):
    stan = staff(town)
    id = stan.post("/v1/suppliers", COMPANY, 201)["id"]
    stan.put(f"/v1/suppliers/{id}/bank-details", ACCOUNT)
    stan.post(f"/v1/suppliers/{id}/documents", PAPER)
    stan.post(f"/v1/suppliers/{id}/verification/request")
    assert stan.post(f"/v1/suppliers/{id}/verification/review", status=403) == ("not_yours", None)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (base64.b64encode(b"MZ\x90\x00 a program").decode(), ("document_type_unknown", "/content")),
        ("not base64!", ("content_invalid", "/content")),
        (base64.b64encode(PDF + bytes(LIMIT)[len(PDF) - 1 :]).decode(), ("document_too_large", "/content")),
    ],
)
def test_only_small_papers_are_taken(bazaar: Bazaar, content: str, refusal: tuple[str, str]):
    path = f"/v1/suppliers/{bazaar.supplier}/documents"
    assert bazaar.tariro.post(path, {**PAPER, "content": content}, 422) == refusal
    assert len(bazaar.tariro.get(path)["items"]) == 1


def test_what_only_members_and_staff_may_see_nobody_else_does(bazaar: Bazaar):
    path = f"/v1/suppliers/{bazaar.supplier}"
    (paper,) = bazaar.tariro.get(f"{path}/documents")["items"]
    for part in ("verification", "members", "documents", f"documents/{paper['id']}"):
        assert bazaar.farai.get(f"{path}/{part}", 404) == ("supplier_not_found", None)
        assert bazaar.guest().get(f"{path}/{part}", 401) == ("unauthenticated", None)
    answer = bazaar.tariro.ask("GET", f"{path}/documents/{paper['id']}")
    assert (answer.content, answer.headers["Content-Disposition"][:10]) == (PDF, "attachment")
    assert bazaar.tariro.get(f"{path}/documents/{bazaar.supplier}", 404) == ("document_not_found", None)


def test_neither_the_database_nor_what_is_shown_holds_the_number_of_an_account_or_a_paper_in_clear(bazaar: Bazaar):
    shown = bazaar.tariro.ask("GET", f"/v1/suppliers/{bazaar.supplier}/verification").text
    assert "91400012" not in shown
    with psycopg.connect(bazaar.container.settings.database_url) as connection:
        events = connection.execute("SELECT string_agg(convert_from(data, 'UTF8'), ' ') FROM events").fetchone() or ("",)
        (sealed,) = connection.execute("SELECT sealed FROM supplier_documents").fetchone() or (b"",)
    assert not any(secret in events[0] for secret in ("91400012", "office@bazaar.example", "Ardbennie", "+263771234567"))
    assert sealed
    assert b"%PDF" not in sealed


def test_a_supplier_that_nobody_has_dealt_with_has_no_figures_yet(bazaar: Bazaar):
    found = bazaar.guest().get(f"/v1/suppliers/{bazaar.supplier}/metrics")
    assert (found["asked"], found["ratings"], found["rating"]) == (0, 0, None)


def test_suppliers_are_listed_for_everyone_once_they_are_verified(bazaar: Bazaar):
    bazaar.farai.post("/v1/suppliers", {**COMPANY, "registration": "77/2020"}, 201)
    other = verified(bazaar.rudo, bazaar.stan, registration="88/2021", country="ZA", vatNumber="")
    assert [each["id"] for each in bazaar.guest().get("/v1/suppliers")["items"]] == [other, bazaar.supplier]
    assert [each["id"] for each in bazaar.guest().get("/v1/suppliers?country=ZA")["items"]] == [other]
    assert len(bazaar.stan.get("/v1/suppliers")["items"]) == 3
    assert len(bazaar.farai.get("/v1/suppliers?limit=2")["items"]) == 2
