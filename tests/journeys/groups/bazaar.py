"""A bazaar in Harare: Tariro's mill, which staff have verified, sells maize meal by the sack, and traders buy it together."""

import base64
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.journeys.listings.test_listings import moderator
from tests.journeys.town import Person, Town

TARIRO, STAN, FARAI, RUDO, CHIPO = (f"{name}@bazaar.example" for name in ("tariro", "stan", "farai", "rudo", "chipo"))
SEAT = {"name": "Mbare Millers", "lines": ["12 Ardbennie Road"], "locality": "Harare", "postalCode": "", "country": "ZW"}
COMPANY: dict[str, Any] = {
    "name": "Mbare Millers (Pvt) Ltd",
    "country": "ZW",
    "registration": "1234/2019",
    "vatNumber": "10012345",
    "address": SEAT,
    "contact": {"name": "Tariro Moyo", "email": "office@bazaar.example", "phone": "+263 77 123 4567"},
}
ACCOUNT = {"holder": "Mbare Millers", "number": "9140 0012 34567", "bank": "STBLZWHX", "currency": "USD"}
PDF = b"%PDF-1.7\n%%EOF\n"
PAPER = {"kind": "registration", "name": "cr14.pdf", "content": base64.b64encode(PDF).decode()}
SKU, MINIMUM = "MAIZE-10", 50
SACK: dict[str, Any] = {
    "sku": SKU,
    "title": "Sack of 10 kg",
    "unit": "kg",
    "content": 10,
    "taxClass": "zero",
    "price": {"amount": 600, "currency": "USD"},
    "tiers": [{"quantity": 100, "price": 550}, {"quantity": 200, "price": 500}],
}
"""6.00 USD a sack, 5.50 from 100 on, 5.00 from 200 on."""

MAIZE: dict[str, Any] = {
    "kind": "wholesale",
    "category": "bulk-grains-flour",
    "title": "Maize meal",
    "attributes": {"minimumQuantity": MINIMUM, "packSize": 5, "leadDays": 7, "brand": "Mbare"},
}


class Bazaar(Town):
    """`supplier` is the mill's id, `tariro` its owner (the `seller_id`), `maize` its one wholesale listing: 1,000 sacks in stock.

    `stan` is of the staff, `mo` moderates, `farai`, `rudo` and `chipo` are traders.
    """

    def __init__(self, database: str) -> None:
        super().__init__(database)
        self.mo = moderator(self)
        self.stan = self.holding(STAN, "staff")
        self.farai, self.rudo, self.chipo = (self.registered(each) for each in (FARAI, RUDO, CHIPO))
        self.tariro = self.registered(TARIRO, "Tariro Moyo")
        self.supplier = verified(self.tariro, self.stan)
        self.maize = offered(self.tariro, self.mo)
        self.tariro.post(f"/v1/stock/{SKU}/receive", {"quantity": 1000})

    def holding(self, email: str, role: str) -> Person:
        """Somebody new with this role."""
        person = self.registered(email)
        self.admin().post(f"/v1/users/{person.id}/roles", {"role": role})
        return self.sign_in(email)


def verified(owner: Person, staff: Person, **said: Any) -> str:
    """A company that staff have verified; the owner is a supplier from the next request on."""
    id = owner.post("/v1/suppliers", {**COMPANY, **said}, 201)["id"]
    owner.put(f"/v1/suppliers/{id}/bank-details", ACCOUNT)
    owner.post(f"/v1/suppliers/{id}/documents", PAPER)
    for by, step in ((owner, "request"), (staff, "review"), (staff, "verify")):
        by.post(f"/v1/suppliers/{id}/verification/{step}")
    return id


def offered(owner: Person, moderator: Person, *variants: dict[str, Any], **content: Any) -> str:
    """A wholesale listing of a verified supplier, published."""
    id = owner.post("/v1/listings", {**MAIZE, **content}, 201)["id"]
    owner.put(f"/v1/listings/{id}/variants", {"variants": list(variants) or [SACK]})
    owner.post(f"/v1/listings/{id}/submit")
    moderator.post(f"/v1/listings/{id}/approve")
    owner.post(f"/v1/listings/{id}/publish")
    return id


@contextmanager
def opened(database: str) -> Generator[Bazaar]:
    found = Bazaar(database)
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def bazaar(database: str) -> Generator[Bazaar]:
    """To be imported where it is used, as `from tests.journeys.groups.bazaar import bazaar`."""
    with opened(database) as found:
        yield found
