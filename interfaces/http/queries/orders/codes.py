"""Discount codes with their terms and uses, for those who declare them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath
from msgspec import Struct

from domain.orders.codes.code import next_actions
from domain.values import Role
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, requires
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.orders.codes import NEWEST_FIRST, DiscountCode, view
from projections.ports import Documents, Found

STAFF = requires(Role.STAFF, Role.ADMIN, Role.AUDITOR)


class ShownCode(DiscountCode, frozen=True, kw_only=True):
    actions: list[str]


class CodeList(Struct, frozen=True):
    items: list[ShownCode]
    next: str | None


class CodeQueries(Controller):
    path = "/v1/discount-codes"
    tags = ("discount codes",)

    @get("/", guards=[STAFF], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(self, caller: Given[Caller], documents: Given[Documents], limit: Limit = 20, cursor: Cursor = None) -> Response[CodeList]:
        """All codes, the last declared first."""
        answer: Any = page(documents.page(view, limit=limit, cursor=cursor, order=NEWEST_FIRST), lambda each: actions(each, caller))
        return answer

    @get(
        "/{code_id:uuid}", guards=[STAFF], sync_to_thread=True, opt={"projection": view.name}, responses=problems("discount_code_not_found")
    )
    def one(self, code_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> Response[ShownCode]:
        """One code with its terms, and how many checkouts hold it."""
        found = documents.one(view, code_id)
        if found is None:
            raise Problem(404, "discount_code_not_found")
        answer: Any = document(found, **actions(found, caller))
        return answer


def actions(found: Found, caller: Caller) -> Mapping[str, Any]:
    return {"actions": next_actions(withdrawn=found.columns["withdrawn"], by=caller.actor)}
