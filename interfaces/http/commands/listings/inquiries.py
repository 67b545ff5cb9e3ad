"""Questions to sellers."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from application.commands.inquiries import AskSeller
from domain.listings.content import MESSAGE_LIMIT
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import signed_in
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post


class Question(Body, frozen=True):
    message: Annotated[str, Meta(min_length=1, max_length=MESSAGE_LIMIT, examples=["Is the engine from the same year?"])]


class InquiryCommands(Controller):
    path = "/v1/listings/{listing_id:uuid}/inquiries"
    tags = ("inquiries",)

    @post("/", guards=[signed_in], sync_to_thread=True, responses=problems("listing_not_found", "listing_not_published", "own_listing"))
    def send(
        self,
        listing_id: FromPath[UUID],
        data: JSONBody[Question],
        run: Given[Dispatch],
        ask_seller: Given[AskSeller],
    ) -> Response[Accepted]:
        """Ask the seller of a published listing."""
        return run.answer(ask_seller(run.new_id(), listing_id, data.message, run.by, run.now, run.meta), "/v1/inquiries")
