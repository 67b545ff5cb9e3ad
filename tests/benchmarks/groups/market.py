"""A market full of groups for the search, written straight into its index: no two at the same place, price, deadline and progress."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from domain.groups.events import GroupOpened
from domain.groups.terms import opened as terms
from domain.values import Money, Place
from infrastructure.container import Container
from infrastructure.readstores.opensearch import versioned_name
from projections.groups import page
from projections.groups.index import index, indexed
from tests.benchmarks.groups.crowd import opened

GOODS = ("Maize meal", "Cooking oil", "Sugar beans", "Brown sugar", "Washing powder", "Roofing sheets", "School shoes", "Seed potatoes")
CATEGORIES = ("bulk-grains-flour", "bulk-oil-sugar-salt", "bulk-pulses", "bulk-tinned-dried")
AT_ONCE = 1_000


def fill(container: Container, groups: int) -> None:
    chance = random.Random(1)  # noqa: S311 - the same market every time
    client = container.opensearch
    name = versioned_name(index)
    for first in range(0, groups, AT_ONCE):
        lines = [line for _ in range(min(AT_ONCE, groups - first)) for line in document(chance)]
        client.bulk(index=name, body=b"\n".join((*lines, b"")))
    client.indices.refresh(index=name)


def document(chance: random.Random) -> Iterator[bytes]:
    row = page.evolve(None, one(chance))
    if row is None:
        raise AssertionError
    paid = chance.randrange(0, 9)
    progress = replace(row.page.progress, paid=paid, percent=paid * 10, reserved=paid, participants=paid)
    shown = indexed(replace(row, page=replace(row.page, progress=progress, price=Money(chance.randrange(100, 9_000), "USD"))))
    yield msgspec.json.encode({"index": {"_id": str(shown.id), "version": 1, "version_type": "external"}})
    yield msgspec.json.encode(shown)


def one(chance: random.Random) -> GroupOpened:
    place = Place("ZW", "", f"Ward {chance.randrange(2_000)}", round(chance.uniform(-22, -16), 4), round(chance.uniform(25, 33), 4))
    now = datetime.now(UTC)
    event = terms(opened(uuid4(), uuid4(), 10, 20, now, place))
    title = f"{chance.choice(GOODS)}, {chance.randrange(1, 50)} kg"
    deadline = now + timedelta(minutes=chance.randrange(60, 40_000))
    return replace(event, title=title, category=chance.choice(CATEGORIES), deadline=deadline)
