"""The places for listings that a seller's tier allows: each listing on offer takes one, in the same append as it is published.

Whoever moves to a smaller tier keeps what he offers, and offers nothing more until he has room again. Promoted listings take places
of another sort. These are more than the tier of everyone has, so of them only as many are kept as the smaller tier allows.
"""

from collections.abc import Callable, Mapping
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.subscriptions.tiers.commands import GivePlaceBack, KeepPlaces, PlaceCommand, TakePlace
from domain.subscriptions.tiers.events import PlaceEvent, PlaceGivenBack, PlaceTaken, Use
from domain.subscriptions.tiers.offers import Limits, wider
from domain.values import Value

PLACES = UUID("5c1d0e0a-7a43-5d0f-9a3e-1f0c8a6be2d7")
"""The namespace of the streams' ids."""

LIMITS: Mapping[Use, Callable[[Limits], int | None]] = {
    Use.OFFER: lambda limits: limits.listings,
    Use.PROMOTION: lambda limits: limits.promoted,
}


def places_id(seller_id: UUID, use: Use = Use.OFFER) -> UUID:
    return uuid5(PLACES, str(seller_id) if use is Use.OFFER else f"{seller_id} {use}")


class Places(Value, frozen=True, tag=True):
    taken: frozenset[UUID] = frozenset()


def decide(command: PlaceCommand, places: Places) -> list[PlaceEvent]:
    match command:
        case TakePlace(limit=limit):
            if command.listing_id in places.taken:
                return []
            if limit is not None and len(places.taken) >= limit:
                raise full(command.use, len(places.taken), limit)
            return [PlaceTaken(command.seller_id, command.listing_id, command.now, command.use)]
        case GivePlaceBack():
            if command.listing_id not in places.taken:
                return []
            return [PlaceGivenBack(command.seller_id, command.listing_id, command.now, command.use)]
        case KeepPlaces(limit=limit):
            # The oldest listings keep theirs: ids are in the order of making.
            surplus = [] if limit is None else sorted(places.taken)[limit:]
            return [PlaceGivenBack(command.seller_id, each, command.now, command.use) for each in surplus]


def full(use: Use, taken: int, limit: int) -> Rejected:
    more = wider(LIMITS[use], taken + 1)
    if use is Use.PROMOTION:
        return Rejected("promotion_limit_reached", f"Your tier allows {limit:,} promoted listings; {taken:,} are. {more}".strip())
    kept = "" if taken <= limit else " They all stay."
    return Rejected("listing_limit_reached", f"Your tier allows {limit:,} listings on offer; {taken:,} are.{kept} {more}".strip())


def evolve(places: Places, event: PlaceEvent) -> Places:
    match event:
        case PlaceTaken(listing_id=listing_id):
            return replace(places, taken=places.taken | {listing_id})
        case PlaceGivenBack(listing_id=listing_id):
            return replace(places, taken=places.taken - {listing_id})


places = Decider("places", Places(), decide, evolve, contended=True, snapshot_every=200)
