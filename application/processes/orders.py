"""What follows from what happens to orders: stock is sold or given back, a slot and a code are free again, money goes back."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from application.effects.effect import Deadline, Process
from domain.deliveries.commands import FreeSlot
from domain.orders.commands import ConfirmOrder, ExpireOrder, GiveBackCode
from domain.orders.events import OrderCancelled, OrderConfirmed, OrderLinesCancelled, OrderPaidLate, OrderPlaced, OrderReturned
from domain.payments.commands import RequestRefund
from domain.payments.events import PaymentCaptured
from domain.payments.purposes import ORDER
from domain.process import Owed
from domain.stock.commands import CommitStock, GiveBackStock
from domain.trade import Taken
from domain.values import SYSTEM

PAID_LATE = "paid_late"


def confirm(event: PaymentCaptured) -> Owed:
    """One payment pays the orders of all sellers of a checkout."""
    if event.purpose != ORDER:
        return []
    return [(each.order_id, ConfirmOrder(each.order_id, event.payment_id, SYSTEM, event.at)) for each in event.shares]


def unpaid(event: OrderPlaced) -> Owed:
    return [(event.order_id, ExpireOrder(event.order_id, SYSTEM, event.payment_due))]


def due(event: OrderPlaced) -> datetime:
    return event.payment_due


def sell(event: OrderConfirmed) -> Owed:
    return [(each.stock_id, CommitStock(each.stock_id, event.order_id, event.at)) for each in event.taken]


def call_off(event: OrderCancelled) -> Owed:
    id, now = event.order_id, event.at
    slot = [(event.slot_id, FreeSlot(event.slot_id, id, now))] if event.slot_id else []
    code = [(event.code_id, GiveBackCode(event.code_id, id, now))] if event.code_id else []
    return [*shelved(id, event.given_back, event.reason, now), *slot, *code, *repaid(event, event.reason)]


def call_off_in_part(event: OrderLinesCancelled) -> Owed:
    return [*shelved(event.order_id, event.given_back, event.reason, event.at), *repaid(event, event.reason)]


def take_back(event: OrderReturned) -> Owed:
    return [*shelved(event.order_id, event.given_back, event.reason, event.at), *repaid(event, event.reason)]


def send_back(event: OrderPaidLate) -> Owed:
    return repaid(event, PAID_LATE)


def shelved(order_id: UUID, given_back: Iterable[Taken], reason: str, now: datetime) -> Owed:
    return [(each.stock_id, GiveBackStock(each.stock_id, order_id, each.quantity, reason, now)) for each in given_back]


def repaid(event: OrderCancelled | OrderLinesCancelled | OrderReturned | OrderPaidLate, reason: str) -> Owed:
    """The order's events name their refunds, so that each is asked for once."""
    if not event.refund:
        return []
    return [(event.payment_id, RequestRefund(event.payment_id, event.refund_id, event.order_id, event.refund, reason, event.at))]


REACTIONS = (
    Process(PaymentCaptured, "confirm_orders", confirm),
    Deadline(OrderPlaced, "expire_order", due, unpaid),
    Process(OrderConfirmed, "sell_stock", sell),
    Process(OrderCancelled, "give_back", call_off),
    Process(OrderLinesCancelled, "give_back", call_off_in_part),
    Process(OrderReturned, "give_back", take_back),
    Process(OrderPaidLate, "refund", send_back),
)
