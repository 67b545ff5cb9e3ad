"""Groups as they stand for journeys that begin there: opened, joined and paid for by commands, without anybody's shop or bank."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from application.ports import Meta
from domain.goods import TaxClass, Tier, Unit
from domain.groups.commands import ConfirmContribution, OpenGroup, RequestContribution
from domain.groups.contributions.contribution import due
from domain.groups.group import groups
from domain.groups.standing import Opened
from domain.groups.values import PickupPlace, Visibility
from domain.values import SYSTEM, Actor, Place, Value
from tests.journeys.town import Person, Town

HARARE = Place("ZW", "", "Harare", -17.8292, 31.0522)
BULAWAYO = Place("ZW", "", "Bulawayo", -20.1325, 28.6265)
TIERS = (Tier(10, 900), Tier(20, 800))
"""A bag costs 10.00 USD by itself, 9.00 from 10 on and 8.00 from 20 on."""


def opened(town: Town, organiser: Person, seller_id: UUID | None = None, **changed: Any) -> UUID:
    """From 10 to 20 bags of maize meal within three days, picked up in Harare."""
    group, now = uuid4(), town.clock()
    deadline = changed.pop("deadline", now + timedelta(days=3))
    place = changed.pop("place", HARARE)
    pickup = PickupPlace(gate(group), "Mbare market", "Gate 2", place, deadline + timedelta(days=9), deadline + timedelta(days=10))
    given: dict[str, Any] = {
        "group_id": group,
        "organiser_id": UUID(organiser.id),
        "supplier_id": uuid4(),
        "seller_id": seller_id or uuid4(),
        "listing_id": uuid4(),
        "sku": "MAIZE-10",
        "title": "Maize meal, 10 kg",
        "category": "bulk-grains-flour",
        "currency": "USD",
        "unit": Unit.KILOGRAM,
        "minimum": 10,
        "maximum": 20,
        "least": 1,
        "most": 20,
        "tiers": TIERS,
        "price": 1_000,
        "deadline": deadline,
        "pickups": (pickup,),
        "visibility": Visibility.PUBLIC,
        "invited": (),
        "fee_rate": 1_000,
        "tax_class": TaxClass.STANDARD,
        "lead_days": 7,
        "by": Actor(UUID(organiser.id)),
        "now": now,
    }
    give(town, group, OpenGroup(**{**given, **changed}))
    return group


def gate(group: UUID) -> UUID:
    return uuid5(group, "gate")


def join(member: Person, group: UUID, quantity: int) -> Any:
    return member.ask("POST", f"/v1/groups/{group}/join", {"quantity": quantity, "pickupId": str(gate(group))})


def joined(member: Person, group: UUID, quantity: int) -> None:
    assert join(member, group, quantity).status_code == 200


def paid(member: Person, group: UUID, quantity: int) -> None:
    """Joined, and paid at once."""
    joined(member, group, quantity)
    pay(member.town, group, UUID(member.id))


def pay(town: Town, group: UUID, member: UUID) -> None:
    state, now, payment = town.container.handle.state(group, groups), town.clock(), uuid4()
    assert isinstance(state, Opened)
    amount = due(state, member, now).amount
    give(town, group, RequestContribution(group, member, payment, "USD", amount, None, now))
    give(town, group, ConfirmContribution(group, member, payment, amount, "USD", now))


def give(town: Town, stream: UUID, command: Value) -> None:
    command_id = uuid4()
    town.container.handle(stream, command, Meta(command_id, SYSTEM.id, command_id))
