"""A favourite: a person keeps a listing in sight. One stream for each person and listing."""

from uuid import UUID, uuid5

from domain.decider import Decider, Rejected
from domain.listings.commands import AddFavourite, FavouriteCommand, RemoveFavourite
from domain.listings.events import FavouriteAdded, FavouriteEvent, FavouriteRemoved, Status
from domain.values import Value

FAVOURITES = UUID("4f0c8f0e-6f0b-5c52-9f0b-6a0f4b0f3d11")
"""The namespace of the streams' ids."""


def favourite_id(user_id: UUID, listing_id: UUID) -> UUID:
    return uuid5(FAVOURITES, f"{user_id}\n{listing_id}")


class Unmarked(Value, frozen=True, tag=True):
    pass


class Marked(Value, frozen=True, tag=True):
    pass


Favourite = Unmarked | Marked


def decide(command: FavouriteCommand, favourite: Favourite) -> list[FavouriteEvent]:
    match command, favourite:
        case AddFavourite(), Marked():
            return []  # asked twice: already so, also where the listing is no longer to be seen
        case AddFavourite(user_id, listing_id, status, now), Unmarked():
            if status is not Status.PUBLISHED:
                raise Rejected("listing_not_found")  # a draft of someone else is not even there
            return [FavouriteAdded(user_id, listing_id, now)]
        case RemoveFavourite(user_id, listing_id, now), Marked():
            return [FavouriteRemoved(user_id, listing_id, now)]
        case RemoveFavourite(), Unmarked():
            return []


def evolve(_favourite: Favourite, event: FavouriteEvent) -> Favourite:
    match event:
        case FavouriteAdded():
            return Marked()
        case FavouriteRemoved():
            return Unmarked()


favourites = Decider("favourite", Unmarked(), decide, evolve)
