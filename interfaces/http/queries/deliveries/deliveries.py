"""Deliveries, as buyers, sellers, couriers and staff see them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.deliveries.delivery import IN_HAND, LIFECYCLE, relations
from domain.deliveries.events import Status
from domain.values import Actor
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, anyone, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.shopper import Shopper, Token
from projections.deliveries.delivery import NEWEST_FIRST, DeliveryPage, asked_for, view, visible_to
from projections.deliveries.tracking import Codes, LocalTimes, local
from projections.ports import Documents, Found

CODE_SHOWN = {Status.OPEN, *IN_HAND}


class ShownDelivery(DeliveryPage, frozen=True, kw_only=True):
    """`local` has the window by the clock of the place; `code` is shown to the buyer alone, who gives it to the courier at the door."""

    local: LocalTimes
    actions: list[str]
    code: str | None = None


class DeliveryList(Struct, frozen=True):
    items: list[ShownDelivery]
    next: str | None


class DeliveryQueries(Controller):
    path = "/v1/deliveries"
    tags = ("deliveries",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        order: Annotated[UUID | None, QueryParameter(description="Only this order's.")] = None,
        courier: Annotated[UUID | None, QueryParameter(description="Only this courier's.")] = None,
        zone: Annotated[UUID | None, QueryParameter(description="Only in this zone.")] = None,
        status: Annotated[Status | None, QueryParameter(description="Only those that stand so.")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[DeliveryList]:
        """The deliveries that concern the caller, the newest first; for staff all."""
        where = visible_to(caller.actor) & asked_for(order, courier, zone, status)
        found = documents.page(view, where, limit=limit, cursor=cursor, order=NEWEST_FIRST)
        answer: Any = page(found, lambda each: shown(each, caller.actor))
        return answer

    @get(
        "/{delivery_id:uuid}",
        guards=[anyone],
        sync_to_thread=True,
        opt={"projection": view.name},
        responses=problems("delivery_not_found"),
    )
    def one(
        self,
        delivery_id: FromPath[UUID],
        shopper: Given[Shopper],
        documents: Given[Documents],
        delivery_codes: Given[Codes],
        _token: Token = None,
    ) -> Response[ShownDelivery]:
        """One delivery with what the caller may do next; 404 also where it is none of his business."""
        found = documents.one(view, delivery_id, visible_to(shopper.actor))
        if found is None:
            raise Problem(404, "delivery_not_found")
        own = found.columns["buyer_id"] == shopper.id and found.columns["status"] in CODE_SHOWN
        answer: Any = document(found, **shown(found, shopper.actor), code=delivery_codes.of(delivery_id) if own else None)
        return answer


def shown(found: Found, by: Actor) -> Mapping[str, Any]:
    """What depends on the caller, and on the rules for time zones as they are by now."""
    columns = found.columns
    held = relations(columns["buyer_id"], columns["seller_id"], columns["courier_id"], by)
    starts_at: datetime | None = columns["starts_at"]
    return {
        "local": local(columns["time_zone"], starts_at=starts_at, ends_at=columns["ends_at"]),
        "actions": LIFECYCLE.actions(columns["status"], held),
    }
