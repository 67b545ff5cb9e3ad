"""Finding groups to join: what, where, at which price, how full and how soon they close."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from anyio import to_thread
from litestar import Controller, Request, Response
from litestar.params import QueryParameter
from msgspec import Raw, Struct

from domain.groups.ids import contribution_id
from domain.groups.values import Status
from domain.values import Money, Value
from interfaces.http.answers import JSON, with_fields
from interfaces.http.caller import Caller, anyone
from interfaces.http.errors import problems
from interfaces.http.queries.groups.groups import ShownGroup, beside
from interfaces.http.queries.groups.mine import rows
from interfaces.http.queries.listings.search import Cursor, Limit, Near, PriceMax, PriceMin, Radius, Words, circle, prices_in
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.groups import members
from projections.groups.index import index
from projections.groups.page import OPEN
from projections.groups.request import Sort, Wanted, cursor_at
from projections.groups.request import request as asked
from projections.groups.shown import StoredGroup
from projections.listings.criteria import Bounds
from projections.listings.prices import Exchange, Prices
from projections.ports import Clock, Documents, Found
from projections.search import SearchEngine

Category = Annotated[str | None, QueryParameter(max_length=40, description="Such as `bulk-food`; with all below it.")]
Currency = Annotated[str, QueryParameter(pattern="^[A-Z]{3}$", description="ISO 4217: of the bounds, and prices are shown in it too.")]
Stand = Annotated[list[Status] | None, QueryParameter(max_items=15, description="Any of these; without, those that may be joined.")]
Closing = Annotated[datetime | None, QueryParameter(name="closingBefore", description="Only those whose deadline is before.")]
Supplier = Annotated[UUID | None, QueryParameter(description="Only those that buy from this supplier.")]
Order = Annotated[Sort, QueryParameter(description="`closing` soon, `newest`, cheapest `price` of a piece, or furthest `progress` first.")]


class FoundGroup(ShownGroup, frozen=True, kw_only=True):
    """`priceShown` is the price in the currency asked for, null without a rate."""

    price_shown: Money | None


class FoundGroups(Struct, frozen=True):
    items: list[FoundGroup]
    next: str | None
    currency: str


class FoundDocument(Value, frozen=True):
    """What is read of a document that was found."""

    id: UUID
    price: Money
    row: StoredGroup


found_document = msgspec.json.Decoder(FoundDocument)


class GroupSearch(Controller):
    path = "/v1/groups"
    tags = ("groups",)

    @get(
        "/",
        guards=[anyone],
        opt={"projection": index.name},
        responses=problems("bad_cursor", "invalid_search", "search_unavailable"),
    )
    async def search(
        self,
        caller: Given[Caller],
        engine: Given[SearchEngine],
        exchange: Given[Exchange],
        documents: Given[Documents],
        clock: Given[Clock],
        request: Request[Any, Any, Any],
        q: Words = "",
        category: Category = None,
        currency: Currency = "USD",
        price_min: PriceMin = None,
        price_max: PriceMax = None,
        near: Near = None,
        radius: Radius = None,
        status: Stand = None,
        closing_before: Closing = None,
        supplier: Supplier = None,
        sort: Order = Sort.CLOSING,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[FoundGroups]:
        """Public groups that fulfil every condition; prices, which are of one piece, also in `currency`, at the day's rates.

        Groups by link and by invitation are found by nobody; their members have them at `GET /v1/me/groups`.
        """
        if "min-position" in request.headers:
            await engine.refresh(index)  # indexed by now, since the route has waited; and then found, too
        prices = prices_in(exchange, currency, await engine.values(index, "price.currency"))
        wanted = Wanted(
            currency,
            tuple(sorted(status or OPEN)),
            q.strip(),
            category,
            supplier,
            closing_before,
            Bounds(price_min, price_max),
            circle(near, radius),
            sort,
            limit,
        )
        found = await engine.search(index, asked(wanted, prices, cursor))
        hits = found.hits.hits[:limit]
        more = len(found.hits.hits) > limit
        items = await listed([found_document.decode(each.source) for each in hits], prices, caller, documents, clock())
        following = cursor_at(hits[-1].sort, wanted, prices) if more else None
        answer: Any = Response(msgspec.json.encode({"items": items, "next": following, "currency": currency}), media_type=JSON)
        return answer


async def listed(found: Sequence[FoundDocument], prices: Prices, caller: Caller, documents: Documents, now: datetime) -> list[Raw]:
    """As pages show them; what the caller's own part in each is, costs one statement for all."""
    parts = await parts_in(found, caller, documents)
    return [
        Raw(with_fields(each.row.page, {**beside(each.row, part, caller, now), "priceShown": prices.shown(each.price)}))
        for each, part in zip(found, parts, strict=True)
    ]


async def parts_in(found: Sequence[FoundDocument], caller: Caller, documents: Documents) -> Sequence[Found | None]:
    if not (caller.known and found):
        return [None] * len(found)
    keys = [contribution_id(each.id, caller.id) for each in found]
    known = await to_thread.run_sync(rows, documents, members.view, keys)
    return [known.get(key) for key in keys]
