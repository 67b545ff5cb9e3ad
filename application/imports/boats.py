"""The boats file: used and new power boats of many dealers, as a German sales portal exports them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any, BinaryIO

import ftfy

from application.imports.ports import PlaceFinder
from application.imports.records import Record, records
from application.imports.rows import Accepted, ListingFields, Refused, Repair, Row
from domain.currencies import EXPONENTS
from domain.decider import Rejected
from domain.listings.attributes import CATEGORIES, Attributes, check_complete
from domain.listings.content import PRICE_LIMIT, TITLE_LIMIT
from domain.values import Money, Place

VIEWS = "Number of views last 7 days"
COLUMNS = ("Price", "Boat Type", "Manufacturer", "Type", "Year Built", "Length", "Width", "Material", "Location", VIEWS)

CELL_LIMIT = 1_000
PRICE = re.compile(r"(?:(?P<currency>[^\s\d]{1,3})\s*)?(?P<whole>\d{1,12})(?:\.(?P<part>\d{1,2}))?", re.ASCII)
CURRENCY_SIGNS = {"£": "GBP", "€": "EUR"}
NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
UNDECODED = re.compile("[\ud800-\udfff]")
MAKER_SUFFIX = re.compile(r"(?:^|\s+)power boats$", re.IGNORECASE)

BOAT = CATEGORIES["boats"].attributes
TYPES, MATERIALS = BOAT["type"].choices, BOAT["material"].choices
OTHER_SLUGS = {"center-console-boat": "center-console", "carbon-fiber": "carbon-fibre"}
CONDITIONS = {
    "new boat from stock": "new-in-stock",
    "new boat on order": "new-on-order",
    "display model": "display-model",
    "used boat": "used",
}
FUELS = {"diesel": "diesel", "unleaded": "petrol", "electric": "electric", "gas": "gas", "hybrid": "hybrid", "propane": "propane"}


class Unreadable(Exception):
    """What makes a row unfit to become a listing; `code` is the report's."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def read(file: BinaryIO, find: PlaceFinder) -> Iterator[Row]:
    """Every record of the file, accepted or refused, in order; the file is read as one goes.

    Raises `FileRefused` at once where the header is not the boats file's.
    """
    return _rows(records(file, COLUMNS), find)


def _rows(read: Iterator[Record | Refused], find: PlaceFinder) -> Iterator[Row]:
    seen: dict[str, int] = {}
    for record in read:
        if isinstance(record, Refused):
            yield record
            continue
        try:
            yield _accepted(record, seen, find)
        except Unreadable as reason:
            yield Refused(record.row, record.line, reason.code, reason.detail)


def _accepted(record: Record, seen: dict[str, int], find: PlaceFinder) -> Accepted:
    repairs: list[Repair] = []
    cells = {name: _clean(name, cell, repairs) for name, cell in record.cells.items() if name != VIEWS}
    key = _key(cells)
    earlier = seen.setdefault(key, record.row)
    if earlier != record.row:
        raise Unreadable("duplicate_of_row", f"Equal to row {earlier} but for the views.")
    listing = _listing(cells, find, repairs)
    return Accepted(record.row, record.line, key, listing, tuple(repairs))


def _key(cells: dict[str, str]) -> str:
    """32 hexadecimal digits for all that a row says; the views of a week are no part of what is offered."""
    said = "\x1f".join(cells[name] for name in COLUMNS if name != VIEWS)
    return blake2b(said.encode(), digest_size=16).hexdigest()


def _clean(name: str, cell: str, repairs: list[Repair]) -> str:
    """A cell in its right encoding and on one line."""
    if len(cell) > CELL_LIMIT:
        raise Unreadable("cell_too_long", f"{name} has {len(cell)} characters.")
    if cell.isascii():
        text = cell
    else:
        if UNDECODED.search(cell):
            raise Unreadable("encoding_invalid", f"{name} is not UTF-8.")
        text = _decoded(cell)
        if text != cell:
            repairs.append(Repair(name, "encoding", cell.strip(), " ".join(text.split())))
    if "\n" in text or "\r" in text:
        repairs.append(Repair(name, "line_break", text.strip(), " ".join(text.split())))
    text = " ".join(text.split())
    if CONTROL.search(text):
        raise Unreadable("control_characters", f"{name} holds control characters.")
    return text


@lru_cache(maxsize=8192)
def _decoded(text: str) -> str:
    """UTF-8 that was read as Windows-1252 and written again: «BÃ¶nningstedt» is Bönningstedt."""
    return ftfy.fix_encoding(text)


def _listing(cells: dict[str, str], find: PlaceFinder, repairs: list[Repair]) -> ListingFields:
    price = _price(cells["Price"], repairs)
    attributes = _kept(
        {
            "type": _types(cells["Boat Type"], repairs),
            "maker": MAKER_SUFFIX.sub("", cells["Manufacturer"]),
            "year": _year(cells["Year Built"], repairs),
            **_state(cells["Type"], repairs),
            **_measures(cells["Length"], cells["Width"], repairs),
            "material": _material(cells["Material"], repairs),
        },
        repairs,
    )
    return ListingFields(
        category="boats",
        title=_title(attributes),
        description="",
        attributes=attributes,
        price=price,
        place=_place(cells["Location"], find, repairs),
    )


