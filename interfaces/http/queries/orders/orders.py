"""Orders, as their buyers, their sellers and staff see them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.orders.events import Status
from domain.orders.lifecycle import next_actions
from domain.values import Actor
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, anyone, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.shopper import Shopper, Token
from projections.orders import timeline
from projections.orders.page import NEWEST_FIRST, OrderPage, asked_for, bought_by, sold_by, view, visible_to
from projections.orders.timeline import Timeline
from projections.ports import Clock, Documents, Found
from projections.sql import Where


class Part(StrEnum):
    ALL = "all"
    BOUGHT = "bought"
    SOLD = "sold"


Stand = Annotated[Status | None, QueryParameter(description="Only those that stand so.")]
Checkout = Annotated[UUID | None, QueryParameter(description="Only those of this checkout.")]
Recurring = Annotated[UUID | None, QueryParameter(description="Only those of this recurring order.")]
Side = Annotated[Part, QueryParameter(description="Those one has bought, those one sells, or all that one may see.")]


class ShownOrder(OrderPage, frozen=True, kw_only=True):
    """`paySecondsLeft` counts down to `paymentDue` while the order is unpaid; null otherwise."""

    actions: list[str]
    pay_seconds_left: int | None


class OrderList(Struct, frozen=True):
    items: list[ShownOrder]
    next: str | None


class OrderQueries(Controller):
    path = "/v1/orders"
    tags = ("orders",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        clock: Given[Clock],
        side: Side = Part.ALL,
        status: Stand = None,
        checkout: Checkout = None,
        recurring: Recurring = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[OrderList]:
        """The orders that the caller may see, the newest first: as buyer, as seller, and for staff all."""
        where = {Part.ALL: visible_to(caller.actor), Part.BOUGHT: bought_by(caller.id), Part.SOLD: sold_by(caller.id)}[side]
        found = documents.page(view, where & asked_for(status, checkout, recurring), limit=limit, cursor=cursor, order=NEWEST_FIRST)
        answer: Any = page(found, lambda each: beside(each, caller.actor, clock()))
        return answer

    @get("/{order_id:uuid}", guards=[anyone], sync_to_thread=True, opt={"projection": view.name}, responses=problems("order_not_found"))
    def one(
        self, order_id: FromPath[UUID], shopper: Given[Shopper], documents: Given[Documents], clock: Given[Clock], _token: Token = None
    ) -> Response[ShownOrder]:
        """One order with what the caller may do next; 404 also for those he may not see."""
        found = documents.one(view, order_id, visible(shopper))
        if found is None:
            raise Problem(404, "order_not_found")
        answer: Any = document(found, **beside(found, shopper.actor, clock()))
        return answer

    @get(
        "/{order_id:uuid}/timeline",
        guards=[anyone],
        sync_to_thread=True,
        opt={"projection": timeline.view.name},
        responses=problems("order_not_found"),
    )
    def timeline(self, order_id: FromPath[UUID], shopper: Given[Shopper], documents: Given[Documents]) -> Response[Timeline]:
        """What has happened to an order, step by step."""
        found = documents.one(timeline.view, order_id, visible(shopper))
        if found is None:
            raise Problem(404, "order_not_found")
        answer: Any = document(found)
        return answer


class CheckoutQueries(Controller):
    path = "/v1/checkouts"
    tags = ("checkouts",)

    @get(
        "/{checkout_id:uuid}", guards=[anyone], sync_to_thread=True, opt={"projection": view.name}, responses=problems("checkout_not_found")
    )
    def one(
        self, checkout_id: FromPath[UUID], shopper: Given[Shopper], documents: Given[Documents], clock: Given[Clock]
    ) -> Response[OrderList]:
        """The orders of one checkout, one for each seller."""
        found = documents.page(view, visible(shopper) & asked_for(None, checkout_id, None), limit=100, order=NEWEST_FIRST)
        if not found.items:
            raise Problem(404, "checkout_not_found")
        answer: Any = page(found, lambda each: beside(each, shopper.actor, clock()))
        return answer


def visible(shopper: Shopper) -> Where:
    return visible_to(shopper.actor) if shopper.known else Where("false")


def beside(found: Found, by: Actor, now: datetime) -> Mapping[str, Any]:
    columns = found.columns
    unpaid = columns["status"] == Status.CREATED
    left = max(0, int((columns["payment_due"] - now).total_seconds())) if unpaid else None
    actions = next_actions(columns["buyer_id"], columns["seller_id"], columns["stage"], by)
    return {"actions": actions, "paySecondsLeft": left}
