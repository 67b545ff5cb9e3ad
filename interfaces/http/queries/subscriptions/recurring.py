"""Recurring orders, as their customers and the staff see them."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.subscriptions.events import Status
from domain.subscriptions.recurring_order import next_actions, occurrence_actions
from domain.subscriptions.schedule import upcoming
from domain.values import Address, Role
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, requires, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.ports import Clock, Documents, Found
from projections.subscriptions import details, occurrences, recurring
from projections.subscriptions.occurrences import FAILED, LATEST_DAY_FIRST, LATEST_FIRST, OccurrencePage
from projections.subscriptions.recurring import NEWEST_FIRST, RecurringOrderPage, standing, visible_to

COMING = 10
"""Days that are shown ahead."""

Stand = Annotated[Status | None, QueryParameter(description="Only those that stand so.")]


class ShownRecurringOrder(RecurringOrderPage, frozen=True, kw_only=True):
    actions: list[str]


class WholeRecurringOrder(ShownRecurringOrder, frozen=True, kw_only=True):
    """`nextDates` are the coming days, the skipped ones left out; `address` is null once its owner is forgotten."""

    next_dates: list[dt.date]
    address: Address | None
    contact: str
    provider: str


class ShownOccurrence(OccurrencePage, frozen=True, kw_only=True):
    actions: list[str]


class RecurringOrderList(Struct, frozen=True):
    items: list[ShownRecurringOrder]
    next: str | None


class OccurrenceList(Struct, frozen=True):
    items: list[ShownOccurrence]
    next: str | None


class RecurringOrderQueries(Controller):
    path = "/v1/recurring-orders"
    tags = ("recurring orders",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": recurring.view.name}, responses=problems("bad_cursor"))
    def all(
        self, caller: Given[Caller], documents: Given[Documents], status: Stand = None, limit: Limit = 20, cursor: Cursor = None
    ) -> Response[RecurringOrderList]:
        """The caller's recurring orders, and for staff everyone's, the newest first."""
        where = visible_to(caller.actor) & standing(status)
        found = documents.page(recurring.view, where, limit=limit, cursor=cursor, order=NEWEST_FIRST)
        answer: Any = page(found, lambda each: actions(each, caller))
        return answer

    @get(
        "/failures",
        guards=[requires(Role.STAFF, Role.ADMIN)],
        sync_to_thread=True,
        opt={"projection": occurrences.view.name},
        responses=problems("bad_cursor"),
    )
    def failures(
        self, caller: Given[Caller], documents: Given[Documents], clock: Given[Clock], limit: Limit = 20, cursor: Cursor = None
    ) -> Response[OccurrenceList]:
        """Days of all customers that brought nothing, the latest failure first; `retry` is offered until their time is over."""
        found = documents.page(occurrences.view, FAILED, limit=limit, cursor=cursor, order=LATEST_FIRST)
        answer: Any = page(found, lambda each: of_day(each, caller, clock()))
        return answer

    @get(
        "/{recurring_id:uuid}",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": recurring.view.name},
        responses=problems("recurring_order_not_found"),
    )
    def one(
        self, recurring_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents], clock: Given[Clock]
    ) -> Response[WholeRecurringOrder]:
        """One recurring order with its next days, for its customer and the staff."""
        found = seen(documents, recurring_id, caller)
        given = documents.one(details.view, recurring_id)
        shown = msgspec.json.decode(given.document) if given else {}
        told = {name: shown.get(name) for name in ("address", "contact", "provider")}
        answer: Any = document(found, nextDates=next_dates(found, clock()), **told, **actions(found, caller))
        return answer

    @get(
        "/{recurring_id:uuid}/occurrences",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": occurrences.view.name},
        responses=problems("recurring_order_not_found", "bad_cursor"),
    )
    def days(
        self,
        recurring_id: FromPath[UUID],
        caller: Given[Caller],
        documents: Given[Documents],
        clock: Given[Clock],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[OccurrenceList]:
        """What became of each day, the latest day first: its orders, or why there are none."""
        seen(documents, recurring_id, caller)
        found = documents.page(occurrences.view, occurrences.of(recurring_id), limit=limit, cursor=cursor, order=LATEST_DAY_FIRST)
        answer: Any = page(found, lambda each: of_day(each, caller, clock()))
        return answer


def seen(documents: Documents, recurring_id: UUID, caller: Caller) -> Found:
    """The recurring order, if it is one that the caller may see."""
    found = documents.one(recurring.view, recurring_id, visible_to(caller.actor))
    if found is None:
        raise Problem(404, "recurring_order_not_found")
    return found


def actions(found: Found, caller: Caller) -> Mapping[str, Any]:
    return {"actions": next_actions(found.columns["customer_id"], found.columns["status"], caller.actor)}


def of_day(found: Found, caller: Caller, now: dt.datetime) -> Mapping[str, Any]:
    columns = found.columns
    starts_at: dt.datetime = columns["starts_at"] or now
    return {"actions": occurrence_actions(columns["customer_id"], columns["outcome"], starts_at, now, caller.actor)}


def next_dates(found: Found, now: dt.datetime) -> list[dt.date]:
    order = msgspec.json.decode(found.document, type=RecurringOrderPage)
    if order.status is Status.ENDED:
        return []
    return upcoming(order.schedule, now, order.last_date, order.skipped, COMING)
