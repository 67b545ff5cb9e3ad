"""An order: bought from one seller, paid or let go, packed, dispatched and delivered; what does not come is given back.

Stock, slot, code and money are other streams: an order's events say what each of them gets back, and it says so once.
"""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.orders.address import deliverable
from domain.orders.commands import (
    AcceptReturn,
    CancelLines,
    CancelOrder,
    ChangeOrder,
    ChangeOrderAddress,
    ConfirmOrder,
    DeliverOrder,
    DispatchOrder,
    ExpireOrder,
    OrderCommand,
    PackOrder,
    PlaceOrder,
    RefuseReturn,
    RequestReturn,
)
from domain.orders.events import (
    AFTER,
    OrderAddressChanged,
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderDispatched,
    OrderEvent,
    OrderLinesCancelled,
    OrderPacked,
    OrderPaid,
    OrderPaidLate,
    OrderPlaced,
    OrderReturned,
    OrderReturnRefused,
    OrderReturnRequested,
    Reason,
)
from domain.orders.lifecycle import CANCELLED, CONFIRMED, CREATED, DELIVERED, DISPATCHED, LIFECYCLE, PACKED, next_actions, relations
from domain.orders.placed import (
    Placed,
    Return,
    Unplaced,
    chosen,
    everything,
    owed_for,
    taken,
    without,
    worth,
)
from domain.orders.placing import place
from domain.text import lines
from domain.values import SYSTEM, Actor

NOTE_LIMIT = 1_000
RETURN_WITHIN = timedelta(days=14)
"""For the buyer, from delivery on; staff may take goods back at any time."""

Order = Unplaced | Placed


def decide(command: OrderCommand, order: Order) -> list[OrderEvent]:
    match command, order:
        case PlaceOrder(), Unplaced():
            return [place(command)]
        case PlaceOrder(), Placed():
            return []  # asked twice: already so
        case _, Unplaced():
            raise Rejected("order_not_found")
        case _, Placed():
            LIFECYCLE.check(command, order.stage, relations(order.buyer_id, order.seller_id, command.by))
            return change(command, order)


def change(command: ChangeOrder, order: Placed) -> list[OrderEvent]:
    """What a command that the lifecycle allows leads to."""
    match command:
        case ConfirmOrder():
            return confirm(command, order)
        case ExpireOrder():
            due = order.status is CREATED and command.now >= order.payment_due
            return [cancelled(order, CancelOrder(order.order_id, Reason.UNPAID, command.by, command.now))] if due else []
        case ChangeOrderAddress():
            return change_address(command, order)
        case PackOrder():
            return [packed(command, order)]
        case DispatchOrder():
            return [dispatched(command, order)] if order.status is PACKED else []
        case DeliverOrder():
            return deliver(command, order)
        case CancelLines():
            return cancel_lines(command, order)
        case CancelOrder():
            return [] if order.status is CANCELLED else [cancelled(order, command)]
        case RequestReturn():
            return request_return(command, order)
        case AcceptReturn():
            return accept_return(command, order)
        case RefuseReturn():
            return [
                OrderReturnRefused(order.order_id, order.buyer_id, order.seller_id, command.by.id, command.now, note=noted(command.note))
            ]


def confirm(command: ConfirmOrder, order: Placed) -> list[OrderEvent]:
    id, buyer, payment, now = order.order_id, order.buyer_id, order.payment_id, command.now
    if command.payment_id not in {None, payment}:
        raise Rejected("payment_mismatch", "This is not the payment of the order.")
    by_service = command.by == SYSTEM
    if order.status is CREATED:
        return [OrderConfirmed(id, buyer, order.seller_id, payment, taken(order, everything(order)), command.by.id, now)]
    if order.paid or not by_service:
        return []
    if order.status is CANCELLED:
        return [OrderPaidLate(id, buyer, payment, order.total, order.refund_id, now)]
    return [OrderPaid(id, buyer, payment, now)]


def change_address(command: ChangeOrderAddress, order: Placed) -> list[OrderEvent]:
    address = deliverable(command.address)
    if address == order.address and command.spot == order.spot:
        return []
    if not command.covered:
        raise Rejected("outside_zone", "The booked delivery does not reach this address.", pointer="/address")
    if getattr(order.address, "country", address.country) != address.country:
        raise Rejected("country_is_final", "Taxes follow the country: cancel and order anew.", pointer="/address/country")
    return [OrderAddressChanged(order.order_id, order.buyer_id, address, command.by.id, command.now, command.spot)]


def packed(command: PackOrder, order: Placed) -> OrderPacked:
    return OrderPacked(
        order.order_id,
        order.buyer_id,
        order.seller_id,
        order.address,
        command.by.id,
        command.now,
        order.contact,
        order.spot,
        order.slot_id,
        order.starts_at,
        order.ends_at,
        order.zone,
        order.timezone,
    )


def dispatched(command: DispatchOrder | DeliverOrder, order: Placed) -> OrderDispatched:
    return OrderDispatched(order.order_id, order.buyer_id, order.seller_id, command.by.id, command.now)


