"""What is said of carts, checkouts, orders and discount codes in the bodies of commands, each within its limits."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from application.commands.buying.quotes import Asked, SlotChoice
from application.commands.checkouts import Purchase
from domain.invoices.vat import LIMIT as VAT_LIMIT
from domain.orders.carts.cart import MOST_PIECES
from domain.orders.carts.events import CartItem
from domain.orders.codes.code import MOST, WHOLE
from domain.orders.codes.events import CodeTerms
from domain.orders.events import (
    Part,
    Reason,
)
from domain.orders.order import NOTE_LIMIT
from domain.trade import Spot
from domain.values import Money
from interfaces.http.answers import Body
from interfaces.http.commands.users.bodies import Email, PostalAddress
from interfaces.http.shopper import Shopper

Quantity = Annotated[int, Meta(ge=1, le=MOST_PIECES, examples=[2])]
Sku = Annotated[str, Meta(min_length=1, max_length=64, description="May be left out where there is one variant.", examples=["MILK-1L"])]
Amount = Annotated[int, Meta(ge=0, le=MOST, description="In minor units.", examples=[1250])]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217.", examples=["CHF"])]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.", examples=["CH"])]
PostalCode = Annotated[str, Meta(max_length=20, examples=["8712"])]
Latitude = Annotated[float, Meta(ge=-90, le=90, examples=[47.24])]
Longitude = Annotated[float, Meta(ge=-180, le=180, examples=[8.72])]
Start = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="On the zone's clocks.", examples=["07:00"])]
Code = Annotated[str, Meta(min_length=1, max_length=40, examples=["MILK10"])]
VatNumber = Annotated[
    str,
    Meta(
        max_length=VAT_LIMIT,
        description="Of a business in the union, which owes the tax itself if its seller is one in another country of it.",
        examples=["DE136695976"],
    ),
]
Note = Annotated[str, Meta(max_length=NOTE_LIMIT, examples=["Ordered twice."])]
Moment = Annotated[datetime, Meta(tz=True, examples=["2026-06-01T00:00:00Z"])]


class Pieces(Body, frozen=True):
    quantity: Quantity
    sku: Sku | None = None


class Point(Body, frozen=True):
    """Where the address is on the globe, in WGS 84 degrees; needed for zones that are circles."""

    latitude: Latitude
    longitude: Longitude

    def value(self) -> Spot:
        return Spot(self.latitude, self.longitude)


class Slot(Body, frozen=True):
    """A window of delivery, as `/v1/delivery-slots` lists them."""

    zone_id: UUID
    day: date
    start: Start

    def value(self) -> SlotChoice:
        return SlotChoice(self.zone_id, self.day, self.start)


class Preview(Body, frozen=True):
    """Where it would go decides on taxes and delivery."""

    country: Country
    postal_code: PostalCode = ""
    point: Point | None = None
    slot: Slot | None = None
    code: Code | None = None
    vat_number: VatNumber = ""

    def asked(self, shopper: Shopper, items: tuple[CartItem, ...]) -> Asked:
        return Asked(
            shopper.id,
            items,
            self.country,
            self.postal_code,
            shopper.guest,
            self.point.value() if self.point else None,
            self.slot.value() if self.slot else None,
            self.code,
            self.vat_number,
        )


class Payment(Body, frozen=True):
    """`method` is the provider's token for how it is paid."""

    provider: Annotated[str, Meta(min_length=1, max_length=40, examples=["sandbox"])]
    method: Annotated[str, Meta(max_length=200, examples=["4242424242424242"])] = ""


class Total(Body, frozen=True):
    amount: Amount
    currency: Currency


class Checkout(Body, frozen=True):
    """`expectedTotal` is what the preview said; `contact` is where the order's letters go: for guests needed, else one's own address."""

    address: PostalAddress
    payment: Payment
    expected_total: Total
    contact: Email | None = None
    point: Point | None = None
    slot: Slot | None = None
    code: Code | None = None
    vat_number: VatNumber = ""

    def purchase(self, shopper: Shopper) -> Purchase:
        return Purchase(
            shopper.id,
            self.address.value(),
            self.payment.provider,
            self.payment.method,
            shopper.cart,
            guest=shopper.guest,
            contact=self.contact or "",
            spot=self.point.value() if self.point else None,
            slot=self.slot.value() if self.slot else None,
            code=self.code,
            expected_total=Money(self.expected_total.amount, self.expected_total.currency),
            vat_number=self.vat_number,
        )


class NewAddress(Body, frozen=True):
    address: PostalAddress
    point: Point | None = None


class Cancellation(Body, frozen=True):
    reason: Reason = Reason.OTHER
    note: Note = ""


class Pick(Body, frozen=True):
    """So many pieces of the order's line of this number."""

    line: Annotated[int, Meta(ge=1, le=1_000)]
    quantity: Quantity

    def value(self) -> Part:
        return Part(self.line, self.quantity)


class PartialCancellation(Body, frozen=True):
    parts: Annotated[list[Pick], Meta(min_length=1, max_length=100)]
    reason: Reason = Reason.OTHER
    note: Note = ""


class ReturnWish(Body, frozen=True):
    """No parts: everything that is left of the order."""

    reason: Reason
    parts: Annotated[tuple[Pick, ...], Meta(max_length=100)] = ()
    note: Note = ""


class ReturnTaken(Body, frozen=True):
    """`restock` says whether the goods can be sold again."""

    restock: bool = True


class ReturnRefused(Body, frozen=True):
    note: Note


class DiscountCode(Body, frozen=True):
    """Takes off either `basisPoints` of the goods (1,000 is 10 %) or an `amount`; at most `limit` checkouts use it."""

    code: Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9-]{2,39}$", examples=["MILK10"])]
    basis_points: Annotated[int, Meta(ge=1, le=WHOLE, examples=[1_000])] | None = None
    amount: Annotated[int, Meta(ge=1, le=MOST, description="In minor units.")] | None = None
    currency: Annotated[str, Meta(pattern="^([A-Z]{3})?$", description="ISO 4217; empty for any.", examples=["CHF"])] = ""
    minimum: Annotated[int, Meta(ge=0, le=MOST, description="What the goods cost at least, in minor units.")] = 0
    once_per_user: bool = False
    limit: Annotated[int, Meta(ge=1, le=MOST)] | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None

    def terms(self) -> CodeTerms:
        return CodeTerms(
            self.basis_points,
            self.amount,
            self.currency,
            self.minimum,
            self.once_per_user,
            self.limit,
            self.starts_at,
            self.ends_at,
        )
