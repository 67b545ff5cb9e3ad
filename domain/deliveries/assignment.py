"""The declared rule by which a delivery finds its courier: of the zone's couriers on duty, who has least in hand, then who is nearest."""

from collections.abc import Iterable
from math import inf
from uuid import UUID

from domain.deliveries.route import kilometres
from domain.trade import Spot
from domain.values import Value


class Candidate(Value, frozen=True):
    """A courier as the roster knows him; `spot` is where he was seen last, None where he was not."""

    courier_id: UUID
    zones: tuple[UUID, ...]
    on_duty: bool
    load: int
    capacity: int
    spot: Spot | None = None


def in_order_of_choice(candidates: Iterable[Candidate], zone_id: UUID, destination: Spot | None) -> list[UUID]:
    """Who may take it, the first choice first; the same roster always gives the same answer."""

    def preference(each: Candidate) -> tuple[int, float, UUID]:
        away = inf if each.spot is None or destination is None else kilometres(each.spot, destination)
        return each.load, away, each.courier_id

    free = [each for each in candidates if each.on_duty and each.load < each.capacity and zone_id in each.zones]
    return [each.courier_id for each in sorted(free, key=preference)]
