"""Zebedee Quill, who is everything one can be here: buyer, seller, member, supplier, courier, importer, and always in the middle of it."""

from typing import Any
from uuid import UUID, uuid4

from tests.journeys.groups import gatherings
from tests.journeys.groups.bazaar import COMPANY, PAPER
from tests.journeys.listings.test_imports import brought
from tests.journeys.listings.test_products import MILK, published
from tests.journeys.market import Basket, Market
from tests.journeys.town import PASSWORD, Person
from tests.journeys.trade import confirmed

EMAIL, OTHER_EMAIL = "zebedee.quill@quillmail.example", "zeb@quillpost.example"
PHONE, NUMBER = "+41 44 668 18 00", "+41446681800"
ADDRESS = {"name": "Zebedee Quill", "lines": ["Quillgasse 7"], "locality": "Quilldorf", "postalCode": "8712", "country": "CH"}
ACCOUNT = {"holder": "Zebedee Quill", "number": "CH93 0076 2011 6238 5295 7", "bank": "UBSWCHZH", "currency": "CHF"}
IBAN = "CH9300762011623852957"
WORDS = ("quill", "zebedee", NUMBER, IBAN, "620116238529", "the swans are out", "the ferry was late")
"""What can only be about him, or was said by him alone."""

CHEESE = {"sku": "CHEESE", "unit": "piece", "taxClass": "reduced", "price": {"amount": 900, "currency": "CHF"}}
FILE = (
    b"sku,product,title,variant,category,unit,content,price,currency,tax_class,tiers,stock,attributes\n"
    b"HONEY,,Honey,,zebedees-quills,piece,1,7.50,CHF,reduced,,5,\n"
)


