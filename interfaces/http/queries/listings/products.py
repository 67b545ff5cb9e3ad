"""Products, with what can be bought of them now."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.listings.goods.products import PRODUCT
from domain.stock.stock import stock_id
from domain.values import Value
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, anyone
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Category, Cursor, Limit, ShownListing, Stand, actions
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.listings.page import PROMOTED_FIRST, asked_for, view, visible_to
from projections.ports import Documents, Found
from projections.sql import among, equals
from projections.stock import levels


class Availability(Value, frozen=True, omit_defaults=True):
    """Of one variant; how many exactly is only for those who may see the seller's stock."""

    sku: str
    in_stock: bool
    available: int | None = None


class ShownProduct(ShownListing, frozen=True, kw_only=True):
    """`in_stock` where at least one of the variants is."""

    in_stock: bool
    availability: list[Availability]


class ProductList(Struct, frozen=True):
    items: list[ShownProduct]
    next: str | None


class Article(Value, frozen=True):
    sku: str


class Articles(Value, frozen=True):
    """Of a listing's document, what is needed to find its stock."""

    seller_id: UUID
    variants: tuple[Article, ...] = ()


articles = msgspec.json.Decoder(Articles)
level = msgspec.json.Decoder(levels.StockLevel)


class ProductQueries(Controller):
    path = "/v1/products"
    tags = ("products",)

    @get("/", guards=[anyone], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        category: Category = None,
        seller: Annotated[UUID | None, QueryParameter(description="Only this seller's.")] = None,
        status: Stand = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[ProductList]:
        """The products that the caller may see, promoted ones before others, the newest first, each with what of it can be bought now."""
        where = visible_to(caller.actor) & asked_for(PRODUCT, category, seller, status)
        found = documents.page(view, where, limit=limit, cursor=cursor, order=PROMOTED_FIRST)
        stock = stock_of(documents, found.items)
        answer: Any = page(found, lambda each: fields(each, caller, stock))
        return answer

    @get("/{listing_id:uuid}", guards=[anyone], sync_to_thread=True, opt={"projection": view.name}, responses=problems("listing_not_found"))
    def one(self, listing_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> Response[ShownProduct]:
        """One product with its variants and what of them can be bought now; 404 also for those the caller may not see."""
        found = documents.one(view, listing_id, visible_to(caller.actor) & equals("kind", PRODUCT))
        if found is None:
            raise Problem(404, "listing_not_found")
        answer: Any = document(found, **fields(found, caller, stock_of(documents, [found])))
        return answer


def stock_of(documents: Documents, products: Sequence[Found]) -> Mapping[UUID, int]:
    """How many are available by stock, where anything is kept: one statement for all products."""
    ids = {stock_id(said.seller_id, each.sku) for said in map(said_by, products) for each in said.variants}
    if not ids:
        return {}
    found = documents.page(levels.view, among(levels.view, ids), limit=len(ids))
    return {shown.id: shown.available for shown in (level.decode(each.document) for each in found.items)}


def said_by(product: Found) -> Articles:
    return articles.decode(product.document)


def fields(product: Found, caller: Caller, stock: Mapping[UUID, int]) -> Mapping[str, Any]:
    said = said_by(product)
    exact = levels.visible_to(caller.actor) == levels.ALL or said.seller_id == caller.id
    shown: list[Availability] = []
    for each in said.variants:
        available = stock.get(stock_id(said.seller_id, each.sku), 0)
        shown.append(Availability(each.sku, available > 0, available if exact else None))
    return {**actions(product, caller), "inStock": any(each.in_stock for each in shown), "availability": shown}
