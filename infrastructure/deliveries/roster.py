"""The roster for those who give deliveries away, from the read models and from where couriers were seen last."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from domain.deliveries.assignment import Candidate
from domain.deliveries.courier import CAPACITY_LIMIT
from projections.deliveries import couriers, delivery
from projections.deliveries.tracking import Whereabouts
from projections.ports import Documents
from projections.sql import Order

LEAST_LOAD_FIRST = Order(("load",), descending=False)
CANDIDATES = 10 * CAPACITY_LIMIT

decoder = msgspec.json.Decoder(couriers.Courier)


class ReadRoster:
    """`application.jobs.find_courier.Roster`."""

    def __init__(self, documents: Documents, whereabouts: Whereabouts) -> None:
        self._documents = documents
        self._whereabouts = whereabouts

    def reached(self) -> int:
        return min(self._documents.position(each.name) for each in (couriers.view, delivery.view))

    def free(self, zone_id: UUID) -> Sequence[Candidate]:
        rows = self._documents.page(couriers.view, couriers.free_in(zone_id), limit=CANDIDATES, order=LEAST_LOAD_FIRST).items
        found = [decoder.decode(row.document) for row in rows]
        seen = self._whereabouts.last([each.id for each in found])
        return [couriers.candidate(each, seen[each.id].spot if each.id in seen else None) for each in found]

    def waiting(self, zones: tuple[UUID, ...], limit: int) -> Sequence[UUID]:
        rows = self._documents.page(delivery.view, delivery.waiting_in(zones), limit=limit, order=delivery.OLDEST_FIRST).items
        return [UUID(str(row.key)) for row in rows]