def _price(text: str, repairs: list[Repair]) -> Money:
    """A price without a currency is refused: to guess one would be to change the price."""
    if not text:
        raise Unreadable("price_missing", "There is no price.")
    found = PRICE.fullmatch(text)
    if found is None:
        raise Unreadable("price_invalid", f"Not a price: {text[:40]}")
    said = found["currency"]
    if said is None:
        raise Unreadable("currency_missing", f"{text} of what?")
    currency = CURRENCY_SIGNS.get(said, said.upper())
    exponent = EXPONENTS.get(currency)
    if exponent is None:
        raise Unreadable("currency_unknown", f"Not an ISO 4217 currency: {said}")
    part = found["part"] or ""
    amount = int(found["whole"] + part.ljust(exponent, "0"))
    if len(part) > exponent or not 0 < amount <= PRICE_LIMIT:
        raise Unreadable("price_invalid", f"Not a price: {text[:40]}")
    if said != currency:
        repairs.append(Repair("Price", "currency_sign", text, text.replace(said, f"{currency} ").replace("  ", " ")))
    return Money(amount, currency)


def _slug(label: str) -> str:
    plain = label.strip().lower().replace(" ", "-").replace("/", "-")
    return OTHER_SLUGS.get(plain, plain)


def _types(text: str, repairs: list[Repair]) -> tuple[str, ...]:
    kept: list[str] = []
    for label in filter(None, text.split(",")):
        slug = _slug(label)
        if slug not in TYPES:
            repairs.append(Repair("Boat Type", "type_unknown", label, TYPES["other"]))
            slug = "other"
        kept.append(slug)
    return tuple(kept)


def _material(text: str, repairs: list[Repair]) -> str | None:
    slug = _slug(text)
    if not slug or slug in MATERIALS:
        return slug or None
    repairs.append(Repair("Material", "material_unknown", text, MATERIALS["other"]))
    return "other"


def _state(text: str, repairs: list[Repair]) -> dict[str, str]:
    """Condition and fuel share one column, either of them may be missing."""
    state: dict[str, str] = {}
    for word in filter(None, text.split(",")):
        plain = word.strip().lower()
        if plain in CONDITIONS:
            state["condition"] = CONDITIONS[plain]
        elif plain in FUELS:
            state["fuel"] = FUELS[plain]
        else:
            repairs.append(Repair("Type", "condition_unknown", word))
    return state


def _year(text: str, repairs: list[Repair]) -> int | None:
    if text.isascii() and text.isdigit() and int(text[:9]):
        return int(text[:9])
    if text:
        repairs.append(Repair("Year Built", "year_unknown", text))
    return None


def _measures(length: str, beam: str, repairs: list[Repair]) -> dict[str, float | None]:
    """Length and beam in metres. A boat wider than long has them swapped if that gives a boat's shape; else neither is believed."""
    long, wide = _number("Length", length, repairs), _number("Width", beam, repairs)
    if long is not None and wide is not None and wide >= long:
        if 0.2 <= long / wide <= 0.6:
            repairs.append(Repair("Length", "length_and_beam_swapped", f"{length} x {beam}", f"{beam} x {length}"))
            return {"length": wide, "beam": long}
        repairs.append(Repair("Length", "length_and_beam_contradict", f"{length} x {beam}"))
        return {}
    return {"length": long, "beam": wide}


def _number(name: str, text: str, repairs: list[Repair]) -> float | None:
    if NUMBER.fullmatch(text) and float(text):
        return float(text)
    if text:
        repairs.append(Repair(name, "number_unreadable", text))
    return None


def _kept(said: dict[str, Any], repairs: list[Repair]) -> Attributes:
    """The attributes that the category accepts; one out of its bounds is left out rather than the boat."""
    while True:
        try:
            return check_complete("boats", said)
        except Rejected as reason:
            name = (reason.pointer or "").rpartition("/")[2]
            if reason.code != "attribute_invalid":
                raise Unreadable(reason.code, reason.detail) from None
            repairs.append(Repair(name, "attribute_invalid", str(said.pop(name))))


def _title(attributes: Attributes) -> str:
    """Maker, type, length and year, as far as they are known: «Boesch Classic Runabout 6.2 m, 1973»."""
    types = attributes["type"]
    words = [TYPES[each] for each in types[:3]] if isinstance(types, tuple) else []
    if "maker" in attributes:
        words.insert(0, str(attributes["maker"]))
    if "length" in attributes:
        words.append(f"{attributes['length']:g} m")
    title = " ".join(words)
    return (f"{title}, {attributes['year']}" if "year" in attributes else title)[:TITLE_LIMIT]


def _place(text: str, find: PlaceFinder, repairs: list[Repair]) -> Place | None:
    if not text:
        return None
    place = find([name.strip() for name in text.split("»")])
    if place.latitude is None:
        known = " » ".join(filter(None, (place.country, place.region, place.locality)))
        repairs.append(Repair("Location", "place_not_found", text, known))
    return place
