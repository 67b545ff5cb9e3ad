"""What is shown of deliveries and couriers, and when a delivery is expected."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from domain.deliveries import events as e
from domain.deliveries.events import Status
from domain.trade import Spot
from domain.values import ERASED
from projections.deliveries import couriers, delivery
from projections.deliveries.tracking import Seen, local, mark, track
from tests.bdd import Shown, erased
from tests.domain.deliveries.parcels import (
    CLEO,
    DAN,
    EVENING,
    HOME,
    NINE,
    NOON,
    PARCEL,
    ROSSIO,
    ZONE,
    assigned,
    cancelled,
    delivered,
    enrolled,
    failed,
    loaded,
    located,
    off_duty,
    on_duty,
    on_its_way,
    opened,
    recalled,
    retried,
)

BELEM = Spot(38.6979, -9.2061)


def shown(*events: e.DeliveryEvent) -> delivery.DeliveryPage:
    return Shown(delivery.view, *events).one


def test_a_delivery_shows_where_it_goes_who_has_it_and_how_it_ended():
    page = shown(*on_its_way, located, delivered(received_by="Mrs Lima"))
    assert (page.status, page.courier_id, page.address, page.spot) == (Status.DELIVERED, CLEO.id, HOME, ROSSIO)
    assert (page.opened_at, page.picked_up_at, page.delivered_at) == (NINE, NOON, NOON)
    assert page.proof == delivery.Proof(by_code=False, received_by="Mrs Lima", photo="")


def test_what_failed_says_why_and_what_is_tried_again_forgets_its_window():
    page = shown(*on_its_way, failed())
    assert (page.status, page.attempts) == (Status.FAILED, 1)
    assert page.failure == delivery.Failure(e.FailureReason.NOBODY_HOME, "", NOON)
    again = shown(*on_its_way, failed(), retried, replace(assigned, courier_id=DAN.id, previous=CLEO.id))
    assert (again.status, again.courier_id, again.starts_at, again.picked_up_at) == (Status.ASSIGNED, DAN.id, None, None)
    assert shown(*on_its_way, recalled).attempts == 3


def test_what_was_called_off_before_it_was_opened_is_not_shown():
    Shown(delivery.view, cancelled).then()


def test_of_a_forgotten_buyer_nothing_is_shown():
    page = shown(*map(erased, (*on_its_way, located, failed(), delivered(received_by="Mrs Lima"))))
    assert (page.address, page.spot) == (None, None)
    assert page.proof == delivery.Proof(by_code=False, received_by="", photo="")
    assert shown(replace(opened, spot=ERASED)).spot is None


def test_a_courier_shows_his_terms_his_duty_and_his_load():
    courier = Shown(couriers.view, enrolled, on_duty, loaded(), replace(enrolled, speed=25, at=NOON)).one
    assert (courier.speed, courier.zones, courier.on_duty, courier.load) == (25, (ZONE,), True, 1)
    assert (courier.joined_at, courier.changed_at) == (NINE, NOON)
    gone = Shown(couriers.view, enrolled, on_duty, loaded(), off_duty, e.CourierUnloaded(CLEO.id, PARCEL, 0, NOON)).one
    assert (gone.on_duty, gone.load) == (False, 0)


def test_a_delivery_arrives_after_the_way_that_is_left_at_the_declared_speed():
    page = shown(*on_its_way, located)
    found = track(page, Seen(BELEM.latitude, BELEM.longitude, NOON), 15, NOON + timedelta(minutes=1))
    assert found.kilometres == pytest.approx(6.06, abs=0.02)
    assert found.arrives_at is not None
    assert found.arrives_at - NOON == pytest.approx(timedelta(minutes=24), abs=timedelta(seconds=30))
    assert found.local.arrives_at is not None
    assert found.local.arrives_at.utcoffset() == timedelta(hours=1)


def test_what_is_late_is_expected_now_and_not_in_the_past():
    page = shown(*on_its_way, located)
    assert track(page, Seen(BELEM.latitude, BELEM.longitude, NOON), 15, EVENING).arrives_at == EVENING + timedelta(seconds=1)


def test_where_the_courier_is_concerns_nobody_before_he_has_fetched_it_nor_after():
    seen = Seen(BELEM.latitude, BELEM.longitude, NOON)
    for events in ((opened, located, assigned), (*on_its_way, located, delivered())):
        found = track(shown(*events), seen, 15, NOON)
        assert (found.position, found.kilometres, found.arrives_at) == (None, None, None)


def test_without_a_destination_or_a_position_no_arrival_is_made_up():
    seen = Seen(BELEM.latitude, BELEM.longitude, NOON)
    assert track(shown(*on_its_way), seen, 15, NOON).arrives_at is None
    assert track(shown(*on_its_way, located), None, 15, NOON).kilometres is None
    assert track(shown(*on_its_way, located), seen, None, NOON).arrives_at is None


def test_the_clock_of_the_place_is_right_on_both_sides_of_a_change():
    before, after = datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    found = local("Europe/Lisbon", starts_at=before, ends_at=after)
    assert (found.starts_at, found.ends_at) == (before, after)
    assert found.starts_at is not None
    assert found.ends_at is not None
    assert found.starts_at.utcoffset() == timedelta(0)
    assert found.ends_at.replace(tzinfo=None) == datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 - what a clock on the wall shows
    assert found.ends_at.utcoffset() == timezone(timedelta(hours=1)).utcoffset(None)


def test_what_is_told_has_a_mark_that_grows_with_every_change():
    page = shown(*on_its_way)
    marks = [mark(page, None), mark(page, Seen(0, 0, NOON + timedelta(seconds=1))), mark(page, Seen(0, 0, NOON + timedelta(seconds=2)))]
    assert marks == sorted(set(marks))
