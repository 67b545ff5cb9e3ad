"""A rating: what one member of a completed group says of its supplier, once."""

from uuid import UUID, uuid5

from domain.decider import Decider, Rejected
from domain.suppliers.commands import RateSupplier
from domain.suppliers.events import SupplierRated
from domain.values import Value

RATINGS = UUID("7c5f7a2b-9a1e-5f54-8a53-3c1c2f5a6d20")
"""The namespace of the streams' ids."""

WORST, BEST = 1, 5


def rating_id(group_id: UUID, member_id: UUID) -> UUID:
    return uuid5(RATINGS, f"{group_id} {member_id}")


class Rating(Value, frozen=True, tag=True):
    stars: int = 0


def decide(command: RateSupplier, rating: Rating) -> list[SupplierRated]:
    if not command.collected:
        raise Rejected("nothing_collected", "Who has had his part of a group rates its supplier.")
    if rating.stars:
        raise Rejected("already_rated")
    if not WORST <= command.stars <= BEST:
        raise Rejected("stars_invalid", f"From {WORST} to {BEST}.", pointer="/stars")
    return [SupplierRated(command.supplier_id, command.group_id, command.member_id, command.stars, command.now)]


def evolve(_rating: Rating, event: SupplierRated) -> Rating:
    return Rating(event.stars)


ratings = Decider("rating", Rating(), decide, evolve)
