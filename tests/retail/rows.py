"""A gift shop's real invoices, read as what happened: sales, goods that came back, and stock that was lost or found.

The file is the UCI Machine Learning Repository's «Online Retail», one line of an invoice per row; an invoice whose number begins
with C takes back, a price of nothing tells of stock, and customer 0 is nobody in particular.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from typing import Literal

from msgspec import Struct

from domain.stock.events import AdjustmentReason

POSTAGE = {"POST", "DOT", "C2"}
NO_GOODS = {
    "D": "a discount by hand",
    "M": "something put in by hand",
    "S": "samples",
    "B": "a bad debt",
    "BANK CHARGES": "a bank's charge",
    "AMAZONFEE": "a market's fee",
    "CRUK": "a commission",
}
"""What stands among the articles and is none."""

COUNTRIES = {
    "United Kingdom": "GB",
    "EIRE": "IE",
    "Germany": "DE",
    "France": "FR",
    "Norway": "NO",
    "Australia": "AU",
    "Netherlands": "NL",
    "Italy": "IT",
    "Japan": "JP",
    "Portugal": "PT",
    "Spain": "ES",
    "Lithuania": "LT",
    "Cyprus": "CY",
    "Belgium": "BE",
    "Switzerland": "CH",
    "Channel Islands": "JE",
    "Denmark": "DK",
    "Malta": "MT",
    "Singapore": "SG",
}
HOME = "GB"

SPOILT = ("damage", "wet", "smash", "crush", "rust", "mould", "thrown", "throw", "destroy", "faulty", "smudge", "broke", "crack")
LOST = ("missing", "lost", "mia")
FOUND = ("found", "put aside")

Outcome = Literal["accepted", "repaired", "refused"]


class Row(Struct, frozen=True):
    """`price` of one piece in pence, `penceless` where the file's was none."""

    number: int
    invoice: str
    sku: str
    title: str
    quantity: int
    at: datetime
    price: int
    penceless: bool
    customer: str
    country: str

    @property
    def code(self) -> str:
        return self.sku.upper()

    @property
    def repairs(self) -> list[str]:
        found = [] if self.country in COUNTRIES else ["country_unknown"]
        return [*found, "price_rounded"] if self.penceless else found


class Sale(Struct, frozen=True):
    """One invoice's goods, with what was asked for sending them."""

    invoice: str
    rows: tuple[Row, ...]
    postage: tuple[Row, ...] = ()

    @property
    def fee(self) -> int:
        return sum(each.quantity * each.price for each in self.postage)


class Back(Struct, frozen=True):
    """Goods of one customer that came back."""

    invoice: str
    rows: tuple[Row, ...]


class Moved(Struct, frozen=True):
    """Stock that was lost, found or put right; the row's title says why, in the words of whoever wrote it down."""

    row: Row
    reason: AdjustmentReason


class Refused(Struct, frozen=True):
    row: Row
    code: str
    detail: str


Deed = Sale | Back | Moved | Refused


def read(lines: Iterable[str]) -> Iterator[Row]:
    for number, each in enumerate(csv.DictReader(lines), 1):
        pence = Decimal(each["UnitPrice"]) * 100
        yield Row(
            number,
            each["InvoiceNo"],
            each["StockCode"],
            " ".join(each["Description"].split()),
            int(each["Quantity"]),
            datetime.fromisoformat(each["InvoiceDate"]).replace(tzinfo=UTC),
            round(pence),
            pence != round(pence),
            each["CustomerID"].removesuffix(".0"),
            each["Country"],
        )


def deeds(rows: Iterable[Row]) -> Iterator[Deed]:
    """What happened, in the order of the file: every row is in one deed, and in one only."""
    for invoice, found in groupby(rows, key=lambda each: each.invoice):
        yield from of_invoice(invoice, list(found))


def of_invoice(invoice: str, rows: list[Row]) -> Iterator[Deed]:
    goods = [each for each in rows if each.code not in POSTAGE and each.code not in NO_GOODS]
    paid = tuple(each for each in goods if each.quantity > 0 and (each.price or each.penceless))
    postage = tuple(each for each in rows if each.code in POSTAGE and each.quantity > 0)
    if paid:
        yield Sale(invoice, paid, postage)
    back = tuple(each for each in goods if each.quantity < 0 and each.price)
    if back:
        yield Back(invoice, back)
    for row in rows:
        if row.code in NO_GOODS:
            yield Refused(row, "no_goods", f"{row.title}: {NO_GOODS[row.code]}.")
        elif row.code in POSTAGE and not (paid and row in postage):
            yield Refused(row, "nothing_sent", "Postage of an invoice without goods.")
        elif row in goods and not row.price and not row.penceless:
            yield Moved(row, why(row))


def why(row: Row) -> AdjustmentReason:
    said = row.title.lower()
    if row.quantity > 0:
        return AdjustmentReason.FOUND if any(word in said for word in FOUND) else AdjustmentReason.CORRECTION
    if any(word in said for word in SPOILT):
        return AdjustmentReason.DAMAGED
    return AdjustmentReason.LOST if any(word in said for word in LOST) else AdjustmentReason.CORRECTION
