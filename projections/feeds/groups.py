"""The feed of groups: how public groups come about and what becomes of them, by numbers alone; who takes part stays private."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.goods import Tier
from domain.groups import events
from domain.groups.contributions.events import ContributionPaid
from domain.groups.values import Failing, Locking, Visibility
from domain.values import Place, Value
from projections.view import Feed


class GroupOpened(Value, frozen=True):
    """People may join from now on. Prices are of one piece, in minor units; `places` are where the goods can be picked up."""

    group_id: UUID
    listing_id: UUID
    sku: str
    title: str
    category: str
    currency: str
    minimum: int
    maximum: int
    price: int
    tiers: tuple[Tier, ...]
    deadline: datetime
    places: tuple[Place, ...]


class DeadlineExtended(Value, frozen=True):
    group_id: UUID
    deadline: datetime


class ReservationsChanged(Value, frozen=True):
    """So many pieces are reserved now, paid or not."""

    group_id: UUID
    reserved: int


class ContributionsChanged(Value, frozen=True):
    """So many pieces are paid for now."""

    group_id: UUID
    paid: int


class MinimumReached(Value, frozen=True):
    group_id: UUID
    paid: int


class GroupLocked(Value, frozen=True):
    """Nobody joins any more: so many pieces are bought, at this price for one."""

    group_id: UUID
    quantity: int
    price: int
    reason: Locking


class GroupAccepted(Value, frozen=True):
    """Group and supplier agree on this price for one piece."""

    group_id: UUID
    price: int
    lead_days: int


class GroupShipped(Value, frozen=True):
    group_id: UUID


class GroupDelivered(Value, frozen=True):
    group_id: UUID


class PickUpOpened(Value, frozen=True):
    group_id: UUID
    ends_at: datetime


class GroupCompleted(Value, frozen=True):
    group_id: UUID


class GroupFailed(Value, frozen=True):
    """Everybody gets his money back."""

    group_id: UUID
    reason: Failing


class GroupClosed(Value, frozen=True):
    """A failed group that owes nothing to anybody any more."""

    group_id: UUID


class Known(Value, frozen=True):
    """Whether the group is listed."""

    public: bool


def evolve(known: Known | None, event: Value) -> Known | None:
    return Known(event.visibility == Visibility.PUBLIC) if isinstance(event, events.GroupOpened) else known


def public(known: Known | None, event: Value) -> Value | None:
    if isinstance(event, events.GroupOpened):
        return opened(event) if event.visibility == Visibility.PUBLIC else None
    return told(event) if known is not None and known.public else None


def opened(event: events.GroupOpened) -> GroupOpened:
    return GroupOpened(
        event.group_id,
        event.listing_id,
        event.sku,
        event.title,
        event.category,
        event.currency,
        event.minimum,
        event.maximum,
        event.price,
        event.tiers,
        event.deadline,
        tuple(each.place for each in event.pickups),
    )


def told(event: Value) -> Value | None:
    match event:
        case events.MemberJoined() | events.QuantityChanged() | events.MemberLeft():
            return ReservationsChanged(event.group_id, event.reserved)
        case ContributionPaid(group_id=group, paid=paid):
            return ContributionsChanged(group, paid)
        case events.MinimumReached(group_id=group, paid=paid):
            return MinimumReached(group, paid)
        case events.DeadlineExtended(group_id=group, deadline=deadline):
            return DeadlineExtended(group, deadline)
        case events.GroupLocked(group_id=group, quantity=quantity, price=price, reason=reason):
            return GroupLocked(group, quantity, price, reason)
        case events.GroupAccepted(group_id=group, price=price, lead_days=lead_days):
            return GroupAccepted(group, price, lead_days)
        case events.PickUpOpened(group_id=group, ends_at=ends_at):
            return PickUpOpened(group, ends_at)
        case events.GroupFailed(group_id=group, reason=reason):
            return GroupFailed(group, reason)
        case _:
            return step(event)


STEPS: Mapping[type[Value], type[Any]] = {
    events.GroupShipped: GroupShipped,
    events.GroupDelivered: GroupDelivered,
    events.GroupCompleted: GroupCompleted,
    events.GroupClosed: GroupClosed,
}
"""What is told of by its name alone."""


def step(event: Any) -> Value | None:
    payload = STEPS.get(type(event))
    return None if payload is None else payload(event.group_id)


def group_of(event: Any) -> UUID:
    return event.group_id


groups: Feed[Known] = Feed(
    "groups",
    "Public groups from the opening to the pick-up: opened, filling, locked, accepted, shipped, completed, failed.",
    known=Known,
    key=group_of,
    evolve=evolve,
    public=public,
    events=(
        events.GroupOpened,
        events.DeadlineExtended,
        events.MemberJoined,
        events.QuantityChanged,
        events.MemberLeft,
        ContributionPaid,
        events.MinimumReached,
        events.GroupLocked,
        events.GroupAccepted,
        events.GroupShipped,
        events.GroupDelivered,
        events.PickUpOpened,
        events.GroupCompleted,
        events.GroupFailed,
        events.GroupClosed,
    ),
    payloads=(
        GroupOpened,
        DeadlineExtended,
        ReservationsChanged,
        ContributionsChanged,
        MinimumReached,
        GroupLocked,
        GroupAccepted,
        GroupShipped,
        GroupDelivered,
        PickUpOpened,
        GroupCompleted,
        GroupFailed,
        GroupClosed,
    ),
)
