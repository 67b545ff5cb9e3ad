"""Payments for checkouts: what was asked of payers, how they tried to pay it, and what went back."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.payments.events import Status
from domain.payments.lifecycle import next_actions
from domain.payments.standing import Stage
from domain.values import Actor, Role
from interfaces.http.answers import JSON, page
from interfaces.http.caller import Caller, anyone, requires, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.shopper import Shopper, Token
from projections import cursors
from projections.payments.desk import Comparison, PaymentDesk
from projections.payments.page import NEWEST_FIRST, PaymentPage, as_seen_by, asked_for, view, visible_to
from projections.ports import Documents, Found, Page

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=500, description="`next` of the page before.")]
Stand = Annotated[Status | None, QueryParameter(description="Only those that stand so.")]
Checkout = Annotated[UUID | None, QueryParameter(description="Only those of this checkout.")]
ProviderName = Annotated[str | None, QueryParameter(max_length=40, description="Only this provider's.")]


class ShownPayment(PaymentPage, frozen=True, kw_only=True, tag=False):
    """`actionUrl` is where the payer has to go, for him alone and while there is something to do."""

    actions: list[str]
    action_url: str | None = None


class PaymentList(Struct, frozen=True):
    items: list[ShownPayment]
    next: str | None


class ComparisonList(Struct, frozen=True):
    items: list[Comparison]
    next: str | None


class PaymentQueries(Controller):
    path = "/v1/payments"
    tags = ("payments",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        status: Stand = None,
        checkout: Checkout = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[PaymentList]:
        """The payments that the caller has a part in, for staff all, the newest first."""
        where = visible_to(caller.actor) & asked_for(status, checkout, None)
        return listed(documents.page(view, where, limit=limit, cursor=cursor, order=NEWEST_FIRST), caller)

    @get("/reconciliations", guards=[requires(Role.STAFF, Role.ADMIN, Role.AUDITOR)], sync_to_thread=True, responses=problems("bad_cursor"))
    def reconciliations(
        self, payment_desk: Given[PaymentDesk], provider: ProviderName = None, limit: Limit = 20, cursor: Cursor = None
    ) -> ComparisonList:
        """The daily comparisons with providers, the newest first: what was missed and repaired, and what is left to a person."""
        asked = ("reconciliations", provider)
        before = None if cursor is None else cursors.read(cursor, asked, tuple[datetime, UUID])
        found = payment_desk.comparisons(provider, before, limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return ComparisonList(list(found[:limit]), cursors.written((last.until, last.id), asked) if last else None)

    @get("/{payment_id:uuid}", guards=[anyone], sync_to_thread=True, opt={"projection": view.name}, responses=problems("payment_not_found"))
    def one(
        self,
        payment_id: FromPath[UUID],
        shopper: Given[Shopper],
        documents: Given[Documents],
        payment_desk: Given[PaymentDesk],
        _token: Token = None,
    ) -> Response[ShownPayment]:
        """One payment, for its payer (a guest by the token of his cart), a seller with a share in it, and staff.

        A seller sees his own part.
        """
        found = documents.one(view, payment_id, visible_to(shopper.actor)) if shopper.known else None
        if found is None:
            raise Problem(404, "payment_not_found")
        shown = seen(found, shopper.actor)
        last = shown["attempts"][-1]
        if shopper.id == found.columns["payer_id"] and last["stage"] == Stage.ACTION_REQUIRED:
            shown["actionUrl"] = payment_desk.action_url(payment_id, last["number"]) or None
        answer: Any = Response(msgspec.json.encode(shown), media_type=JSON, headers={"ETag": f'"{found.version}"'})
        return answer


class OwnPaymentQueries(Controller):
    path = "/v1/me/payments"
    tags = ("payments",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def mine(
        self, caller: Given[Caller], documents: Given[Documents], status: Stand = None, limit: Limit = 20, cursor: Cursor = None
    ) -> Response[PaymentList]:
        """What the caller has paid, or is to pay, the newest first."""
        where = asked_for(status, None, caller.id)
        return listed(documents.page(view, where, limit=limit, cursor=cursor, order=NEWEST_FIRST), caller)


def seen(found: Found, by: Actor) -> dict[str, Any]:
    """The document as the caller may see it, with what he may do next."""
    payment = as_seen_by(msgspec.json.decode(found.document, type=PaymentPage), by)
    actions = next_actions(payment.payer_id, found.columns["sellers"], payment.status, by, payment.purpose)
    return {**msgspec.to_builtins(payment), "actions": actions, "actionUrl": None}


def listed(found: Page, caller: Caller) -> Response[PaymentList]:
    items = [
        Found(each.key, each.version, msgspec.Raw(msgspec.json.encode(seen(each, caller.actor))), each.columns) for each in found.items
    ]
    answer: Any = page(Page(items, found.next))
    return answer
