"""The products file, cell by cell."""

import io
from typing import Any

import pytest

from application.imports.products import read
from application.imports.rows import Article, FileRefused, Refused, Repair, Row
from domain.goods import TaxClass, Tier, Unit, Variant
from domain.values import Money

HEADER = "sku,product,title,category,variant,options,unit,content,price,currency,tax_class,tiers,low_at,stock,description,attributes"
MILK = {
    "sku": "MILK-1L",
    "title": "whole milk",
    "category": "dairy-eggs",
    "variant": "One litre",
    "options": "size=1 l; fat=3.5 %",
    "unit": "l",
    "content": "1",
    "price": "1.80",
    "currency": "CHF",
    "tax_class": "reduced",
    "tiers": "6:1.70; 12:1.6",
    "low_at": "12",
    "stock": "240",
    "description": "From the mountains.",
    "attributes": "brand=Emmi; labels=organic|vegetarian",
}


def file_of(*rows: dict[str, str], header: str = HEADER) -> io.BytesIO:
    lines = [",".join(f'"{row.get(name.lower(), "")}"' for name in header.split(",")) for row in rows]
    return io.BytesIO("\n".join([header, *lines]).encode("utf-8", "surrogateescape"))


def rows(*told: dict[str, str], header: str = HEADER) -> list[Row]:
    return list(read(file_of(*told, header=header)))


def one(**cells: str) -> Row:
    (row,) = rows({**MILK, **cells})
    return row


def article(row: Row) -> Article:
    assert isinstance(row, Article), row
    return row


def test_an_article_is_read_with_all_that_the_file_says():
    assert one() == Article(
        1,
        2,
        "MILK-1L",
        "dairy-eggs",
        "whole milk",
        "From the mountains.",
        {"brand": "Emmi", "labels": ("organic", "vegetarian")},
        Variant(
            "MILK-1L",
            Money(180, "CHF"),
            "One litre",
            {"size": "1 l", "fat": "3.5 %"},
            Unit.LITRE,
            1,
            TaxClass.REDUCED,
            (Tier(6, 170), Tier(12, 160)),
        ),
        12,
        240,
    )


def test_five_columns_are_enough_and_the_others_say_nothing():
    (row,) = rows(MILK, header="currency,PRICE,category,title,sku")
    told = article(row)
    assert (told.description, told.attributes, told.low_at, told.stock) == (None, None, None, None)
    assert told.variant == Variant("MILK-1L", Money(180, "CHF"))
    with pytest.raises(FileRefused, match="column_missing"):
        read(file_of(MILK, header="sku,title,category,price"))
    with pytest.raises(FileRefused, match="column_unknown"):
        read(file_of(MILK, header="sku,title,category,price,currency,colour"))


def test_a_variant_names_the_article_of_its_product():
    assert (article(one()).leads, article(one(product="milk-1l")).leads) == (True, True)
    half = article(one(sku="MILK-05", product="MILK-1L"))
    assert (half.leads, half.product) == (False, "MILK-1L")


def test_blanks_and_small_letters_are_repaired():
    assert article(one(title="whole   milk", currency="chf")).repairs == (
        Repair("title", "blanks", "whole   milk", "whole milk"),
        Repair("currency", "capitals", "chf", "CHF"),
    )


def test_money_is_read_in_the_minor_units_of_its_currency():
    for price, currency, amount in (("2", "CHF", 200), ("2.5", "CHF", 250), ("2.555", "KWD", 2555), ("250", "JPY", 250)):
        assert article(one(price=price, currency=currency, tiers="")).variant.price == Money(amount, currency)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"sku": ""}, "sku_invalid"),
        ({"sku": "A B"}, "sku_invalid"),
        ({"title": " "}, "title_missing"),
        ({"title": "x" * 161}, "text_invalid"),
        ({"title": "nul\0"}, "text_invalid"),
        ({"title": "\udcff"}, "text_invalid"),
        ({"description": "\udcff"}, "text_invalid"),
        ({"category": "boats"}, "unknown_category"),
        ({"category": ""}, "unknown_category"),
        ({"price": ""}, "price_invalid"),
        ({"price": "0"}, "price_invalid"),
        ({"price": "-1"}, "price_invalid"),
        ({"price": "1,80"}, "price_invalid"),
        ({"price": "1.805"}, "price_invalid"),
        ({"price": "1.5", "currency": "JPY"}, "price_invalid"),
        ({"price": "1e3"}, "price_invalid"),
        ({"currency": "XXX"}, "currency_unknown"),
        ({"currency": ""}, "currency_unknown"),
        ({"unit": "bucket"}, "unit_unknown"),
        ({"tax_class": "none"}, "tax_class_unknown"),
        ({"content": "0.5"}, "number_unreadable"),
        ({"stock": "many"}, "number_unreadable"),
        ({"stock": "-1"}, "number_unreadable"),
        ({"low_at": "½"}, "number_unreadable"),
        ({"tiers": "6"}, "price_invalid"),
        ({"tiers": "6:1.90"}, "tier_invalid"),
        ({"tiers": ":1"}, "tier_invalid"),
        ({"options": "large"}, "options_unreadable"),
        ({"attributes": "organic"}, "attributes_unreadable"),
        ({"attributes": "wings=2"}, "unknown_attribute"),
        ({"attributes": "labels=cheap"}, "attribute_invalid"),
    ],
)
def test_what_cannot_be_an_article_is_refused_with_the_reason(cells: dict[str, Any], code: str):
    refused, fine = rows({**MILK, **cells}, {**MILK, "sku": "NEXT"})
    assert isinstance(refused, Refused)
    assert (refused.row, refused.line, refused.code) == (1, 2, code)
    assert article(fine).variant.sku == "NEXT"


def test_an_article_is_told_of_once():
    first, again = rows(MILK, {**MILK, "sku": "milk-1l"})
    assert isinstance(again, Refused)
    assert (article(first).row, again.code, again.detail) == (1, "duplicate_of_row", "Row 1 tells of the same article.")
