"""Questions about listings, as their senders and the sellers see them."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.listings.inquiries import NEWEST_FIRST, Inquiry, either, received_by, sent_by, view
from projections.ports import Documents


class Box(StrEnum):
    ALL = "all"
    RECEIVED = "received"
    SENT = "sent"


BOXES = {Box.ALL: either, Box.RECEIVED: received_by, Box.SENT: sent_by}


class InquiryList(Struct, frozen=True):
    items: list[Inquiry]
    next: str | None


class InquiryQueries(Controller):
    path = "/v1"
    tags = ("inquiries",)

    @get("/me/inquiries", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def mine(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        box: Annotated[Box, QueryParameter(description="Those received as a seller, those sent, or all.")] = Box.ALL,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[InquiryList]:
        """The caller's inquiries, the newest first."""
        found = documents.page(view, BOXES[box](caller.id), limit=limit, cursor=cursor, order=NEWEST_FIRST)
        answer: Any = page(found)
        return answer

    @get(
        "/inquiries/{inquiry_id:uuid}",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": view.name},
        responses=problems("inquiry_not_found"),
    )
    def one(self, inquiry_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> Response[Inquiry]:
        """One inquiry, for its sender and the seller."""
        found = documents.one(view, inquiry_id, either(caller.id))
        if found is None:
            raise Problem(404, "inquiry_not_found")
        answer: Any = document(found)
        return answer
