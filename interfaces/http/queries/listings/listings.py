"""Listings, as everyone sees the published ones and each seller his own."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from domain.listings import schema
from domain.listings.categories import CATEGORIES
from domain.listings.events import Status
from domain.listings.lifecycle import next_actions
from domain.listings.units import FACTORS
from domain.values import Value
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, anyone, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.together import Together
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.listings.counts import by_category, published_in
from projections.listings.page import NEWEST_FIRST, PROMOTED_FIRST, ListingPage, asked_for, seen_by, view, visible_to
from projections.ports import Counts, Documents, Found, Unavailable

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=500, description="`next` of the page before.")]
SLUG = "^[a-z0-9-]+$"
Kind = Annotated[str | None, QueryParameter(max_length=40, pattern=SLUG, description="Such as `classified`.")]
Category = Annotated[str | None, QueryParameter(max_length=40, pattern=SLUG, description="Such as `boats`.")]
Stand = Annotated[Status | None, QueryParameter(description="Only those that stand so.")]


class ShownListing(ListingPage, frozen=True, kw_only=True):
    actions: list[str]


class ListingList(Struct, frozen=True):
    items: list[ShownListing]
    next: str | None


class DeclaredAttribute(Value, frozen=True):
    """What may be said of a listing; numbers are kept in `unit` and taken in any of `units`, `choices` are slugs with their titles."""

    name: str
    title: str
    kind: schema.Kind
    required: bool
    facet: bool
    unit: str
    units: list[str]
    choices: dict[str, str]
    minimum: float | None
    maximum: float | None


class DeclaredCategory(Value, frozen=True):
    """`parent` is the wider category, empty at the top; `listings` how many are published in it and below, null while nobody knows."""

    slug: str
    title: str
    kind: str
    parent: str
    listings: int | None
    attributes: list[DeclaredAttribute]


class CategoryList(Value, frozen=True):
    items: list[DeclaredCategory]
    next: None = None


def declared(each: schema.Attribute) -> DeclaredAttribute:
    units, bounds = list(FACTORS.get(each.unit, ())), (each.minimum, each.maximum)
    return DeclaredAttribute(each.name, each.title, each.kind, each.required, each.facet, each.unit, units, dict(each.choices), *bounds)


DECLARED = [
    DeclaredCategory(each.slug, each.title, each.kind, each.parent, None, list(map(declared, each.attributes.values())))
    for each in CATEGORIES.values()
]


class CategoryQueries(Controller):
    path = "/v1/categories"
    tags = ("listings",)

    @get("/", guards=[anyone], sync_to_thread=True, opt={"projection": by_category.name})
    def all(self, counts: Given[Counts]) -> CategoryList:
        """What can be listed, and what can be said of each: enough to make a form, or the filters of a search, from.

        Categories form a tree by `parent`. A form does not wait for counts: where these are not to be had, they are null.
        """
        try:
            found = published_in(counts.read(by_category))
        except Unavailable:
            return CategoryList(DECLARED)
        return CategoryList([replace(each, listings=found[each.slug]) for each in DECLARED])


class ListingQueries(Controller):
    path = "/v1/listings"
    tags = ("listings",)

    @get("/", guards=[anyone], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        kind: Kind = None,
        category: Category = None,
        seller: Annotated[UUID | None, QueryParameter(description="Only this seller's.")] = None,
        status: Stand = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[ListingList]:
        """The listings that the caller may see, promoted ones before others, the newest first.

        They are the published ones, one's own, and for moderators all.
        """
        where = visible_to(caller.actor) & asked_for(kind, category, seller, status)
        found = documents.page(view, where, limit=limit, cursor=cursor, order=PROMOTED_FIRST)
        answer: Any = page(found, lambda each: actions(each, caller))
        return answer

    @get("/{listing_id:uuid}", guards=[anyone], opt={"projection": view.name}, responses=problems("listing_not_found"))
    async def one(self, listing_id: FromPath[UUID], caller: Given[Caller], listing_rows: Given[Together]) -> Response[ShownListing]:
        """One listing with what the caller may do next; 404 also for those he may not see."""
        found = await listing_rows.one(listing_id)
        if found is None or not seen_by(found.columns, caller.actor):
            raise Problem(404, "listing_not_found")
        answer: Any = document(found, **actions(found, caller))
        return answer


class OwnListingQueries(Controller):
    path = "/v1/me/listings"
    tags = ("listings",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def mine(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        kind: Kind = None,
        category: Category = None,
        status: Stand = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[ListingList]:
        """The caller's own listings in whatever status, the newest first."""
        where = asked_for(kind, category, caller.id, status)
        found = documents.page(view, where, limit=limit, cursor=cursor, order=NEWEST_FIRST)
        answer: Any = page(found, lambda each: actions(each, caller))
        return answer


def actions(found: Found, caller: Caller) -> Mapping[str, Any]:
    kind, seller, status = (found.columns[each] for each in ("kind", "seller_id", "status"))
    return {"actions": next_actions(kind, seller, status, caller.actor, promoted=found.columns["promoted"])}
