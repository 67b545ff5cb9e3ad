"""The variants of a product, as its seller sends them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from application.commands.listings import SetVariants
from domain.goods import TaxClass, Tier, Unit, Variant
from domain.listings.commands import OfferVariants
from domain.listings.variants import CONTENT_LIMIT, LOW_LIMIT, MOST, OPTION_LIMIT, OPTIONS, TIERS
from domain.values import Actor
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import signed_in
from interfaces.http.commands.listings.bodies import Amount, Priced, Title
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import put

Sku = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="Article number.", examples=["MILK-1L"])]
Option = Annotated[str, Meta(min_length=1, max_length=OPTION_LIMIT)]


class TierBody(Body, frozen=True):
    """From `quantity` on each piece costs `price`, in minor units of the variant's currency."""

    quantity: Annotated[int, Meta(ge=2, le=LOW_LIMIT, examples=[6])]
    price: Amount


class VariantBody(Body, frozen=True):
    """One piece holds `content` of the `unit`; `lowAt` is at how many pieces the seller is told that little is left."""

    sku: Sku
    price: Priced
    title: Title = ""
    options: Annotated[dict[Option, Option], Meta(max_length=OPTIONS, examples=[{"size": "1 l"}])] = msgspec.field(
        default_factory=dict[str, str]
    )
    unit: Unit = Unit.PIECE
    content: Annotated[int, Meta(ge=1, le=CONTENT_LIMIT, examples=[1])] = 1
    tax_class: TaxClass = TaxClass.STANDARD
    tiers: Annotated[tuple[TierBody, ...], Meta(max_length=TIERS, examples=[[{"quantity": 6, "price": 4_000_000}]])] = ()
    low_at: Annotated[int, Meta(ge=0, le=LOW_LIMIT, examples=[12])] | None = None

    def value(self) -> Variant:
        tiers = tuple(Tier(each.quantity, each.price) for each in self.tiers)
        return Variant(self.sku, self.price.value(), self.title, self.options, self.unit, self.content, self.tax_class, tiers)


class Variants(Body, frozen=True):
    """All variants of the product, in place of those before."""

    variants: Annotated[list[VariantBody], Meta(min_length=1, max_length=MOST)]

    def command(self, listing_id: UUID, by: Actor, now: datetime) -> OfferVariants:
        low: Mapping[str, int] = {each.sku: each.low_at for each in self.variants if each.low_at is not None}
        return OfferVariants(listing_id, [each.value() for each in self.variants], by, now, low)


class VariantCommands(Controller):
    path = "/v1/listings/{listing_id:uuid}/variants"
    tags = ("listings",)

    @put(
        "/",
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("not_yours", "listing_not_found", "not_for_kind", "price_is_final", "listing_not_editable", "sku_taken"),
    )
    def offer(
        self, listing_id: FromPath[UUID], data: JSONBody[Variants], run: Given[Dispatch], set_variants: Given[SetVariants]
    ) -> Response[Accepted]:
        """Set all variants of a product, with their prices; the lowest is the listing's price.

        Prices, tiers and tax classes may change at any time; what else changes after an approval is reviewed again.
        """
        return run.answer(set_variants(data.command(listing_id, run.by, run.now), run.meta, run.expected))
