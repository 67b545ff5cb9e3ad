"""Messages of payment providers: what they have sent, and what was done with it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.values import Role
from interfaces.http.answers import JSON
from interfaces.http.caller import requires
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections import cursors
from projections.payments.desk import PaymentDesk, ReceivedMessage

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=500, description="`next` of the page before.")]
ProviderName = Annotated[str | None, QueryParameter(max_length=40, description="Only this provider's.")]
Handled = Annotated[
    Literal["received", "done", "ignored", "unknown", "refused"] | None,
    QueryParameter(description="Only those that were handled so; `unknown` are about no payment of ours."),
]
STAFF = requires(Role.STAFF, Role.ADMIN, Role.AUDITOR)


class MessageList(Struct, frozen=True):
    items: list[ReceivedMessage]
    next: str | None


class MessageQueries(Controller):
    path = "/v1/webhooks"
    tags = ("webhooks",)

    @get("/", guards=[STAFF], sync_to_thread=True, responses=problems("bad_cursor"))
    def all(
        self,
        payment_desk: Given[PaymentDesk],
        provider: ProviderName = None,
        handling: Handled = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> MessageList:
        """What providers have sent, the newest first."""
        asked = ("webhooks", provider, handling)
        before = None if cursor is None else cursors.read(cursor, asked, tuple[datetime, UUID])
        found = payment_desk.messages(provider, handling, before, limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return MessageList(list(found[:limit]), cursors.written((last.received_at, last.id), asked) if last else None)

    @get("/{message_id:uuid}", guards=[STAFF], sync_to_thread=True, responses=problems("message_not_found"))
    def one(self, message_id: FromPath[UUID], payment_desk: Given[PaymentDesk]) -> Response[dict[str, Any]]:
        """A message as it came, byte by byte."""
        body = payment_desk.body(message_id)
        if body is None:
            raise Problem(404, "message_not_found")
        answer: Any = Response(body, media_type=JSON)
        return answer
