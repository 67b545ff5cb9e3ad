"""The mill's side of a group purchase: its quote is agreed on, its sacks are sent and arrive."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.groups.ids import quote_id, shipment_id
from tests.journeys.groups.bazaar import Bazaar
from tests.journeys.groups.till import gathering, paid
from tests.journeys.town import Person


def quote_of(group: str) -> str:
    return str(quote_id(UUID(group)))


def shipment_of(group: str) -> str:
    return str(shipment_id(UUID(group)))


def locked(bazaar: Bazaar, rudo: int = 60, chipo: int = 60, **terms: Any) -> str:
    """Rudo and Chipo have paid for their sacks, the later one at the price that holds for all; the mill is asked."""
    group = gathering(bazaar, **terms)
    paid(bazaar.rudo, group, rudo)
    paid(bazaar.chipo, group, chipo)
    bazaar.farai.post(f"/v1/groups/{group}/lock", {})
    bazaar.settle()
    return group


def quote(by: Person, group: str, price: int, status: int = 200, **said: Any) -> Any:
    wanted = said.pop("quantity", None) or by.get(f"/v1/quotes/{quote_of(group)}")["quantity"]
    until = (by.town.clock() + timedelta(days=5)).isoformat()
    answer = by.post(
        f"/v1/quotes/{quote_of(group)}/submit", {"price": price, "quantity": wanted, "leadDays": 7, "validUntil": until, **said}, status
    )
    by.town.settle()
    return answer


def answer(by: Person, group: str, step: str, body: Any = None, status: int = 200) -> Any:
    said = by.post(f"/v1/quotes/{quote_of(group)}/{step}", body, status)
    by.town.settle()
    return said


def agreed(bazaar: Bazaar, price: int = 550, **more: Any) -> str:
    """A group whose quote was accepted."""
    group = locked(bazaar, **more)
    quote(bazaar.tariro, group, price)
    answer(bazaar.farai, group, "accept")
    return group


def send(by: Person, group: str, quantity: int, status: int = 200, **said: Any) -> Any:
    eta = (by.town.clock() + timedelta(days=2)).date().isoformat()
    body = {"quantity": quantity, "carrier": "Swift", "tracking": "ZW-1", "eta": eta, **said}
    found = by.post(f"/v1/shipments/{shipment_of(group)}/ship", body, status)
    by.town.settle()
    return found


def arrive(by: Person, group: str, part: int = 1, status: int = 200, **said: Any) -> Any:
    found = by.post(f"/v1/shipments/{shipment_of(group)}/arrive", {"part": part, **said}, status)
    by.town.settle()
    return found


def delivered(bazaar: Bazaar, price: int = 550, **more: Any) -> str:
    """A group whose sacks lie ready."""
    group = agreed(bazaar, price, **more)
    send(bazaar.tariro, group, bazaar.tariro.get(f"/v1/shipments/{shipment_of(group)}")["quantity"])
    arrive(bazaar.farai, group)
    return group


def collect(bazaar: Bazaar, *members: Person) -> None:
    """The organiser hands out all that the members' newest passes are for."""
    for member in members:
        token = member.get("/v1/me/passes")["items"][0]["token"]
        scanned = bazaar.farai.get(f"/v1/passes/{token}")
        bazaar.farai.post(f"/v1/passes/{scanned['id']}/redeem", {}, Idempotency_Key=str(uuid4()))
    bazaar.settle()
