"""M10: sellers bring their whole assortment as a file, over HTTP or from a terminal, and go on selling what it says."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.listings.test_imports import SELLER, Terminal, bring, brought, refused, work
from tests.journeys.town import Person, Town

ROOT = Path(__file__).parents[3]

# Names from a grocer's baskets and from a gift shop's invoices, with the prices of the latter.
ASSORTMENT = b"""sku,product,title,variant,category,unit,content,price,currency,tax_class,tiers,low_at,stock
MILK-1L,,whole milk,One litre,dairy-eggs,l,1,1.80,GBP,zero,6:1.70;12:1.60,12,240
MILK-05,MILK-1L,whole milk,Half a litre,dairy-eggs,ml,500,1.10,GBP,zero,,,60
SODA,,soda,,soft-drinks,ml,330,0.95,GBP,standard,,,480
85123A,,WHITE HANGING HEART T-LIGHT HOLDER,,candles-lighting,piece,1,2.55,GBP,standard,12:2.10,,6
71053,,WHITE METAL LANTERN,,candles-lighting,piece,1,3.39,GBP,standard,,,0
85123A,,WHITE HANGING HEART T-LIGHT HOLDER,,candles-lighting,piece,1,2.55,GBP,standard,,,6
POST,,POSTAGE,,services,piece,1,18.00,GBP,standard,,,
21730,,GLASS STAR FROSTED T-LIGHT HOLDER,,candles-lighting,piece,1,4.25,,standard,,,6
"""
REFUSALS = {6: "duplicate_of_row", 7: "unknown_category", 8: "currency_unknown"}


@pytest.fixture
def shop(town: Town) -> Person:
    seller = town.registered(SELLER, "The shop")
    town.admin().post(f"/v1/users/{seller.id}/roles", {"role": "seller"})
    return town.sign_in(SELLER)


def test_an_admin_brings_an_assortment_and_it_is_on_sale(town: Town, shop: Person):
    ada = town.admin()
    path = brought(town, ada, ASSORTMENT, f"format=products&seller={shop.id}&publish=true")
    work(town)
    assert ada.get(path)["rows"] == {"accepted": 5, "refused": 3}
    assert {row["row"]: row["code"] for row in ada.get(f"{path}/report?outcome=refused")["items"]} == REFUSALS
    shown = {each["title"]: each for each in town.guest().get("/v1/products")["items"]}
    assert {title: each["inStock"] for title, each in shown.items()} == {
        "whole milk": True,
        "soda": True,
        "WHITE HANGING HEART T-LIGHT HOLDER": True,
        "WHITE METAL LANTERN": False,
    }
    assert [each["sku"] for each in shown["whole milk"]["variants"]] == ["MILK-1L", "MILK-05"]
    assert shop.get("/v1/stock/MILK-1L")["available"] == 240


def test_a_seller_brings_prices_and_stock_up_to_date_by_himself(town: Town, shop: Person):
    brought(town, town.admin(), ASSORTMENT, f"format=products&seller={shop.id}&publish=true")
    work(town)
    newer = ASSORTMENT.replace(b"1.80,GBP", b"1.90,GBP").replace(b",480", b",500")
    path = brought(town, shop, newer, f"format=products&seller={shop.id}")
    work(town)
    assert shop.get(path)["rows"] == {"accepted": 2, "known": 3, "refused": 3}
    assert shop.get("/v1/stock/SODA")["available"] == 500
    milk = next(each for each in town.guest().get("/v1/products")["items"] if each["title"] == "whole milk")
    assert milk["variants"][0]["price"] == {"amount": 190, "currency": "GBP"}


def test_a_seller_brings_only_what_is_his_own_and_sees_only_his_own_imports(town: Town, shop: Person):
    other = town.registered("other@example.org")
    assert refused(bring(town, shop, ASSORTMENT, f"format=products&seller={other.id}")) == (403, "not_yours")
    assert refused(bring(town, shop, ASSORTMENT, f"format=products&seller={shop.id}&publish=true")) == (409, "own_listing")
    assert refused(bring(town, other, ASSORTMENT, f"format=products&seller={other.id}")) == (403, "role_missing")
    admins = brought(town, town.admin(), ASSORTMENT, f"format=products&seller={shop.id}")
    assert shop.get(admins, 404) == ("import_not_found", None)
    assert shop.get(f"{admins}/report", 404) == ("import_not_found", None)
    assert shop.post(f"{admins}/cancel", status=403) == ("not_yours", None)
    own = brought(town, shop, ASSORTMENT, f"format=products&seller={shop.id}")
    assert shop.get(own)["actions"] == ["cancel"]
    assert shop.post(f"{own}/cancel")["actions"] == []


def test_an_assortment_is_imported_from_a_terminal(town: Town, shop: Person, database: str, tmp_path: Path):
    assert shop.id
    file = tmp_path / "shop.csv"
    file.write_bytes(ASSORTMENT)
    command = [sys.executable, "-m", "interfaces.cli", "import", "products", str(file), "--seller", SELLER, "--publish"]
    environ = Terminal(town, database, tmp_path).environ
    first = subprocess.run(command, env=environ, cwd=ROOT, text=True, capture_output=True, timeout=60, check=True)
    assert "5 accepted, 0 repaired, 3 refused, 0 known" in first.stdout
    again = subprocess.run(command, env=environ, cwd=ROOT, text=True, capture_output=True, timeout=60, check=True)
    assert again.stdout == first.stdout
    with (tmp_path / "shop.csv.report.csv").open(encoding="utf-8", newline="") as lines:
        assert {int(row["row"]): row["code"] for row in csv.DictReader(lines) if row["code"]} == REFUSALS
    assert shop.get("/v1/stock/MILK-1L/movements")["items"][0]["kind"] == "counted"
    assert len(shop.get("/v1/stock/MILK-1L/movements")["items"]) == 1
