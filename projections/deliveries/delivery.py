"""Each delivery as buyer, seller, courier and staff see it: where it goes, who has it, what came of it."""

from datetime import datetime
from functools import reduce
from operator import and_
from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from domain.deliveries.delivery import ATTEMPTS, IN_HAND
from domain.deliveries.events import (
    AFTER,
    DeliveryAssigned,
    DeliveryCodeRefused,
    DeliveryDelivered,
    DeliveryEvent,
    DeliveryFailed,
    DeliveryLocated,
    DeliveryOpened,
    DeliveryPickedUp,
    DeliveryRecalled,
    DeliveryRetried,
    FailureReason,
    Status,
)
from domain.trade import Spot
from domain.values import Actor, Address, Erased, Role, Value, clear
from projections.sql import ALL, Order, Where, equals
from projections.view import View

T = TypeVar("T")


class Proof(Value, frozen=True):
    """How it was handed over: by the buyer's code, to whom, and with which photo."""

    by_code: bool
    received_by: str
    photo: str


class Failure(Value, frozen=True):
    reason: FailureReason
    note: str
    at: datetime


class DeliveryPage(Value, frozen=True):
    """`address` and `spot` are null once the buyer is forgotten; `attempts` counts those that failed, `failure` is the last."""

    id: UUID
    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    courier_id: UUID | None
    zone_id: UUID | None
    status: Status
    address: Address | None
    spot: Spot | None
    time_zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    opened_at: datetime
    changed_at: datetime
    attempts: int = 0
    failure: Failure | None = None
    picked_up_at: datetime | None = None
    delivered_at: datetime | None = None
    proof: Proof | None = None


def evolve(page: DeliveryPage | None, event: DeliveryEvent) -> DeliveryPage | None:
    if isinstance(event, DeliveryOpened):
        return begin(event)
    if page is None:
        return None  # called off before it was opened
    changed = replace(page, status=AFTER.get(type(event), page.status), changed_at=event.at)
    match event:
        case DeliveryLocated(spot=spot):
            return replace(changed, spot=known(spot))
        case DeliveryAssigned(courier_id=courier):
            return replace(changed, courier_id=courier)
        case DeliveryPickedUp(at=at):
            return replace(changed, picked_up_at=at)
        case DeliveryDelivered():
            proof = Proof(event.by_code, clear(event.received_by), event.photo)
            return replace(changed, delivered_at=event.at, proof=proof)
        case DeliveryFailed():
            return replace(changed, attempts=event.attempt, failure=Failure(event.reason, clear(event.note), event.at))
        case DeliveryRetried():
            return replace(changed, starts_at=event.starts_at, ends_at=event.ends_at, picked_up_at=None)
        case DeliveryRecalled():
            return replace(changed, attempts=ATTEMPTS)
        case _:
            return changed


def begin(opened: DeliveryOpened) -> DeliveryPage:
    return DeliveryPage(
        opened.delivery_id,
        opened.order_id,
        opened.buyer_id,
        opened.seller_id,
        None,
        opened.zone_id,
        Status.OPEN,
        known(opened.address),
        known(opened.spot),
        opened.time_zone,
        opened.starts_at,
        opened.ends_at,
        opened_at=opened.at,
        changed_at=opened.at,
    )


def known(value: T | Erased) -> T | None:
    return None if isinstance(value, Erased) else value


def delivery_of(event: DeliveryEvent) -> UUID:
    return event.delivery_id


# Every event of the stream, so that the row's version is the stream's and serves as its ETag.
EVENTS = (*AFTER, DeliveryLocated, DeliveryCodeRefused)

view = View(
    "deliveries",
    DeliveryPage,
    key=delivery_of,
    evolve=evolve,
    events=EVENTS,
    columns={
        "order_id": "uuid",
        "buyer_id": "uuid",
        "seller_id": "uuid",
        "courier_id": "uuid",
        "zone_id": "uuid",
        "status": "text",
        "time_zone": "text",
        "starts_at": "timestamptz",
        "ends_at": "timestamptz",
        "opened_at": "timestamptz",
    },
    indexes=(
        "opened_at DESC, key DESC",
        "status, opened_at DESC, key DESC",
        "buyer_id, opened_at DESC, key DESC",
        "seller_id, opened_at DESC, key DESC",
        "courier_id, opened_at DESC, key DESC",
        "order_id",
        "zone_id, status, opened_at, key",
    ),
)

NEWEST_FIRST = Order(("opened_at",))
OLDEST_FIRST = Order(("opened_at",), descending=False)


def visible_to(by: Actor) -> Where:
    """Buyers, sellers and couriers see their own; staff and auditors see all."""
    if by.is_any(Role.STAFF, Role.ADMIN, Role.AUDITOR):
        return ALL
    return Where("buyer_id = %(caller)s OR seller_id = %(caller)s OR courier_id = %(caller)s", {"caller": by.id})


def asked_for(order: UUID | None, courier: UUID | None, zone: UUID | None, status: Status | None) -> Where:
    wanted = {"order_id": order, "courier_id": courier, "zone_id": zone, "status": status}
    return reduce(and_, (equals(column, value) for column, value in wanted.items() if value is not None), ALL)


def in_hand_of(courier_id: UUID) -> Where:
    """What the courier carries, is to fetch, or has to bring back."""
    return Where("courier_id = %(courier)s AND status = ANY(%(in_hand)s)", {"courier": courier_id, "in_hand": sorted(IN_HAND)})


def waiting_in(zones: tuple[UUID, ...]) -> Where:
    return Where("status = 'OPEN' AND zone_id = ANY(%(zones)s::uuid[])", {"zones": list(zones)})
