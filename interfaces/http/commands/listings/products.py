"""Beginning a product, which is a listing of the kind `product`: from then on it is changed, reviewed and offered as a listing."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from application.commands.listings import DraftProduct
from domain.listings.commands import DraftListing, OfferVariants
from domain.listings.goods.products import PRODUCT
from domain.listings.variants import MOST
from domain.values import Actor, Role
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import signed_in
from interfaces.http.commands.listings.bodies import Attributes, Description, Draft, Located, Title
from interfaces.http.commands.listings.variants import VariantBody, Variants
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post


class ProductBody(Body, frozen=True):
    """As for a listing, with its variants where these are known already; an admin may begin it in the name of a `sellerId`."""

    category: Annotated[str, Meta(max_length=40, examples=["dairy-eggs"])]
    title: Title = ""
    description: Description = ""
    attributes: Attributes = msgspec.field(default_factory=dict[str, Any])
    place: Located | None = None
    seller_id: UUID | None = None
    variants: Annotated[list[VariantBody], Meta(max_length=MOST)] = msgspec.field(default_factory=list[VariantBody])

    def draft(self, run: Dispatch) -> DraftListing:
        body = Draft(self.category, PRODUCT, self.title, self.description, self.attributes, None, self.place, self.seller_id)
        return body.command(run.new_id(), run.by, run.now)

    def offered(self, draft: DraftListing) -> OfferVariants | None:
        """In the seller's name: who may begin it for him is judged by the draft, which is decided first."""
        seller = draft.by if draft.by.id == draft.seller_id else Actor(draft.seller_id, frozenset({Role.SELLER}))
        return Variants(self.variants).command(draft.listing_id, seller, draft.now) if self.variants else None


class ProductCommands(Controller):
    path = "/v1/products"
    tags = ("products",)

    @post("/", guards=[signed_in], sync_to_thread=True, responses=problems("not_yours", "sku_taken"))
    def draft(self, data: JSONBody[ProductBody], run: Given[Dispatch], draft_product: Given[DraftProduct]) -> Response[Accepted]:
        """Begin a product as a draft, with or without its variants; all else is done to it as to the listing of this id.

        422 with a pointer where the content breaks a rule of its category, or a variant one of its own.
        """
        draft = data.draft(run)
        return run.answer(draft_product(draft, data.offered(draft), run.meta, run.expected), "/v1/products")
