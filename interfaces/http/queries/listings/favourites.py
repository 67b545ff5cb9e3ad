"""The listings that a person keeps in sight."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response
from msgspec import Raw, Struct

from interfaces.http.answers import page, with_fields
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import problems
from interfaces.http.queries.listings.listings import Cursor, Limit, ShownListing, actions
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.listings import page as pages
from projections.listings.favourites import NEWEST_FIRST, view
from projections.ports import Documents, Found
from projections.sql import among, equals


class ShownFavourite(Struct, frozen=True, rename="camel"):
    """`listing` is null where it can no longer be seen."""

    listing_id: UUID
    user_id: UUID
    added_at: datetime
    listing: ShownListing | None


class FavouriteList(Struct, frozen=True):
    items: list[ShownFavourite]
    next: str | None


class FavouriteQueries(Controller):
    path = "/v1/me/favourites"
    tags = ("favourites",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def mine(self, caller: Given[Caller], documents: Given[Documents], limit: Limit = 20, cursor: Cursor = None) -> Response[FavouriteList]:
        """The caller's favourites with their listings as they stand, the last added first."""
        found = documents.page(view, equals("user_id", caller.id), limit=limit, cursor=cursor, order=NEWEST_FIRST)
        listings = shown([each.columns["listing_id"] for each in found.items], caller, documents)
        answer: Any = page(found, lambda each: {"listing": listings.get(each.columns["listing_id"])})
        return answer


def shown(ids: list[UUID], caller: Caller, documents: Documents) -> dict[UUID, Raw]:
    """Those of the listings that the caller may see: one more statement for the whole page."""
    if not ids:
        return {}
    found = documents.page(pages.view, among(pages.view, ids) & pages.visible_to(caller.actor), limit=len(ids))
    return {key_of(each): Raw(with_fields(each.document, actions(each, caller))) for each in found.items}


def key_of(found: Found) -> UUID:
    return UUID(str(found.key))
