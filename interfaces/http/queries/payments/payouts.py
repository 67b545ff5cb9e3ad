"""Payouts: what sellers were paid of what they have earned, and what is on its way."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.payments.payouts.events import Status
from domain.payments.payouts.payout import next_actions
from domain.values import Actor
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.payments.payouts import NEWEST_FIRST, PayoutPage, asked_for, view, visible_to
from projections.ports import Documents, Found

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=500, description="`next` of the page before.")]
Stand = Annotated[Status | None, QueryParameter(description="Only those that stand so.")]
Group = Annotated[UUID | None, QueryParameter(description="Only those for this group purchase.")]


class ShownPayout(PayoutPage, frozen=True, kw_only=True):
    """With what the caller may do next."""

    actions: list[str]


class PayoutList(Struct, frozen=True):
    items: list[ShownPayout]
    next: str | None


class PayoutQueries(Controller):
    path = "/v1/payouts"
    tags = ("payouts",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        status: Stand = None,
        group: Group = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[PayoutList]:
        """The caller's own payouts, for staff and auditors all, the newest first."""
        where = visible_to(caller.actor) & asked_for(status, group)
        found = documents.page(view, where, limit=limit, cursor=cursor, order=NEWEST_FIRST)
        answer: Any = page(found, lambda each: allowed(each, caller.actor))
        return answer

    @get(
        "/{payout_id:uuid}", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("payout_not_found")
    )
    def one(self, payout_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> Response[ShownPayout]:
        """One payout: for its seller, staff and auditors."""
        found = documents.one(view, payout_id, visible_to(caller.actor))
        if found is None:
            raise Problem(404, "payout_not_found")
        answer: Any = document(found, **allowed(found, caller.actor))
        return answer


def allowed(found: Found, by: Actor) -> dict[str, Any]:
    return {"actions": next_actions(found.columns["status"], by)}
