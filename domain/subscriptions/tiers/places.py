"""The places for listings that a seller's tier allows: each listing on offer takes one, in the same append as it is published.

Whoever moves to a smaller tier keeps what he offers, and offers nothing more until he has room again.
"""

from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.subscriptions.tiers.commands import GivePlaceBack, PlaceCommand, TakePlace
from domain.subscriptions.tiers.events import PlaceEvent, PlaceGivenBack, PlaceTaken
from domain.values import Value

PLACES = UUID("5c1d0e0a-7a43-5d0f-9a3e-1f0c8a6be2d7")
"""The namespace of the streams' ids."""


def places_id(seller_id: UUID) -> UUID:
    return uuid5(PLACES, str(seller_id))


class Places(Value, frozen=True, tag=True):
    taken: frozenset[UUID] = frozenset()


def decide(command: PlaceCommand, places: Places) -> list[PlaceEvent]:
    match command:
        case TakePlace(seller_id, listing_id, limit, now):
            if listing_id in places.taken:
                return []
            if limit is not None and len(places.taken) >= limit:
                raise Rejected("listing_limit_reached", f"Your tier has {limit} listings on offer at a time.")
            return [PlaceTaken(seller_id, listing_id, now)]
        case GivePlaceBack(seller_id, listing_id, now):
            return [PlaceGivenBack(seller_id, listing_id, now)] if listing_id in places.taken else []


def evolve(places: Places, event: PlaceEvent) -> Places:
    match event:
        case PlaceTaken(listing_id=listing_id):
            return replace(places, taken=places.taken | {listing_id})
        case PlaceGivenBack(listing_id=listing_id):
            return replace(places, taken=places.taken - {listing_id})


places = Decider("places", Places(), decide, evolve, contended=True, snapshot_every=200)