def deliver(command: DeliverOrder, order: Placed) -> list[OrderEvent]:
    """A delivery's steps may be told out of order: what is delivered was dispatched."""
    delivered = OrderDelivered(order.order_id, order.buyer_id, order.seller_id, command.by.id, command.now, order.payment_id)
    if order.status is PACKED:
        return [dispatched(command, order), delivered]
    return [delivered] if order.status is DISPATCHED else []


def cancel_lines(command: CancelLines, order: Placed) -> list[OrderEvent]:
    parts = chosen(order, command.parts)
    if not parts:
        raise Rejected("nothing_chosen", "Say what is to be cancelled.", pointer="/parts")
    if parts == everything(order):
        return [cancelled(order, CancelOrder(order.order_id, command.reason, command.by, command.now, command.note))]
    return [
        OrderLinesCancelled(
            order.order_id,
            order.buyer_id,
            order.seller_id,
            parts,
            command.reason,
            command.by.id,
            taken(order, parts),
            worth(order, parts) if order.paid else 0,
            order.refund_id,
            order.payment_id,
            command.now,
            noted(command.note),
        )
    ]


def cancelled(order: Placed, command: CancelOrder) -> OrderCancelled:
    """A slot is free again, and a code unused where nothing was paid; `given_back` is what was not given back before."""
    return OrderCancelled(
        order.order_id,
        order.buyer_id,
        order.seller_id,
        command.reason,
        command.by.id,
        taken(order, everything(order)),
        order.slot_id,
        order.code_id,
        order.total - order.refunded if order.paid else 0,
        order.refund_id,
        order.payment_id,
        command.now,
        order.checkout_id,
        noted(command.note),
    )


def request_return(command: RequestReturn, order: Placed) -> list[OrderEvent]:
    over = order.delivered_at is not None and command.now > order.delivered_at + RETURN_WITHIN
    if over and command.by.id == order.buyer_id:
        raise Rejected("return_window_over", f"Goods are taken back within {RETURN_WITHIN.days} days.")
    parts = chosen(order, command.parts) or everything(order)
    id, buyer, seller = order.order_id, order.buyer_id, order.seller_id
    return [OrderReturnRequested(id, buyer, seller, parts, command.reason, command.by.id, command.now, noted(command.note))]


def accept_return(command: AcceptReturn, order: Placed) -> list[OrderEvent]:
    if order.returning is None:
        return []
    parts, reason = order.returning.parts, order.returning.reason
    return [
        OrderReturned(
            order.order_id,
            order.buyer_id,
            order.seller_id,
            parts,
            reason,
            command.by.id,
            taken(order, parts) if command.restock else (),
            owed_for(order, parts, reason),
            order.refund_id,
            order.payment_id,
            command.now,
        )
    ]


def noted(note: str) -> str:
    return lines(note, NOTE_LIMIT, "/note")


def evolve(order: Order, event: OrderEvent) -> Order:
    match event, order:
        case OrderPlaced(), _:
            return begin(event)
        case OrderConfirmed(by=by), Placed():
            return replace(order, status=CONFIRMED, paid=by == SYSTEM.id)
        case OrderPaid(), Placed():
            return replace(order, paid=True)
        case OrderPaidLate(refund=refund), Placed():
            return replace(order, paid=True, refunded=order.refunded + refund, refunds=order.refunds + 1)
        case OrderAddressChanged(address=address, spot=spot), Placed():
            return replace(order, address=address, spot=spot)
        case OrderDelivered(at=at), Placed():
            return replace(order, status=DELIVERED, delivered_at=at)
        case OrderLinesCancelled() | OrderReturned(), Placed():
            gone = without(order.gone, event.parts)
            return replace(order, gone=gone, refunded=order.refunded + event.refund, refunds=order.refunds + 1, returning=None)
        case OrderCancelled(refund=refund), Placed():
            gone = without(order.gone, everything(order))
            return replace(order, status=CANCELLED, gone=gone, refunded=order.refunded + refund, refunds=order.refunds + 1)
        case OrderReturnRequested(parts=parts, reason=reason), Placed():
            return replace(order, returning=Return(parts, reason))
        case OrderReturnRefused(), Placed():
            return replace(order, returning=None)
        case ((OrderPacked() | OrderDispatched()), Placed()):
            return replace(order, status=AFTER[type(event)])
        case _:
            return order


def begin(placed: OrderPlaced) -> Placed:
    return Placed(
        placed.order_id,
        placed.checkout_id,
        placed.buyer_id,
        placed.seller_id,
        CREATED,
        placed.currency,
        placed.lines,
        placed.delivery_fee,
        placed.total,
        placed.address,
        placed.contact,
        placed.payment_id,
        placed.payment_due,
        placed.spot,
        placed.slot_id,
        placed.starts_at,
        placed.ends_at,
        placed.zone,
        placed.timezone,
        placed.code_id,
    )


def actions(order: Any, by: Actor) -> list[str]:
    return next_actions(order.buyer_id, order.seller_id, order.stage, by) if isinstance(order, Placed) else []


orders = Decider("order", Unplaced(), decide, evolve, actions=actions)
