"""What becomes of an order, who may decide it, and what is given back where it does not come."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.orders import commands as c
from domain.orders import events as e
from domain.orders.order import RETURN_WITHIN, orders
from domain.trade import Taken
from domain.values import SYSTEM, Actor
from tests.bdd import Given
from tests.domain.orders.shop import (
    ANA,
    BEN,
    BREAD_STOCK,
    CARA,
    DUE,
    ELSEWHERE,
    HOME,
    IDS,
    MILK_STOCK,
    NOON,
    ORDER,
    PAYMENT,
    STAN,
    TOTAL,
    answered_for,
    arrived,
    cancel,
    cancelled,
    confirmed,
    delivered,
    dispatched,
    packed,
    paid,
    place,
    placed,
    refund,
    requested,
)


def test_an_order_is_placed_once_and_its_parts_add_up():
    Given(orders).when(place()).then(placed())
    Given(orders, placed()).when(place()).then()


@pytest.mark.parametrize(
    "wrong", [{"total": TOTAL + 1}, {"tax": 53}, {"goods": 991}, {"discount": 1}, {"lines": ()}, {"delivery_tax": 400}]
)
def test_an_order_whose_parts_do_not_add_up_is_none(wrong: dict[str, object]):
    Given(orders).when(place(**wrong)).rejected("totals_wrong")


def test_nobody_buys_from_himself():
    Given(orders).when(place(buyer_id=ANA.id)).rejected("own_listing")


def test_a_payment_confirms_an_order_once():
    pay = c.ConfirmOrder(ORDER, PAYMENT, SYSTEM, NOON)
    Given(orders, placed()).when(pay).then(confirmed)
    Given(orders, *paid).when(pay).then()
    Given(orders, *arrived).when(pay).then()
    Given(orders, placed()).when(c.ConfirmOrder(ORDER, ORDER, SYSTEM, NOON)).rejected("payment_mismatch")


def test_staff_may_answer_for_a_payment_that_comes_later():
    answer = c.ConfirmOrder(ORDER, None, STAN, NOON)
    Given(orders, placed()).when(answer).then(answered_for)
    Given(orders, placed()).when(replace(answer, by=ANA)).rejected("not_yours")
    Given(orders, placed(), answered_for).when(c.ConfirmOrder(ORDER, PAYMENT, SYSTEM, NOON)).then(
        e.OrderPaid(ORDER, CARA.id, PAYMENT, NOON)
    )
    Given(orders, placed(), answered_for).when(cancel()).then(cancelled())  # nothing was paid through us, so nothing goes back


def test_money_that_comes_after_the_end_goes_back_once():
    late = e.OrderPaidLate(ORDER, CARA.id, PAYMENT, TOTAL, refund(2), NOON)
    Given(orders, placed(), cancelled()).when(c.ConfirmOrder(ORDER, PAYMENT, SYSTEM, NOON)).then(late)
    Given(orders, placed(), cancelled(), late).when(c.ConfirmOrder(ORDER, PAYMENT, SYSTEM, NOON)).then()


def test_what_is_unpaid_ends_when_its_time_is_over_and_nothing_else_does():
    over = c.ExpireOrder(ORDER, SYSTEM, DUE)
    unpaid = replace(cancelled(SYSTEM, e.Reason.UNPAID), at=DUE)
    Given(orders, placed()).when(over).then(unpaid)
    Given(orders, placed()).when(replace(over, now=DUE - timedelta(seconds=1))).then()
    Given(orders, *paid).when(over).then()
    Given(orders, placed(), unpaid).when(over).then()
    Given(orders, placed()).when(replace(over, by=STAN)).rejected("not_yours")


def test_an_order_goes_its_way_from_the_seller_to_the_buyer():
    Given(orders, *paid).when(c.PackOrder(ORDER, ANA, NOON)).then(packed)
    Given(orders, placed()).when(c.PackOrder(ORDER, ANA, NOON)).rejected("order_not_confirmed")
    Given(orders, *paid).when(c.PackOrder(ORDER, CARA, NOON)).rejected("not_yours")
    Given(orders, *paid, packed).when(c.DispatchOrder(ORDER, SYSTEM, NOON)).then(dispatched)
    Given(orders, *paid, packed, dispatched).when(c.DeliverOrder(ORDER, SYSTEM, NOON)).then(delivered)


def test_what_a_delivery_tells_may_come_twice_and_out_of_order():
    Given(orders, *paid, packed).when(c.DeliverOrder(ORDER, SYSTEM, NOON)).then(dispatched, delivered)
    Given(orders, *arrived).when(c.DispatchOrder(ORDER, SYSTEM, NOON)).then()
    Given(orders, *arrived).when(c.DeliverOrder(ORDER, SYSTEM, NOON)).then()


@pytest.mark.parametrize(
    ("by", "may"),
    [(CARA, (0, 1)), (ANA, (0, 1, 2)), (STAN, (0, 1, 2, 3)), (SYSTEM, (0, 1, 2, 3))],
    ids=["buyer", "seller", "staff", "service"],
)
def test_each_may_cancel_as_long_as_it_is_his_to_stop(by: Actor, may: tuple[int, ...]):
    for step in range(5):
        given = Given(orders, *arrived[: step + 1])
        if step in may:
            given.when(cancel(by)).then(cancelled(by, repaid=TOTAL if step else 0))
        else:
            given.when(cancel(by)).rejected("order_not_cancellable")
    Given(orders, placed()).when(cancel(BEN)).rejected("not_yours")


def test_pieces_that_are_cancelled_one_by_one_are_paid_back_to_the_last_cent():
    one = c.CancelLines(ORDER, (e.Part(1, 1),), e.Reason.OUT_OF_STOCK, ANA, NOON)
    first = e.OrderLinesCancelled(*IDS, one.parts, one.reason, ANA.id, (Taken(MILK_STOCK, 1),), 180, refund(1), PAYMENT, NOON)
    second = replace(first, refund_id=refund(2))
    Given(orders, *paid).when(one).then(first)
    Given(orders, *paid, first).when(one).then(second)
    rest = (Taken(MILK_STOCK, 1), Taken(BREAD_STOCK, 1))
    Given(orders, *paid, first, second).when(cancel()).then(cancelled(repaid=TOTAL - 360, taken=rest, number=3))
    all_of_it = c.CancelLines(ORDER, (e.Part(1, 1), e.Part(2, 1)), e.Reason.OUT_OF_STOCK, ANA, NOON)
    gone = cancelled(ANA, e.Reason.OUT_OF_STOCK, TOTAL - 360, rest, 3)
    Given(orders, *paid, first, second).when(all_of_it).then(gone)


@pytest.mark.parametrize(
    ("parts", "code", "pointer"),
    [
        (((9, 1),), "line_not_found", "/parts/0/line"),
        (((1, 4),), "quantity_invalid", "/parts/0/quantity"),
        (((2, 1), (2, 1)), "quantity_invalid", "/parts/1/quantity"),
        (((1, 0),), "quantity_invalid", "/parts/0/quantity"),
        (((1, -1),), "quantity_invalid", "/parts/0/quantity"),
        ((), "nothing_chosen", "/parts"),
    ],
)
def test_only_what_is_in_an_order_can_be_cancelled(parts: tuple[tuple[int, int], ...], code: str, pointer: str):
    wrong = c.CancelLines(ORDER, tuple(e.Part(*each) for each in parts), e.Reason.OTHER, CARA, NOON)
    Given(orders, *paid).when(wrong).rejected(code, pointer=pointer)


def test_an_address_changes_before_packing_within_reach_and_country():
    change = c.ChangeOrderAddress(ORDER, ELSEWHERE, CARA, NOON)
    Given(orders, *paid).when(change).then(e.OrderAddressChanged(ORDER, CARA.id, ELSEWHERE, CARA.id, NOON))
    Given(orders, *paid).when(replace(change, address=HOME)).then()
    Given(orders, *paid, packed).when(change).rejected("address_is_final")
    Given(orders, *paid).when(replace(change, covered=False)).rejected("outside_zone", pointer="/address")
    abroad = replace(change, address=replace(ELSEWHERE, country="DE", postal_code="10115"))
    Given(orders, *paid).when(abroad).rejected("country_is_final", pointer="/address/country")
    nowhere = replace(change, address=replace(ELSEWHERE, postal_code="SW1A"))
    Given(orders, *paid).when(nowhere).rejected("address_invalid", pointer="/address/postalCode")
    Given(orders, *paid).when(replace(change, by=ANA)).rejected("not_yours")


def test_goods_come_back_when_the_seller_has_them():
    ask = c.RequestReturn(ORDER, (e.Part(1, 2),), e.Reason.DAMAGED, CARA, NOON)
    Given(orders, *arrived).when(ask).then(requested)
    Given(orders, *paid).when(ask).rejected("order_not_delivered")
    take = c.AcceptReturn(ORDER, restock=False, by=ANA, now=NOON)
    returned = e.OrderReturned(*IDS, requested.parts, requested.reason, ANA.id, (), 360, refund(1), PAYMENT, NOON)
    Given(orders, *arrived, requested).when(take).then(returned)
    Given(orders, *arrived, requested).when(replace(take, restock=True)).then(replace(returned, given_back=(Taken(MILK_STOCK, 2),)))
    Given(orders, *arrived, requested).when(replace(take, by=CARA)).rejected("not_yours")
    Given(orders, *arrived).when(take).rejected("return_not_requested")
    rest = e.OrderReturnRequested(*IDS, (e.Part(1, 1), e.Part(2, 1)), e.Reason.DAMAGED, CARA.id, NOON)
    Given(orders, *arrived, requested, returned).when(replace(ask, parts=())).then(rest)
    whole = replace(returned, parts=rest.parts, refund=TOTAL - 360, refund_id=refund(2))
    Given(orders, *arrived, requested, returned, rest).when(take).then(whole)  # all of it was damaged: delivery was futile
    Given(orders, *arrived, requested, returned, rest, whole).offers(CARA)


def test_a_buyer_has_two_weeks_to_think_and_staff_have_longer():
    late = c.RequestReturn(ORDER, (), e.Reason.CHANGED_MIND, CARA, NOON + RETURN_WITHIN + timedelta(seconds=1))
    Given(orders, *arrived).when(late).rejected("return_window_over")
    wanted = e.OrderReturnRequested(*IDS, (e.Part(1, 3), e.Part(2, 1)), late.reason, STAN.id, late.now)
    Given(orders, *arrived).when(replace(late, by=STAN)).then(wanted)


def test_a_refused_return_may_be_asked_for_again():
    refused = e.OrderReturnRefused(*IDS, ANA.id, NOON, "Opened.")
    Given(orders, *arrived, requested).when(c.RefuseReturn(ORDER, "Opened.", ANA, NOON)).then(refused)
    Given(orders, *arrived, requested, refused).offers(CARA, "return")
