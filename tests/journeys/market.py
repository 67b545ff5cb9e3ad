"""A shop by the lake: Ana sells milk, Bea sells bread, both are delivered in windows, and anyone may buy."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.journeys.listings.test_listings import ANA, moderator
from tests.journeys.listings.test_products import LITRE, MILK, published
from tests.journeys.town import Person, Town, answered

BEA, CARA, STAN = "bea@example.org", "cara@example.org", "stan@example.org"
LOAF = {"sku": "LOAF", "unit": "piece", "taxClass": "reduced", "price": {"amount": 450, "currency": "CHF"}}
MORNING = {"start": "07:00", "end": "09:00", "capacity": 2, "cutoff": 60, "fee": 390}
ZONE: dict[str, Any] = {
    "name": "Lake Zurich",
    "timezone": "Europe/Zurich",
    "currency": "CHF",
    "areas": [{"country": "CH", "prefixes": ["87", "80"]}],
    "windows": [{"weekday": day, **MORNING} for day in range(1, 8)],
}
HOME = {"name": "Cara", "lines": ["Seestrasse 1"], "locality": "Stäfa", "postalCode": "8712", "country": "CH"}
APPROVED = {"provider": "sandbox", "method": "4242424242424242"}


class Market(Town):
    """Milk (1.80, 1.70 from six on, 24 in stock) and bread (4.50, 10 in stock) are on sale; in two days there is a slot of two places."""

    def __init__(self, database: str, *engines: str, **more: str) -> None:
        super().__init__(database, *engines, **more)
        self.mo = moderator(self)
        self.ana, self.bea, self.cara = (self.registered(each) for each in (ANA, BEA, CARA))
        self.milk = published(self.ana, self.mo, LITRE)
        self.bread = published(self.bea, self.mo, LOAF, **{**MILK, "title": "Bread", "category": "bakery", "attributes": {}})
        self.ana.post("/v1/stock/MILK-1L/receive", {"quantity": 24})
        self.bea.post("/v1/stock/LOAF/receive", {"quantity": 10})
        self.zone = self.admin().post("/v1/zones", ZONE, 201)["id"]

    @property
    def day(self) -> str:
        """The slot's, which by the zone's own time is one to two days from now."""
        return str((self.clock().astimezone(UTC) + timedelta(days=2)).date())

    @property
    def slot(self) -> dict[str, Any]:
        return {"zoneId": self.zone, "day": self.day, "start": "07:00"}

    def staff(self) -> Person:
        stan = self.registered(STAN)
        self.admin().post(f"/v1/users/{stan.id}/roles", {"role": "staff"})
        return self.sign_in(STAN)

    def left(self, sku: str = "MILK-1L") -> tuple[int, int]:
        """On hand, and of that reserved."""
        found = (self.ana if sku == "MILK-1L" else self.bea).get(f"/v1/stock/{sku}")
        return found["onHand"], found["reserved"]


@contextmanager
def opened(database: str) -> Generator[Market]:
    market = Market(database)
    try:
        yield market
    finally:
        market.close()


class Basket:
    """Someone's cart: a user's, or a guest's by its token."""

    def __init__(self, by: Person) -> None:
        self.by = by
        self.headers: dict[str, str] = {}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        response = self.by.ask(method, path, body, **self.headers, **headers)
        if "cart-token" in response.headers:
            self.headers["Cart_Token"] = response.headers["Cart-Token"]
        return response

    def put(self, listing: str, quantity: int, status: int = 200, **more: Any) -> Any:
        return answered(self.ask("PUT", f"/v1/cart/items/{listing}", {"quantity": quantity, **more}), status)

    def shown(self) -> Any:
        return answered(self.ask("GET", "/v1/cart"), 200)

    def preview(self, status: int = 200, **more: Any) -> Any:
        return answered(self.ask("POST", "/v1/checkouts/preview", {"country": "CH", "postalCode": "8712", **more}), status)

    def body(self, total: int, **more: Any) -> dict[str, Any]:
        return {"address": HOME, "payment": APPROVED, "expectedTotal": {"amount": total, "currency": "CHF"}, **more}

    def buy(self, total: int, status: int = 201, key: str | None = None, **more: Any) -> Any:
        answer = self.ask("POST", "/v1/checkouts", self.body(total, **more), Idempotency_Key=key or str(uuid4()))
        return answered(answer, status)

    def order(self, id: str) -> Any:
        return answered(self.ask("GET", f"/v1/orders/{id}"), 200)

    def step(self, id: str, name: str, body: Any = None, status: int = 200) -> Any:
        return answered(self.ask("POST", f"/v1/orders/{id}/{name}", body, Idempotency_Key=str(uuid4())), status)


def statuses(by: Person, orders: Sequence[dict[str, Any]]) -> list[str]:
    return [by.get(f"/v1/orders/{each['id']}")["status"] for each in orders]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