class Quill:
    """Everything he does goes through the routes; at the end nothing is in flight."""

    def __init__(self, market: Market) -> None:
        self.market = market
        market.guest().post("/v1/users", {"email": EMAIL, "name": "Zebedee Quill", "password": PASSWORD}, 201)
        self.zeb = market.sign_in(EMAIL)
        self.settles_in()
        self.cheese = self.sells()
        self.papers = [*self.buys(), *self.sold()]
        self.joins_a_group()
        self.supplies()
        self.carries()
        self.recurs()
        market.settle()

    def settles_in(self) -> None:
        zeb, admin = self.zeb, self.market.admin()
        zeb.patch("/v1/me/profile", {"phone": PHONE, "addresses": [ADDRESS]})
        zeb.put(
            "/v1/me/billing-details",
            {
                "name": "Quill Trading",
                "address": ADDRESS,
                "vatNumber": "CHE-116.281.710 MWST",
                "terms": "Ask Zebedee.",
                "timezone": "Europe/Zurich",
            },
        )
        zeb.post("/v1/me/email", {"email": OTHER_EMAIL, "password": PASSWORD})
        for role in ("courier", "seller"):
            admin.post(f"/v1/users/{zeb.id}/roles", {"role": role})
        self.market.guest().post("/v1/phone-codes", {"phone": PHONE}, 204)
        self.market.settle()

    def sells(self) -> str:
        cheese = published(self.zeb, self.market.mo, CHEESE, **{**MILK, "title": "Cheese", "attributes": {}})
        self.zeb.post("/v1/stock/CHEESE/receive", {"quantity": 9})
        brought(self.market, self.zeb, FILE, f"format=products&seller={self.zeb.id}")
        self.zeb.post(f"/v1/listings/{self.market.milk}/inquiries", {"message": "The swans are out, says Quill"}, 201)
        return cheese

    def buys(self) -> list[str]:
        basket = Basket(self.zeb)
        basket.put(self.market.milk, 2)
        order = basket.buy(360 + 390, slot=self.market.slot, address=ADDRESS, contact=EMAIL)["orders"][0]["id"]
        self.market.settle()
        self.handed_over(self.market.ana, order)
        return [each["id"] for each in self.zeb.get("/v1/invoices")["items"]]

    def sold(self) -> list[str]:
        basket = Basket(self.market.cara)
        basket.put(self.cheese, 1)
        order = basket.buy(900 + 390, slot=self.market.slot)["orders"][0]["id"]
        self.market.settle()
        self.handed_over(self.zeb, order)
        return [each["id"] for each in self.zeb.get("/v1/invoices?side=given")["items"]]

    def handed_over(self, seller: Person, order: str) -> None:
        """By the seller himself, while its delivery waits for a courier: it ends with that."""
        for step in ("pack", "dispatch", "deliver"):
            Basket(seller).step(order, step)
            self.market.settle()

    def joins_a_group(self) -> None:
        group = gatherings.opened(self.market, self.market.cara)
        gatherings.joined(self.zeb, group, 2)
        chat = f"/v1/groups/{group}/messages"
        said = self.zeb.post(chat, {"text": "The ferry was late"}, 201)["id"]
        self.zeb.post(f"{chat}/{said}/edit", {"text": "The ferry was late, says Zebedee"})
        self.market.cara.post(f"{chat}/{said}/report", {"reason": "Boring."})
        other = self.market.cara.post(chat, {"text": "Hello"}, 201)["id"]
        self.zeb.post(f"{chat}/{other}/report", {"reason": "The swans are out of it."})
        self.zeb.post(f"/v1/groups/{group}/leave", {})

    def supplies(self) -> None:
        company = {
            **COMPANY,
            "name": "Lakeside Mills",
            "address": {key: value for key, value in ADDRESS.items() if key in COMPANY["address"]},
            "contact": {"name": "Zebedee Quill", "email": EMAIL, "phone": PHONE},
        }
        supplier = self.zeb.post("/v1/suppliers", company, 201)["id"]
        self.zeb.put(f"/v1/suppliers/{supplier}/bank-details", ACCOUNT)
        self.zeb.post(f"/v1/suppliers/{supplier}/documents", {**PAPER, "name": "quill.pdf"})

    def carries(self) -> None:
        """For Bea, to Cara."""
        zone = UUID(self.market.zone)
        self.zeb.post("/v1/couriers", {"vehicle": "bicycle", "speed": 15, "capacity": 2, "zones": [str(zone)]})
        self.zeb.put("/v1/couriers/me", {"onDuty": True})
        order = confirmed(self.market, self.market.bea, UUID(self.market.cara.id), "cara@example.org", zone=zone)
        parcel = self.packed(str(order))
        self.zeb.put("/v1/couriers/me", {"onDuty": False})
        assert [each["id"] for each in self.zeb.get("/v1/couriers/me/deliveries")["items"]] == [parcel]
        for step in ("pick-up", "in-transit"):
            self.zeb.post(f"/v1/deliveries/{parcel}/{step}")
        self.zeb.post(f"/v1/deliveries/{parcel}/track", {"latitude": 47.23, "longitude": 8.72})
        self.zeb.post(f"/v1/deliveries/{parcel}/deliver", {"receivedBy": "Cara"})
        self.market.settle()

    def packed(self, order: str) -> str:
        self.market.bea.post(f"/v1/orders/{order}/pack")
        self.market.settle()
        (found,) = self.market.bea.get(f"/v1/deliveries?order={order}")["items"]
        return found["id"]

    def recurs(self) -> None:
        wish: dict[str, Any] = {
            "lines": [{"listingId": self.market.milk, "quantity": 1}],
            "rule": "FREQ=WEEKLY",
            "beginsOn": self.market.day,
            "address": ADDRESS,
            "payment": {"provider": "sandbox", "method": "4242424242424242"},
            "delivery": {"zoneId": self.market.zone, "window": "07:00"},
        }
        order = self.zeb.post("/v1/recurring-orders", wish, 201, Idempotency_Key=str(uuid4()))["id"]
        self.zeb.post(f"/v1/recurring-orders/{order}/end", {})
