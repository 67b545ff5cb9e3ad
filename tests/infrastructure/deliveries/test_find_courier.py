"""Waiting deliveries find their couriers over the real log, whoever comes first and however late the read models are."""

from collections.abc import Generator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from threading import Thread
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from application.effects.job import FillCourier, FindCourier
from application.handler import Handler
from application.jobs import find_courier
from application.jobs.find_courier import Behind
from application.jobs.ports import Skipped
from application.ports import Meta
from domain.deliveries.assignment import Candidate
from domain.deliveries.commands import EnrolCourier, GoOffDuty, GoOnDuty, OpenDelivery
from domain.deliveries.courier import Enrolled, courier_stream, couriers
from domain.deliveries.delivery import Opened, deliveries, delivery_id
from domain.registry import DECIDERS
from domain.values import SYSTEM, Address, Value
from infrastructure.eventlog.log import PostgresLog
from infrastructure.keys import PersonalKeys
from infrastructure.postgres import open_pool

CLEO, DAN = (UUID(int=number) for number in (1, 2))
ZONE = UUID(int=9)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOME = Address("Ana", ("Rua da Rosa 1",), "Lisboa", "1200-001", "PT")


class Town:
    """A roster that knows what it was told, and no more: it may be behind."""

    def __init__(self, log: PostgresLog) -> None:
        self.log = log
        self.handle = Handler(log, DECIDERS)
        self.known: list[Candidate] = []
        self.open: list[UUID] = []
        self.at: int | None = None
        self.turns = count()
        self.fickle = False

    def reached(self) -> int:
        return self.log.stable() if self.at is None else self.at

    def free(self, zone_id: UUID) -> Sequence[Candidate]:
        """Where it is fickle, it prefers another courier each time it is asked."""
        shift = next(self.turns) if self.fickle else 0
        return [replace(each, load=(number + shift) % 2) for number, each in enumerate(self.known) if zone_id in each.zones]

    def waiting(self, zones: tuple[UUID, ...], limit: int) -> Sequence[UUID]:
        return self.open[:limit] if ZONE in zones else []

    def give(self, stream: UUID, command: Value) -> None:
        self.handle(stream, command, Meta(uuid4(), SYSTEM.id, uuid4()))

    def opened(self) -> UUID:
        order = uuid4()
        id = delivery_id(order)
        self.give(id, OpenDelivery(id, order, uuid4(), uuid4(), HOME, ZONE, "UTC", None, None, SYSTEM, NOON))
        self.open.append(id)
        return id

    def on_duty(self, courier: UUID, capacity: int = 2) -> None:
        self.give(courier_stream(courier), EnrolCourier(courier, "bicycle", 15, capacity, (ZONE,), SYSTEM, NOON))
        self.give(courier_stream(courier), GoOnDuty(courier, SYSTEM, NOON))
        self.known.append(Candidate(courier, (ZONE,), on_duty=True, load=0, capacity=capacity))

    def do(self, work: FindCourier | FillCourier, job: UUID | None = None) -> None:
        find_courier.FindCourier(self.log, self.handle, self, lambda: NOON)(job or uuid4(), work, uuid4())

    def carrier(self, delivery: UUID) -> UUID | None:
        state = self.handle.state(delivery, deliveries)
        return state.courier_id if isinstance(state, Opened) else None

    def in_hand(self, courier: UUID) -> int:
        state = self.handle.state(courier_stream(courier), couriers)
        return len(state.in_hand) if isinstance(state, Enrolled) else 0


@pytest.fixture
def town(database: str) -> Generator[Town]:
    with open_pool(database, 12) as pool:
        yield Town(PostgresLog(pool, DECIDERS, PersonalKeys(bytes(32))))


def test_a_delivery_is_given_away_once_however_often_its_job_is_done(town: Town):
    town.on_duty(CLEO)
    parcel, job = town.opened(), uuid4()
    town.do(FindCourier(parcel), job)
    with pytest.raises(Skipped, match="no_courier_free"):
        town.do(FindCourier(parcel), job)
    assert (town.carrier(parcel), town.in_hand(CLEO)) == (CLEO, 1)


def test_who_went_off_duty_or_is_full_since_the_roster_heard_of_him_is_passed_over(town: Town):
    town.on_duty(CLEO)
    town.on_duty(DAN)
    parcel = town.opened()
    town.give(courier_stream(CLEO), GoOffDuty(CLEO, SYSTEM, NOON))
    town.do(FindCourier(parcel))
    assert town.carrier(parcel) == DAN


def test_what_nobody_can_take_waits_for_who_comes(town: Town):
    parcels = [town.opened() for _ in range(3)]
    with pytest.raises(Skipped, match="no_courier_free"):
        town.do(FindCourier(parcels[0]))
    town.on_duty(CLEO)
    town.do(FillCourier(CLEO))
    assert [town.carrier(each) for each in parcels] == [CLEO, CLEO, None]


def test_a_job_waits_until_the_roster_knows_what_gave_rise_to_it(town: Town):
    town.on_duty(CLEO)
    parcel = town.opened()
    town.at = town.log.stable() - 1
    with pytest.raises(Behind):
        town.do(FindCourier(parcel))
    town.at = None
    town.do(FindCourier(parcel))
    assert town.carrier(parcel) == CLEO


def test_of_two_jobs_that_give_the_same_delivery_away_at_once_one_wins_and_loads_agree(town: Town):
    town.on_duty(CLEO, capacity=20)
    town.on_duty(DAN, capacity=20)
    parcels = [town.opened() for _ in range(6)]
    town.fickle = True

    def give_away() -> None:
        for each in parcels:
            with suppress(Skipped):
                patiently(each)

    def patiently(parcel: UUID) -> None:
        while True:  # the log's stable end is behind while another append is open
            with suppress(Behind):
                return town.do(FindCourier(parcel))

    racing = [Thread(target=give_away) for _ in range(4)]
    for each in racing:
        each.start()
    for each in racing:
        each.join(60)
    carriers = [town.carrier(each) for each in parcels]
    assert None not in carriers
    assert (town.in_hand(CLEO), town.in_hand(DAN)) == (carriers.count(CLEO), carriers.count(DAN))
