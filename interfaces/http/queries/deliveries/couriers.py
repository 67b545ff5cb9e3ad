"""The roster, and each courier's own way through the day."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Raw, Struct

from domain.deliveries.courier import CAPACITY_LIMIT, next_actions
from domain.deliveries.route import in_route_order
from domain.trade import Spot
from domain.values import Role, Value
from interfaces.http.answers import JSON, document, page, with_fields
from interfaces.http.caller import Caller, requires
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.deliveries.deliveries import DeliveryList, shown
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.deliveries import delivery
from projections.deliveries.couriers import NEWEST_FIRST, Courier, asked_for, view, visible_to
from projections.deliveries.tracking import Seen, Whereabouts
from projections.ports import Documents, Found

COURIERS = requires(Role.COURIER)
ROSTER = requires(Role.STAFF, Role.ADMIN, Role.SELLER, Role.AUDITOR)


class ShownCourier(Courier, frozen=True, kw_only=True):
    """`position` is where the courier was seen last, null where he never was."""

    actions: list[str]
    position: Seen | None


class CourierList(Struct, frozen=True):
    items: list[ShownCourier]
    next: str | None


class Located(Value, frozen=True):
    spot: Spot | None = None


located = msgspec.json.Decoder(Located)


class CourierQueries(Controller):
    path = "/v1/couriers"
    tags = ("couriers",)

    @get("/", guards=[ROSTER], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        whereabouts: Given[Whereabouts],
        zone: Annotated[UUID | None, QueryParameter(description="Only who rides in this zone.")] = None,
        on_duty: Annotated[bool | None, QueryParameter(name="onDuty", description="Only who is on duty, or who is not.")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[CourierList]:
        """The roster with each courier's workload, the last to join first."""
        where = visible_to(caller.actor) & asked_for(zone, on_duty=on_duty)
        found = documents.page(view, where, limit=limit, cursor=cursor, order=NEWEST_FIRST)
        seen = whereabouts.last([id_of(each) for each in found.items])
        answer: Any = page(found, lambda each: about(each, caller, seen))
        return answer

    @get("/me", guards=[COURIERS], sync_to_thread=True, opt={"projection": view.name}, responses=problems("courier_not_found"))
    def me(self, caller: Given[Caller], documents: Given[Documents], whereabouts: Given[Whereabouts]) -> Response[ShownCourier]:
        """The caller's own entry."""
        return entry(caller.id, caller, documents, whereabouts)

    @get("/{courier_id:uuid}", guards=[ROSTER], sync_to_thread=True, opt={"projection": view.name}, responses=problems("courier_not_found"))
    def one(
        self, courier_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents], whereabouts: Given[Whereabouts]
    ) -> Response[ShownCourier]:
        """One courier's entry."""
        return entry(courier_id, caller, documents, whereabouts)

    @get("/me/deliveries", guards=[COURIERS], sync_to_thread=True, opt={"projection": delivery.view.name})
    def route(self, caller: Given[Caller], documents: Given[Documents], whereabouts: Given[Whereabouts]) -> Response[DeliveryList]:
        """What the caller has in hand, in the order in which one drives it: from where he is always on to the nearest."""
        found = documents.page(delivery.view, delivery.in_hand_of(caller.id), limit=CAPACITY_LIMIT, order=delivery.OLDEST_FIRST).items
        here = whereabouts.last([caller.id]).get(caller.id)
        stops = [(located.decode(each.document).spot, each) for each in found]
        items = [Raw(with_fields(each.document, shown(each, caller.actor))) for each in in_route_order(here and here.spot, stops)]
        answer: Any = Response(msgspec.json.encode({"items": items, "next": None}), media_type=JSON)
        return answer


def entry(courier_id: UUID, caller: Caller, documents: Documents, whereabouts: Whereabouts) -> Response[ShownCourier]:
    found = documents.one(view, courier_id, visible_to(caller.actor))
    if found is None:
        raise Problem(404, "courier_not_found")
    answer: Any = document(found, **about(found, caller, whereabouts.last([courier_id])))
    return answer


def about(found: Found, caller: Caller, seen: Mapping[UUID, Seen]) -> Mapping[str, Any]:
    id = id_of(found)
    return {"actions": next_actions(id, caller.actor, on_duty=found.columns["on_duty"]), "position": seen.get(id)}


def id_of(found: Found) -> UUID:
    return UUID(str(found.key))
