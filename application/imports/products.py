"""The products file: one article a line, with its price, and with its stock where the file says it."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from application.imports.records import Record, records
from application.imports.rows import Article, Refused, Repair, Row
from domain.currencies import EXPONENTS
from domain.decider import Rejected
from domain.goods import TaxClass, Tier, Unit, Variant
from domain.listings.attributes import CATEGORIES, Attributes, check
from domain.listings.content import DESCRIPTION_LIMIT, TITLE_LIMIT
from domain.listings.goods.products import PRODUCT
from domain.listings.schema import Kind
from domain.listings.variants import checked
from domain.text import line, lines
from domain.values import Money

COLUMNS = ("sku", "title", "category", "price", "currency")
OPTIONAL = (
    "product",
    "variant",
    "description",
    "attributes",
    "options",
    "unit",
    "content",
    "tax_class",
    "tiers",
    "low_at",
    "stock",
)
"""`product` is the article of which this one is a variant. Lists are separated by semicolons: `size=1 l; colour=blue` for options and
attributes (of which flags are separated by bars: `labels=organic|vegan`), `6:1.70; 12:1.60` for tiers.
"""

PRICE = re.compile(r"(\d{1,12})(?:\.(\d{1,3}))?", re.ASCII)
WHOLE = re.compile(r"\d{1,10}", re.ASCII)


def read(file: BinaryIO, kind: str = PRODUCT) -> Iterator[Row]:
    """Every record of the file, told as an article or refused, in order. Raises `FileRefused` where the header is not a products file's."""
    return _rows(records(file, COLUMNS, OPTIONAL), kind)


def _rows(read: Iterator[Record | Refused], kind: str) -> Iterator[Row]:
    seen: dict[str, int] = {}
    for record in read:
        if isinstance(record, Refused):
            yield record
            continue
        try:
            yield _article(record, kind, seen)
        except Rejected as reason:
            yield Refused(record.row, record.line, reason.code, reason.detail)


def _article(record: Record, kind: str, seen: dict[str, int]) -> Article:
    repairs: list[Repair] = []
    cells = {name: _clean(name, cell, repairs) for name, cell in record.cells.items()}
    category = cells["category"]
    if category not in CATEGORIES or CATEGORIES[category].kind != kind:
        raise Rejected("unknown_category", f"{category[:40]!r} is no category of the kind {kind}.")
    if not cells["title"]:
        raise Rejected("title_missing", "There is no title.")
    sku, description = cells["sku"], record.cells.get("description")
    variant = _variant(cells, repairs)
    earlier = seen.setdefault(sku.upper(), record.row)
    if earlier != record.row:
        raise Rejected("duplicate_of_row", f"Row {earlier} tells of the same article.")
    return Article(
        record.row,
        record.line,
        _product(sku, cells.get("product", "")),
        category,
        line(cells["title"], TITLE_LIMIT, "/title"),
        None if description is None else lines(description, DESCRIPTION_LIMIT, "/description"),
        _attributes(category, cells["attributes"]) if "attributes" in cells else None,
        variant,
        _whole("low_at", cells.get("low_at", "")),
        _whole("stock", cells.get("stock", "")),
        tuple(repairs),
    )


def _product(sku: str, product: str) -> str:
    return sku if product.upper() in {"", sku.upper()} else product


def _clean(name: str, cell: str, repairs: list[Repair]) -> str:
    """A cell on one line; a description keeps its lines, and is read as it is."""
    text = " ".join(cell.split())
    if name != "description" and text != cell.strip():
        repairs.append(Repair(name, "blanks", cell.strip(), text))
    return text


def _variant(cells: dict[str, str], repairs: list[Repair]) -> Variant:
    currency = cells["currency"].upper()
    if currency not in EXPONENTS:
        raise Rejected("currency_unknown", f"Not an ISO 4217 currency: {cells['currency'][:10]!r}.")
    if currency != cells["currency"]:
        repairs.append(Repair("currency", "capitals", cells["currency"], currency))
    variant = Variant(
        cells["sku"],
        Money(_amount(cells["price"], currency), currency),
        cells.get("variant", ""),
        _pairs("options", cells.get("options", "")),
        _unit(cells.get("unit", "")),
        _whole("content", cells.get("content", "")) or 1,
        _tax_class(cells.get("tax_class", "")),
        tuple(_tier(each, currency) for each in _listed(cells.get("tiers", ""))),
    )
    return checked([variant])[0]


def _unit(text: str) -> Unit:
    try:
        return Unit(text.lower() or Unit.PIECE)
    except ValueError:
        raise Rejected("unit_unknown", f"Units are {', '.join(Unit)}.") from None


def _tax_class(text: str) -> TaxClass:
    try:
        return TaxClass(text.lower() or TaxClass.STANDARD)
    except ValueError:
        raise Rejected("tax_class_unknown", f"Tax classes are {', '.join(TaxClass)}.") from None


def _amount(text: str, currency: str) -> int:
    found = PRICE.fullmatch(text)
    part = (found[2] or "") if found else ""
    if found is None or len(part) > EXPONENTS[currency]:
        raise Rejected("price_invalid", f"Not a price in {currency}: {text[:40]!r}.")
    return int(found[1] + part.ljust(EXPONENTS[currency], "0"))


def _tier(text: str, currency: str) -> Tier:
    quantity, _, price = text.partition(":")
    return Tier(_whole("tiers", quantity.strip()) or 0, _amount(price.strip(), currency))


def _whole(name: str, text: str) -> int | None:
    if not text:
        return None
    if not WHOLE.fullmatch(text):
        raise Rejected("number_unreadable", f"{name} is a whole number, not {text[:40]!r}.")
    return int(text)


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(";") if each.strip()]


def _pairs(name: str, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in _listed(text):
        key, equal, value = each.partition("=")
        if not equal or not key.strip():
            raise Rejected(f"{name}_unreadable", f"{name} are written as name=value; …")
        found[key.strip()] = value.strip()
    return found


def _attributes(category: str, text: str) -> Attributes:
    declared = CATEGORIES[category].attributes
    said: dict[str, object] = {}
    for name, value in _pairs("attributes", text).items():
        match declared[name].kind if name in declared else Kind.TEXT:
            case Kind.FLAGS:
                said[name] = [each.strip() for each in value.split("|")]
            case Kind.INTEGER | Kind.NUMBER:
                said[name] = _number(name, value)
            case Kind.TEXT | Kind.CHOICE:
                said[name] = value
    return check(category, said)


def _number(name: str, value: str) -> float:
    try:
        return int(value) if WHOLE.fullmatch(value) else float(value)
    except ValueError:
        raise Rejected("attribute_invalid", f"{name}: a number is expected.") from None
