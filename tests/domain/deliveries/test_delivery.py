"""Parcels on their way."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.deliveries import commands as c
from domain.deliveries.delivery import WRONG_CODES, deliveries, delivery_id
from domain.trade import Spot
from domain.values import Actor
from tests.bdd import Given
from tests.domain.deliveries.parcels import (
    ANA,
    BEN,
    CLEO,
    DAN,
    EVE,
    EVENING,
    NOON,
    ORDER,
    PARCEL,
    ROSSIO,
    SAM,
    assign,
    assigned,
    cancelled,
    code_refused,
    deliver,
    delivered,
    fail,
    failed,
    in_transit,
    located,
    on_its_way,
    open_it,
    opened,
    picked_up,
    recalled,
    retried,
    returned,
)


def test_an_order_has_one_delivery_that_is_opened_once():
    assert delivery_id(ORDER) == PARCEL
    Given(deliveries).when(open_it()).then(opened)
    Given(deliveries, opened, assigned).when(open_it()).then()
    Given(deliveries).when(open_it(ANA)).rejected("not_yours")


def test_a_parcel_goes_from_hand_to_hand():
    Given(deliveries, opened).when(assign()).then(assigned)
    Given(deliveries, opened, assigned).when(c.PickUpDelivery(PARCEL, CLEO, NOON)).then(picked_up)
    Given(deliveries, opened, assigned, picked_up).when(c.MoveDelivery(PARCEL, CLEO, NOON)).then(in_transit)
    Given(deliveries, *on_its_way).when(deliver(code_fits=True)).then(delivered(by_code=True))


def test_it_may_be_given_to_another_courier_until_it_is_picked_up():
    other = replace(assigned, courier_id=DAN.id, previous=CLEO.id)
    Given(deliveries, opened, assigned).when(assign(DAN)).then(other)
    Given(deliveries, opened, assigned).when(assign(CLEO)).then()
    Given(deliveries, opened, assigned, other).when(c.PickUpDelivery(PARCEL, CLEO, NOON)).rejected("not_yours")
    Given(deliveries, opened, assigned, picked_up).when(assign(DAN)).rejected("delivery_not_waiting")


@pytest.mark.parametrize("by", [ANA, CLEO, DAN, EVE])
def test_only_the_seller_and_staff_say_who_carries_it(by: Actor):
    Given(deliveries, opened).when(assign(by=by)).rejected("not_yours")


def test_the_rule_takes_a_parcel_from_nobody():
    by_rule = replace(assign(DAN), if_open=True)
    Given(deliveries, opened).when(by_rule).then(replace(assigned, courier_id=DAN.id))
    Given(deliveries, opened, assigned).when(by_rule).rejected("delivery_not_waiting")


def test_only_who_has_the_parcel_says_where_it_is():
    here = c.TrackDelivery(PARCEL, ROSSIO, CLEO, NOON)
    Given(deliveries, *on_its_way).when(here).then()
    Given(deliveries, *on_its_way).when(replace(here, by=DAN)).rejected("not_yours")
    Given(deliveries, *on_its_way).when(replace(here, spot=Spot(91, 0))).rejected("place_invalid", pointer="/latitude")
    Given(deliveries, *on_its_way, delivered()).when(here).rejected("delivery_not_under_way")


def test_everyone_is_offered_his_part():
    Given(deliveries, opened).offers(ANA, "locate")
    Given(deliveries, opened).offers(BEN, "locate", "assign")
    Given(deliveries, opened, assigned).offers(CLEO, "pick-up", "track")
    Given(deliveries, *on_its_way).offers(CLEO, "track", "deliver", "fail")
    Given(deliveries, *on_its_way, failed()).offers(CLEO, "return")
    Given(deliveries, *on_its_way, failed()).offers(SAM, "locate", "retry", "return")
    Given(deliveries, *on_its_way, delivered()).offers(SAM)
    Given(deliveries, opened).offers(EVE)


@pytest.mark.parametrize(("received_by", "photo"), [("Mrs Lima, third floor", ""), ("", "media/1")])
def test_without_the_code_a_name_or_a_photo_is_a_proof(received_by: str, photo: str):
    command = deliver(received_by=received_by, photo=photo)
    Given(deliveries, *on_its_way).when(command).then(delivered(received_by=received_by, photo=photo))


def test_without_any_proof_nothing_is_delivered():
    Given(deliveries, *on_its_way).when(deliver()).rejected("proof_required")
    Given(deliveries, *on_its_way).when(deliver(received_by=" ")).rejected("proof_required")
    Given(deliveries, *on_its_way).when(deliver(received_by="a\nb")).rejected("text_invalid", pointer="/receivedBy")


def test_wrong_codes_are_counted_until_none_counts_any_more():
    Given(deliveries, *on_its_way).when(deliver(code_fits=False, received_by="Ana")).then(code_refused)
    almost = (*on_its_way, *[code_refused] * (WRONG_CODES - 1))
    Given(deliveries, *almost).when(deliver(code_fits=True)).then(delivered(by_code=True))
    locked = (*almost, code_refused)
    Given(deliveries, *locked).when(deliver(code_fits=True)).rejected("code_locked", pointer="/code")
    Given(deliveries, *locked).when(deliver(code_fits=False)).rejected("code_locked", pointer="/code")
    Given(deliveries, *locked).when(deliver(received_by="Ana")).then(delivered(received_by="Ana"))


def test_what_failed_is_tried_again_or_goes_back():
    Given(deliveries, *on_its_way).when(fail()).then(failed())
    Given(deliveries, *on_its_way, failed()).when(c.RetryDelivery(PARCEL, SAM, NOON)).then(retried)
    Given(deliveries, *on_its_way, failed()).when(c.ReturnDelivery(PARCEL, CLEO, NOON)).then(returned)
    again = (*on_its_way, failed(), retried, picked_up, in_transit)
    Given(deliveries, *again).when(deliver(code_fits=True)).then(replace(delivered(by_code=True, attempt=2), starts_at=None, ends_at=None))


def test_the_third_attempt_is_the_last():
    once_more = (retried, picked_up, in_transit)
    twice = (*on_its_way, failed(), *once_more, failed(2), *once_more)
    Given(deliveries, *twice).when(fail()).then(failed(3))
    Given(deliveries, *twice, failed(3)).when(c.RetryDelivery(PARCEL, SAM, NOON)).rejected("attempts_exhausted")
    Given(deliveries, *twice, failed(3)).when(c.ReturnDelivery(PARCEL, CLEO, NOON)).then(returned)


@pytest.mark.parametrize("window", [(NOON - timedelta(hours=1), EVENING), (EVENING, NOON), (EVENING, None), (None, EVENING)])
def test_a_new_window_lies_ahead_and_has_two_ends(window: tuple[object, object]):
    command = c.RetryDelivery(PARCEL, SAM, NOON, *window)  # type: ignore[arg-type]
    Given(deliveries, *on_its_way, failed()).when(command).rejected("window_invalid", pointer="/startsAt")


def test_a_cancelled_order_takes_its_delivery_along_while_nobody_has_set_out():
    command = c.CancelDelivery(PARCEL, ORDER, SAM, NOON)
    Given(deliveries, opened, assigned).when(command).then(cancelled)
    Given(deliveries, opened, assigned, cancelled).when(command).then()
    Given(deliveries, opened, assigned).when(replace(command, by=BEN)).rejected("not_yours")


@pytest.mark.parametrize("recall", [True, False])
def test_a_delivery_whose_order_was_cancelled_or_handed_over_first_is_not_opened_afterwards(recall: bool):
    command, called_off = c.CancelDelivery(PARCEL, ORDER, SAM, NOON, recall=recall), replace(cancelled, courier_id=None)
    Given(deliveries).when(command).then(called_off)
    Given(deliveries, called_off).when(command).then()
    Given(deliveries, called_off).when(open_it()).then()
    Given(deliveries, called_off).when(assign()).rejected("delivery_not_found")


def test_what_is_under_way_when_its_order_is_cancelled_comes_back_and_is_not_tried_again():
    command = c.CancelDelivery(PARCEL, ORDER, SAM, NOON)
    Given(deliveries, *on_its_way).when(command).then(recalled)
    Given(deliveries, *on_its_way, failed()).when(command).then(recalled)
    Given(deliveries, *on_its_way, recalled).when(command).then()
    Given(deliveries, *on_its_way, recalled).when(c.RetryDelivery(PARCEL, SAM, NOON)).rejected("attempts_exhausted")
    Given(deliveries, *on_its_way, recalled).when(c.ReturnDelivery(PARCEL, CLEO, NOON)).then(returned)
    Given(deliveries, *on_its_way).when(replace(command, recall=False)).then()
    for ended in ((delivered(),), (failed(), returned)):
        Given(deliveries, *on_its_way, *ended).when(command).then()


def test_the_buyer_may_say_where_exactly_he_lives():
    there = c.LocateDelivery(PARCEL, ROSSIO, ANA, NOON)
    Given(deliveries, opened).when(there).then(replace(located, at=NOON))
    Given(deliveries, opened).when(replace(there, spot=Spot(91, 0))).rejected("place_invalid", pointer="/latitude")
    Given(deliveries, opened).when(replace(there, spot=Spot(0, -181))).rejected("place_invalid", pointer="/longitude")
    Given(deliveries, opened, assigned).when(replace(there, by=CLEO)).rejected("not_yours")


def test_there_is_nothing_to_do_with_a_delivery_that_was_never_opened():
    Given(deliveries).when(assign()).rejected("delivery_not_found")
