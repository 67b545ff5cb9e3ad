"""Who may do what with an order, and when: declared once, asked by its decider and by every query."""

from typing import Any

from domain.lifecycle import UNASKED, Lifecycle, step
from domain.orders.commands import (
    AcceptReturn,
    CancelLines,
    CancelOrder,
    ChangeOrderAddress,
    ConfirmOrder,
    DeliverOrder,
    DispatchOrder,
    ExpireOrder,
    PackOrder,
    RefuseReturn,
    RequestReturn,
)
from domain.orders.events import Status
from domain.orders.placed import RETURNED, RETURNING
from domain.values import SYSTEM, Actor, Role

BUYER = "buyer"
SELLER = "seller"
STAFF = "staff"
SERVICE = "service"

CREATED, CONFIRMED, PACKED, DISPATCHED, DELIVERED, CANCELLED = Status
ANY = {*Status, RETURNING, RETURNED}
ON_ITS_WAY = {PACKED, DISPATCHED, DELIVERED, RETURNING, RETURNED}

LIFECYCLE = Lifecycle(
    "order",
    [
        step("confirm", ConfirmOrder, {CREATED}, {STAFF}, "order_not_created"),
        step(UNASKED, ConfirmOrder, ANY, {SERVICE}, "order_not_created"),
        step(UNASKED, ExpireOrder, ANY, {SERVICE}, "order_not_created"),
        step("change-address", ChangeOrderAddress, {CREATED, CONFIRMED}, {BUYER, STAFF}, "address_is_final"),
        step("pack", PackOrder, {CONFIRMED}, {SELLER, STAFF}, "order_not_confirmed"),
        step("dispatch", DispatchOrder, {PACKED}, {SELLER, STAFF}, "order_not_packed"),
        step(UNASKED, DispatchOrder, ON_ITS_WAY, {SERVICE}, "order_not_packed"),
        step("deliver", DeliverOrder, {DISPATCHED}, {SELLER, STAFF}, "order_not_dispatched"),
        step(UNASKED, DeliverOrder, ON_ITS_WAY, {SERVICE}, "order_not_dispatched"),
        step("cancel-lines", CancelLines, {CONFIRMED}, {BUYER}, "order_not_cancellable"),
        step("cancel-lines", CancelLines, {CONFIRMED, PACKED}, {SELLER, STAFF}, "order_not_cancellable"),
        step("cancel", CancelOrder, {CREATED, CONFIRMED}, {BUYER}, "order_not_cancellable"),
        step("cancel", CancelOrder, {CREATED, CONFIRMED, PACKED}, {SELLER}, "order_not_cancellable"),
        step("cancel", CancelOrder, {CREATED, CONFIRMED, PACKED, DISPATCHED}, {STAFF}, "order_not_cancellable"),
        step(UNASKED, CancelOrder, {CREATED, CONFIRMED, PACKED, DISPATCHED, CANCELLED}, {SERVICE}, "order_not_cancellable"),
        step("return", RequestReturn, {DELIVERED}, {BUYER, STAFF}, "order_not_delivered"),
        step("accept-return", AcceptReturn, {RETURNING}, {SELLER, STAFF}, "return_not_requested"),
        step("refuse-return", RefuseReturn, {RETURNING}, {SELLER, STAFF}, "return_not_requested"),
    ],
)


def relations(buyer_id: Any, seller_id: Any, by: Actor) -> frozenset[str]:
    """What `by` is to an order. Staff who buy or sell are here buyer or seller alone."""
    if by == SYSTEM:
        return frozenset({SERVICE})
    own = frozenset(name for name, id in ((BUYER, buyer_id), (SELLER, seller_id)) if by.id == id)
    return own or (frozenset({STAFF}) if by.is_any(Role.STAFF, Role.ADMIN) else frozenset())


def next_actions(buyer_id: Any, seller_id: Any, stage: str, by: Actor) -> list[str]:
    """What `by` may do next with an order in this stage: for queries, from a read model's row."""
    return LIFECYCLE.actions(stage, relations(buyer_id, seller_id, by))
