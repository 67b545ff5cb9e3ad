"""On what terms a group buys: how much, by when, where it is picked up, and what a piece costs by the total."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from domain.decider import Rejected
from domain.goods import Tier
from domain.groups.commands import OpenGroup
from domain.groups.events import GroupOpened, PickupPlace, Visibility
from domain.text import line, said

FEE_RATE = 1_000
"""The platform's part of the price in basis points: 10 %."""

MOST_PIECES = 1_000_000
MOST_MONEY = 10**12
"""For all pieces together, in minor units."""

GATHERED_WITHIN = timedelta(days=180)
EXTENSION = timedelta(days=30)
PAID_WITHIN = timedelta(minutes=30)
PICKED_UP_WITHIN = timedelta(days=7)
"""After the last window."""

PICKUPS = 20
INVITED = 1_000
NAME_LIMIT = 120
ADDRESS_LIMIT = 300


def price_at(tiers: Iterable[Tier], price: int, minimum: int, quantity: int) -> int:
    """What a piece costs when the group takes so many; a group that takes fewer than its minimum takes none."""
    taken = max(quantity, minimum)
    return next((tier.price for tier in reversed(tuple(tiers)) if tier.quantity <= taken), price)


def fee_of(amount: int, rate: int) -> int:
    """The platform's part of it, half up; `rate` in basis points."""
    return (amount * rate + 5_000) // 10_000


def opened(command: OpenGroup) -> GroupOpened:
    if command.by.id != command.organiser_id:
        raise Rejected("not_yours", "A group is opened by its organiser.")
    if command.organiser_id == command.seller_id:
        raise Rejected("own_listing", "Nobody gathers buyers for his own goods.")
    quantities(command)
    if not command.now < command.deadline <= command.now + GATHERED_WITHIN:
        raise Rejected("deadline_invalid", f"It lies ahead, by {GATHERED_WITHIN.days} days at most.", pointer="/deadline")
    if len(command.invited) > INVITED or (command.invited and command.visibility is not Visibility.INVITED):
        raise Rejected("invitations_invalid", f"At most {INVITED}, to a group for the invited.", pointer="/invited")
    return GroupOpened(
        command.group_id,
        command.organiser_id,
        command.supplier_id,
        command.seller_id,
        command.listing_id,
        command.sku,
        command.title,
        command.category,
        command.currency,
        command.unit,
        command.minimum,
        command.maximum,
        command.least,
        command.most,
        command.tiers,
        command.price,
        command.deadline,
        places(command.pickups, command.deadline),
        command.visibility,
        tuple(dict.fromkeys(command.invited)),
        command.fee_rate,
        command.tax_class,
        command.lead_days,
        command.now,
        command.content,
    )


def quantities(command: OpenGroup) -> None:
    if command.minimum < command.least_order:
        raise Rejected("minimum_below_order", f"The supplier sends {command.least_order} pieces or more.", pointer="/minimum")
    if not 1 <= command.minimum <= command.maximum <= MOST_PIECES:
        raise Rejected("maximum_invalid", f"From the minimum to {MOST_PIECES} pieces.", pointer="/maximum")
    if not 1 <= command.least <= command.maximum:
        raise Rejected("limits_invalid", "From 1 piece to the maximum.", pointer="/least")
    if not command.least <= command.most <= command.maximum:
        raise Rejected("limits_invalid", "From what each member takes at least to the maximum.", pointer="/most")
    if command.maximum * command.price > MOST_MONEY:
        raise Rejected("maximum_invalid", f"All pieces together cost at most {MOST_MONEY} minor units.", pointer="/maximum")


def places(pickups: Iterable[PickupPlace], deadline: datetime) -> tuple[PickupPlace, ...]:
    """The pick-up places with tidy texts; `pickup_invalid` where one cannot be used."""
    found = tuple(tidy(each, f"/pickups/{number}") for number, each in enumerate(pickups))
    if not 1 <= len(found) <= PICKUPS or len({each.id for each in found}) < len(found):
        raise Rejected("pickup_invalid", f"From 1 to {PICKUPS} places, each with its own id.", pointer="/pickups")
    for number, each in enumerate(found):
        if not deadline <= each.opens_at < each.closes_at:
            raise Rejected("pickup_invalid", "Goods are handed over after the deadline.", pointer=f"/pickups/{number}/opensAt")
    return found


def tidy(pickup: PickupPlace, pointer: str) -> PickupPlace:
    name = said(line(pickup.name, NAME_LIMIT, f"{pointer}/name"), NAME_LIMIT, f"{pointer}/name")
    return replace(pickup, name=name, address=line(pickup.address, ADDRESS_LIMIT, f"{pointer}/address"))
