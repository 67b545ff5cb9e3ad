"""Articles named and priced as in a grocer's baskets and a gift shop's invoices, where this checkout has these files beside it."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from application.imports.products import read
from application.imports.rows import Article, Refused, Row

DATA = Path(__file__).parents[4] / "shared" / "data"
GROCERIES, RETAIL = DATA / "groceries.csv", DATA / "online-retail.csv"

pytestmark = pytest.mark.skipif(not (GROCERIES.exists() and RETAIL.exists()), reason="the files are not beside this checkout")


def brought(articles: list[tuple[str, str, str, str]]) -> list[Row]:
    """Of sku, title, category and price."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["sku", "title", "category", "price", "currency", "stock"])
    writer.writerows([*each, "GBP", 10] for each in articles)
    return list(read(io.BytesIO(file.getvalue().encode())))


def test_everything_a_grocer_sells_becomes_an_article():
    with GROCERIES.open(encoding="utf-8", newline="") as file:
        names = sorted({name.strip() for basket in csv.reader(file) for name in basket})
    rows = brought([(f"G-{number}", name, "groceries", "1.50") for number, name in enumerate(names)])
    assert len(rows) == len(names) == 169
    assert [row.title for row in rows if isinstance(row, Article)] == names


def test_every_line_of_the_gift_shop_is_accounted_for():
    with RETAIL.open(encoding="utf-8", newline="") as file:
        told = [(line["StockCode"], line["Description"], "home-gifts", line["UnitPrice"]) for line in csv.DictReader(file)]
    rows = brought(told)
    assert [row.row for row in rows] == list(range(1, len(told) + 1))
    refused = Counter(row.code for row in rows if isinstance(row, Refused))
    accepted = [row for row in rows if isinstance(row, Article)]
    assert refused == {"price_invalid": 621, "duplicate_of_row": 348, "sku_invalid": 1}  # given away, told before, BANK CHARGES
    assert len({row.variant.sku.upper() for row in accepted}) == len(accepted) == 3_822
