"""Ana gathers traders for maize that Sam sells in bulk; Ben, Cleo and Dan join. Commands with what does not matter filled in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.goods import TaxClass, Tier, Unit
from domain.groups import commands as c
from domain.groups import events as e
from domain.groups.contributions.contribution import due
from domain.groups.group import groups
from domain.groups.ids import quote_id, shipment_id
from domain.groups.standing import Group, Opened
from domain.groups.values import Failing, PickupPlace, Visibility
from domain.values import Actor, Place, Role, Value


def person(number: int, *roles: Role) -> Actor:
    return Actor(UUID(int=number), frozenset({Role.CUSTOMER, *roles}))


ANA, BEN, CLEO, DAN = (person(number) for number in (0xA1, 0xB1, 0xC1, 0xD1))
SAM = person(0x5A1, Role.SUPPLIER)
MORA, STAN = person(0x301, Role.MODERATOR), person(0x57A, Role.STAFF)

GROUP = UUID("018f0000-0000-7000-8000-0000000069a0")
QUOTE, SHIPMENT = quote_id(GROUP), shipment_id(GROUP)
SUPPLIER, MAIZE = UUID(int=0x5B), UUID(int=0x3A12E)
GATE, HALL = UUID(int=0x6A7E), UUID(int=0x4A11)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
PAY_BY = NOON + timedelta(minutes=30)
DEADLINE = NOON + timedelta(days=3)
WINDOW = DEADLINE + timedelta(days=10)
OVER = WINDOW + timedelta(hours=4)
HARARE = Place("ZW", "", "Harare", -17.86, 31.03)
PICKUPS = (
    PickupPlace(GATE, "Mbare market", "Gate 2", HARARE, WINDOW, OVER),
    PickupPlace(HALL, "Town hall", "", HARARE, WINDOW, OVER),
)
TIERS = (Tier(10, 900), Tier(20, 800))
"""A bag costs 1,000 by itself; the group takes from 10 to 20."""


def opened(**changed: Any) -> c.OpenGroup:
    given: dict[str, Any] = {
        "group_id": GROUP,
        "organiser_id": ANA.id,
        "supplier_id": SUPPLIER,
        "seller_id": SAM.id,
        "listing_id": MAIZE,
        "sku": "MAIZE-10",
        "title": "Maize meal, 10 kg",
        "category": "bulk-grains-flour",
        "currency": "USD",
        "unit": Unit.KILOGRAM,
        "minimum": 10,
        "maximum": 20,
        "least": 1,
        "most": 12,
        "tiers": TIERS,
        "price": 1_000,
        "deadline": DEADLINE,
        "pickups": PICKUPS,
        "visibility": Visibility.PUBLIC,
        "invited": (),
        "fee_rate": 1_000,
        "tax_class": TaxClass.STANDARD,
        "lead_days": 7,
        "by": ANA,
        "now": NOON,
    }
    return c.OpenGroup(**{**given, **changed})


def joins(who: Actor, quantity: int, now: datetime = NOON, pickup: UUID = GATE) -> c.JoinGroup:
    return c.JoinGroup(GROUP, who.id, quantity, pickup, who, now)


def changes(who: Actor, quantity: int, now: datetime = NOON) -> c.ChangeQuantity:
    return c.ChangeQuantity(GROUP, who.id, quantity, who, now)


def leaves(who: Actor, now: datetime = NOON, by: Actor | None = None) -> c.LeaveGroup:
    return c.LeaveGroup(GROUP, who.id, by or who, now)


def lapses(who: Actor, now: datetime = PAY_BY) -> c.LapseMember:
    return c.LapseMember(GROUP, who.id, now)


def payment(who: Actor, number: int = 1) -> UUID:
    return uuid5(GROUP, f"payment {who.id} {number}")


def asks(who: Actor, paid_amount: int, now: datetime = NOON, number: int = 1, **changed: Any) -> c.RequestContribution:
    given: dict[str, Any] = {"paid_currency": "USD", "paid_amount": paid_amount, "rate": None, **changed}
    return c.RequestContribution(GROUP, who.id, payment(who, number), now=now, **given)


def pays(who: Actor, amount: int, now: datetime = NOON, number: int = 1, currency: str = "USD") -> c.ConfirmContribution:
    return c.ConfirmContribution(GROUP, who.id, payment(who, number), amount, currency, now)


def closes(now: datetime = DEADLINE) -> c.CloseGathering:
    return c.CloseGathering(GROUP, now)


def fails(reason: Failing, now: datetime = DEADLINE) -> c.FailGroup:
    return c.FailGroup(GROUP, reason, now)


def agrees(price: int, now: datetime = DEADLINE) -> c.AcceptGroup:
    return c.AcceptGroup(GROUP, QUOTE, price, 7, now)


def ships(status: Any, now: datetime = WINDOW) -> c.NoteShipment:
    return c.NoteShipment(GROUP, SHIPMENT, status, now)


def collects(who: Actor, quantity: int, now: datetime = WINDOW) -> c.NoteCollected:
    return c.NoteCollected(GROUP, who.id, UUID(int=1), quantity, now)


def refunds(owing: e.Owing, now: datetime = DEADLINE) -> c.RecordRefund:
    return c.RecordRefund(GROUP, owing.member_id, owing.payment_id, owing.refund_id, now)


def refund_fails(owing: e.Owing, now: datetime = DEADLINE, code: str = "account_closed") -> c.FailMemberRefund:
    return c.FailMemberRefund(GROUP, owing.member_id, owing.payment_id, owing.refund_id, now, code)


class Contributes(Value, frozen=True):
    """Somebody is asked to pay what is due, and pays it."""

    who: Actor
    now: datetime = NOON

    def commands(self, group: Group) -> list[Any]:
        assert isinstance(group, Opened)
        amount = due(group, self.who.id, self.now).amount
        return [asks(self.who, amount, self.now), pays(self.who, amount, self.now)]


def after(*commands: Any) -> list[Any]:
    """What has happened once all of this was asked."""
    history: list[Any] = []
    for given in commands:
        state = groups.fold(history)
        for command in given.commands(state) if isinstance(given, Contributes) else [given]:
            history += groups.decide(command, groups.fold(history))
    return history


def taken(who: Actor, quantity: int, now: datetime = NOON) -> tuple[c.JoinGroup, Contributes]:
    """Somebody joins and pays at once."""
    return joins(who, quantity, now), Contributes(who, now)


def stand(*commands: Any) -> Opened:
    state = groups.fold(after(*commands))
    assert isinstance(state, Opened)
    return state
