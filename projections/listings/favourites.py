"""The listings that each person keeps in sight; only their ids, since the listing itself changes."""

from datetime import datetime
from uuid import UUID

from domain.listings.events import FavouriteAdded, FavouriteEvent, FavouriteRemoved
from domain.values import Value
from projections.sql import Order
from projections.view import View


class Favourite(Value, frozen=True):
    listing_id: UUID
    user_id: UUID
    added_at: datetime


def evolve(_favourite: Favourite | None, event: FavouriteEvent) -> Favourite | None:
    match event:
        case FavouriteAdded(user_id, listing_id, at):
            return Favourite(listing_id, user_id, at)
        case FavouriteRemoved():
            return None


def favourite_of(event: FavouriteEvent) -> str:
    return f"{event.user_id}/{event.listing_id}"


view = View(
    "favourites",
    Favourite,
    key=favourite_of,
    key_type="text",
    evolve=evolve,
    events=(FavouriteAdded, FavouriteRemoved),
    columns={"user_id": "uuid", "listing_id": "uuid", "added_at": "timestamptz"},
    indexes=("user_id, added_at DESC, key DESC",),
)

NEWEST_FIRST = Order(("added_at",))
