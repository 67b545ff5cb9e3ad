"""Groups as the search knows them: words, places, price, progress and deadline of those that anybody may find.

Groups by link or by invitation are not in it. A group whose gathering is over stays, since people ask for those too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.groups.events import GroupEvent, GroupOpened
from domain.groups.values import Status, Visibility
from domain.values import Money, Value
from projections.groups import page
from projections.groups.page import (
    EVENTS,
    group_of,
)
from projections.groups.shown import GroupRow
from projections.listings.index import KEYWORD, LONG, SETTINGS, Point, located
from projections.search import tie
from projections.view import Index


class IndexedGroup(Value, frozen=True):
    """What is searched and sorted by, taken from `row`, which is the page's own and is only kept, for the next fold and the answer."""

    id: UUID
    tie: int
    supplier_id: UUID
    listing_id: UUID
    status: Status
    title: str
    category: str
    places: tuple[str, ...]
    locations: tuple[Point, ...]
    price: Money
    percent: int
    deadline: datetime
    opened_at: datetime
    row: GroupRow


def evolve(group: IndexedGroup | None, event: GroupEvent) -> IndexedGroup | None:
    if isinstance(event, GroupOpened) and event.visibility != Visibility.PUBLIC:
        return None
    row = page.evolve(group and group.row, event)
    return row and indexed(row)


def indexed(row: GroupRow) -> IndexedGroup:
    group = row.page
    places = [each.place for each in group.pickups]
    names = [word for each in group.pickups for word in (each.name, each.place.locality, each.place.region) if word]
    return IndexedGroup(
        group.id,
        tie(group.id),
        group.supplier_id,
        group.listing_id,
        group.status,
        group.title,
        group.category,
        tuple(dict.fromkeys(names)),
        tuple(dict.fromkeys(point for each in places if (point := located(each)))),
        group.price,
        group.progress.percent,
        group.deadline,
        group.opened_at,
        row,
    )


MAPPING: Mapping[str, Any] = {
    "id": KEYWORD,
    "tie": LONG,
    "supplierId": KEYWORD,
    "listingId": KEYWORD,
    "status": KEYWORD,
    "title": {"type": "text", "analyzer": "folding", "copy_to": "words"},
    "category": {**KEYWORD, "copy_to": "words"},
    "places": {"type": "text", "analyzer": "folding", "copy_to": "words"},
    "locations": {"type": "geo_point"},
    "price": {"properties": {"amount": LONG, "currency": KEYWORD}},
    "percent": {"type": "integer"},
    "deadline": {"type": "date"},
    "openedAt": {"type": "date"},
    "words": {"type": "text", "analyzer": "folding"},
    "row": {"type": "object", "enabled": False},
}

NEWEST_FIRST: Mapping[str, Any] = {"sort.field": ["openedAt", "tie"], "sort.order": ["desc", "asc"]}
"""How documents lie in the index. They come in the order of `openedAt`: searched the other way, each would beat all before it."""

index = Index(
    "groups",
    IndexedGroup,
    key=group_of,
    evolve=evolve,
    events=EVENTS,
    mapping=MAPPING,
    settings={**SETTINGS, **NEWEST_FIRST},
    version=2,
)
