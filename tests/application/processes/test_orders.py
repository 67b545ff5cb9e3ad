"""What follows from an order's events in the streams of stock, slots, codes and payments."""

from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from domain.deliveries.commands import CancelDelivery, FreeSlot
from domain.deliveries.delivery import delivery_id
from domain.orders import events as e
from domain.orders.commands import ConfirmOrder, ExpireOrder, GiveBackCode
from domain.payments.commands import RequestRefund
from domain.payments.events import PaymentCaptured
from domain.stock.commands import CommitStock, GiveBackStock
from domain.trade import Share
from domain.values import SYSTEM
from tests.bdd import Happened
from tests.domain.orders.shop import (
    ALL,
    ANA,
    BREAD_STOCK,
    CARA,
    CHECKOUT,
    CODE,
    DUE,
    IDS,
    MILK_STOCK,
    NOON,
    ORDER,
    PAYMENT,
    SLOT,
    TOTAL,
    cancelled,
    confirmed,
    placed,
    refund,
)

BACK = [
    (MILK_STOCK, GiveBackStock(MILK_STOCK, ORDER, 3, "other", NOON)),
    (BREAD_STOCK, GiveBackStock(BREAD_STOCK, ORDER, 1, "other", NOON)),
    (SLOT, FreeSlot(SLOT, ORDER, NOON)),
    (CODE, GiveBackCode(CODE, ORDER, NOON)),
]
UNDELIVERED = (delivery_id(ORDER), CancelDelivery(delivery_id(ORDER), ORDER, SYSTEM, NOON))


def repaid(amount: int, reason: str = "other", number: int = 1) -> tuple[UUID, RequestRefund]:
    return PAYMENT, RequestRefund(PAYMENT, refund(number), ORDER, amount, reason, NOON)


def test_a_payment_confirms_the_orders_of_all_sellers():
    other = replace(confirmed, order_id=CHECKOUT).order_id
    shares = (Share(ORDER, ANA.id, TOTAL), Share(other, CARA.id, 1))
    captured = PaymentCaptured(PAYMENT, CHECKOUT, CARA.id, "CHF", TOTAL + 1, 0, shares, "ref", NOON)
    Happened(captured).then(
        (ORDER, ConfirmOrder(ORDER, PAYMENT, SYSTEM, NOON)),
        (other, ConfirmOrder(other, PAYMENT, SYSTEM, NOON)),
    )


def test_an_order_that_is_paid_takes_its_goods_off_the_shelf():
    Happened(confirmed).then(*((each.stock_id, CommitStock(each.stock_id, ORDER, NOON)) for each in ALL))


def test_an_order_has_a_time_in_which_to_be_paid():
    Happened(placed()).later(DUE, (ORDER, ExpireOrder(ORDER, SYSTEM, DUE)))
    Happened(placed()).later(DUE + timedelta(seconds=1))


def test_what_is_cancelled_gives_everything_back():
    Happened(cancelled()).then(*BACK, UNDELIVERED)
    Happened(cancelled(repaid=TOTAL)).then(*BACK, repaid(TOTAL), UNDELIVERED)
    bare = replace(cancelled(taken=()), slot_id=None, code_id=None)
    Happened(bare).then(UNDELIVERED)


def test_what_is_cancelled_or_returned_in_part_gives_that_part_back():
    given = (ALL[1],)
    part = e.OrderLinesCancelled(*IDS, (e.Part(2, 1),), e.Reason.OTHER, ANA.id, given, 450, refund(1), PAYMENT, NOON)
    Happened(part).then(BACK[1], repaid(450))
    returned = e.OrderReturned(*IDS, (e.Part(2, 1),), e.Reason.OTHER, ANA.id, given, 450, refund(2), PAYMENT, NOON)
    Happened(returned).then(BACK[1], repaid(450, number=2))
    Happened(replace(returned, given_back=(), refund=0)).then()


def test_money_that_comes_too_late_goes_back():
    Happened(e.OrderPaidLate(ORDER, CARA.id, PAYMENT, TOTAL, refund(2), NOON)).then(repaid(TOTAL, "paid_late", 2))
