"""A group's till: members join and pay, and what the books say of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from application.ports import Meta
from domain.groups import commands as c
from domain.groups.ids import quote_id, shipment_id
from domain.values import SYSTEM
from tests.journeys.groups.bazaar import Bazaar
from tests.journeys.town import Person

VISA = "4242424242424242"


def gathering(bazaar: Bazaar, **terms: Any) -> str:
    """Sacks of maize, 50 at least and 200 at most, until tomorrow."""
    at = bazaar.clock()
    body = {
        "listingId": bazaar.maize,
        "minimum": 50,
        "maximum": 200,
        "deadline": (at + timedelta(days=1)).isoformat(),
        "pickups": [{"name": "Gate 2", "opensAt": (at + timedelta(days=9)).isoformat(), "closesAt": (at + timedelta(days=10)).isoformat()}],
        **terms,
    }
    return bazaar.farai.post("/v1/groups", body, 201)["id"]


def pickup(by: Person, group: str) -> str:
    return by.get(f"/v1/groups/{group}")["pickups"][0]["id"]


def joined(by: Person, group: str, quantity: int) -> None:
    by.post(f"/v1/groups/{group}/join", {"quantity": quantity, "pickupId": pickup(by, group)})


def contribute(by: Person, group: str, method: str = VISA, status: int = 201, key: str = "", **more: Any) -> Any:
    body = {"provider": "sandbox", "method": method, **more}
    return by.post(f"/v1/groups/{group}/contributions", body, status, Idempotency_Key=key or str(uuid4()))


def paid(by: Person, group: str, quantity: int, method: str = VISA, **more: Any) -> str:
    """A member who has joined and paid; the payment's id."""
    joined(by, group, quantity)
    id = contribute(by, group, method, **more)["paymentId"]
    by.town.settle()
    return id


def money(by: Person, group: str) -> Any:
    return by.get(f"/v1/groups/{group}/money")["items"]


def amounts(found: Mapping[str, Any]) -> dict[str, int]:
    return {name: each["amount"] for name, each in found.items() if each["amount"]}


def balanced(admin: Person) -> bool:
    return admin.get("/v1/ledger/trial-balance")["balanced"]


def tell(bazaar: Bazaar, group: str, command: Any) -> None:
    bazaar.container.handle(UUID(group), command, Meta(uuid4(), SYSTEM.id, uuid4()))
    bazaar.settle()


def status(by: Person, group: str) -> str:
    return by.get(f"/v1/groups/{group}")["status"]


def handed_out(bazaar: Bazaar, group: str, price: int) -> None:
    """The supplier's price is agreed on, the goods come, and the time to pick them up passes."""
    id, now = UUID(group), bazaar.clock()
    tell(bazaar, group, c.AcceptGroup(id, quote_id(id), price, 7, now))
    tell(bazaar, group, c.NoteShipment(id, shipment_id(id), "delivered", now))
    bazaar.later(timedelta(days=30))
