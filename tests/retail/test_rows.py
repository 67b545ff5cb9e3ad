"""How the shop's file is read: every line is something that happened, or is none of the shop's with a reason."""

from typing import Any

import pytest

from domain.stock.events import AdjustmentReason
from tests.retail.rows import Back, Moved, Refused, Row, Sale, deeds, read
from tests.retail.shop import opening

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
HEART = "536365,85123A,WHITE  HANGING HEART ,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"


def rows(*lines: str) -> list[Row]:
    return list(read([HEADER, *lines]))


def happened(*lines: str) -> list[Any]:
    return list(deeds(rows(*lines)))


def test_an_invoice_is_one_sale_with_its_postage():
    lamp = "536365,71053,WHITE METAL LANTERN,2,2010-12-01 08:26:00,3.39,17850.0,United Kingdom"
    (sale,) = happened(HEART, lamp, "536365,POST,POSTAGE,3,2010-12-01 08:26:00,18.0,17850.0,United Kingdom")
    assert isinstance(sale, Sale)
    assert [(each.number, each.title, each.price, each.quantity) for each in sale.rows] == [
        (1, "WHITE HANGING HEART", 255, 6),
        (2, "WHITE METAL LANTERN", 339, 2),
    ]
    assert sale.fee == 5400


def test_what_comes_back_is_told_from_what_is_lost():
    back = "C536383,35004C,SET OF 3 COLOURED FLYING DUCKS,-1,2010-12-01 09:49:00,4.65,15311.0,United Kingdom"
    (came_back,) = happened(back)
    assert isinstance(came_back, Back)
    assert came_back.rows[0].quantity == -1


@pytest.mark.parametrize(
    ("said", "quantity", "reason"),
    [
        ("wet/rusty", -3, AdjustmentReason.DAMAGED),
        ("Printing smudges/thrown away", -9058, AdjustmentReason.DAMAGED),
        ("???missing", -1, AdjustmentReason.LOST),
        ("check", -2, AdjustmentReason.CORRECTION),
        ("Found in w/hse", 4, AdjustmentReason.FOUND),
        ("damaged", 4, AdjustmentReason.CORRECTION),
    ],
)
def test_what_costs_nothing_is_stock_that_moved(said: str, quantity: int, reason: AdjustmentReason):
    (moved,) = happened(f"537000,21275,{said},{quantity},2010-12-03 15:00:00,0.0,0.0,United Kingdom")
    assert isinstance(moved, Moved)
    assert moved.reason is reason


@pytest.mark.parametrize("code", ["D", "M", "m", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK"])
def test_what_is_no_article_is_refused_with_its_reason(code: str):
    (refused,) = happened(f"537001,{code},Something,1,2010-12-03 15:00:00,9.0,0.0,United Kingdom")
    assert isinstance(refused, Refused)
    assert refused.code == "no_goods"


def test_postage_of_nothing_is_refused():
    (refused,) = happened("537002,POST,POSTAGE,1,2010-12-03 15:00:00,18.0,0.0,France")
    assert isinstance(refused, Refused)
    assert refused.code == "nothing_sent"


def test_a_price_below_a_penny_and_a_country_that_is_none_are_repaired():
    (pads,) = rows("550193,PADS,PADS TO MATCH ALL CUSHIONS,1,2011-04-15 09:27:00,0.001,13952.0,Unspecified")
    assert (pads.price, pads.repairs) == (0, ["country_unknown", "price_rounded"])
    assert rows(HEART)[0].repairs == []


def test_the_shelves_begin_with_just_what_is_enough():
    found = "536366,85123A,found,10,2010-12-02 08:00:00,0.0,0.0,United Kingdom"
    again = "536367,85123A,WHITE HANGING HEART,12,2010-12-03 08:00:00,2.55,17850.0,United Kingdom"
    assert opening(happened(HEART, found, again)) == {"85123A": 8}
