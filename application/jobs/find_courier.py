"""Gives waiting deliveries to couriers by the declared rule: when a delivery is opened, and when a courier has room again."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable
from uuid import UUID, uuid5

from application.commands.deliveries import Assign
from application.effects import job
from application.handler import Handler
from application.jobs.ports import History, Skipped
from application.ports import Clock, Meta
from domain.decider import Rejected
from domain.deliveries.assignment import Candidate, in_order_of_choice
from domain.deliveries.commands import AssignDelivery
from domain.deliveries.courier import Enrolled, courier_stream, couriers
from domain.deliveries.delivery import Opened, deliveries
from domain.deliveries.events import DeliveryLocated, DeliveryOpened, Status
from domain.trade import Spot
from domain.values import SYSTEM

AT_ONCE = 100
"""How many waiting deliveries a courier who comes on duty is tried for."""


class Behind(Exception):
    """The roster has not heard yet of what this job is about: ask again in a moment."""


@runtime_checkable
class Roster(Protocol):
    """Couriers and waiting deliveries as the read models have them, which may be a moment behind the log."""

    def reached(self) -> int:
        """The position up to which both are known."""
        ...

    def free(self, zone_id: UUID) -> Sequence[Candidate]: ...

    def waiting(self, zones: tuple[UUID, ...], limit: int) -> Sequence[UUID]:
        """Deliveries that nobody has, the longest waiting first."""
        ...


class FindCourier:
    """A delivery that finds nobody waits until a courier of its zone goes on duty or has room again.

    Neither is missed: each of the two jobs waits until the roster knows what gave rise to it, so whichever came second sees the other.
    """

    def __init__(self, history: History, handle: Handler, roster: Roster, clock: Clock) -> None:
        self._history = history
        self._handle = handle
        self._assign = Assign(handle)
        self._roster = roster
        self._clock = clock

    def __call__(self, id: UUID, work: job.FindCourier | job.FillCourier, correlation: UUID) -> None:
        """Raises `Skipped` where there is nobody, or nothing left to do."""
        stream = work.delivery_id if isinstance(work, job.FindCourier) else courier_stream(work.courier_id)
        if self._roster.reached() < self._history.stream(stream)[-1].position:
            raise Behind
        match work:
            case job.FindCourier(delivery_id):
                found = self._find(delivery_id, id, correlation)
            case job.FillCourier(courier_id):
                waiting = self._waiting_for(courier_id)
                found = any([self._find(each, id, correlation) for each in waiting])  # noqa: C419 - each is to be tried
        if not found:
            raise Skipped("no_courier_free")

    def _waiting_for(self, courier_id: UUID) -> Sequence[UUID]:
        courier = self._handle.state(courier_stream(courier_id), couriers)
        if not isinstance(courier, Enrolled) or not courier.on_duty or len(courier.in_hand) >= courier.capacity:
            return []
        return self._roster.waiting(courier.zones, AT_ONCE)

    def _find(self, delivery_id: UUID, job_id: UUID, correlation: UUID) -> bool:
        history = self._history.stream(delivery_id)
        delivery = deliveries.fold(each.event for each in history)
        if not isinstance(delivery, Opened) or delivery.status is not Status.OPEN or delivery.zone_id is None:
            return False
        destination = None
        for each in history:
            if isinstance(each.event, DeliveryOpened | DeliveryLocated):
                destination = each.event.spot if isinstance(each.event.spot, Spot) else None
        for courier_id in in_order_of_choice(self._roster.free(delivery.zone_id), delivery.zone_id, destination):
            meta = Meta(uuid5(job_id, f"{delivery_id} {courier_id}"), SYSTEM.id, correlation)
            try:
                self._assign(AssignDelivery(delivery_id, courier_id, SYSTEM, self._clock(), if_open=True), meta)
            except Rejected as rejected:
                if rejected.stream == delivery_id:
                    return False
            else:
                return True
        return False
