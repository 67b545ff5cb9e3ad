"""Messages of payment providers, once they are received: dealt with again by hand."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response
from litestar.params import FromPath
from msgspec import Struct

from application.payments.ports import MessageBook
from domain.values import Role
from interfaces.http.caller import requires
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import post


class Due(Struct, frozen=True):
    """What will be done with it is found in the list of messages."""

    due: bool = True


class MessageCommands(Controller):
    path = "/v1/webhooks"
    tags = ("webhooks",)

    @post(
        "/{message_id:uuid}/replay",
        status_code=202,
        guards=[requires(Role.STAFF, Role.ADMIN)],
        sync_to_thread=True,
        responses=problems("message_not_found"),
    )
    def replay(self, message_id: FromPath[UUID], request: Request[Any, Any, Any], payment_messages: Given[MessageBook]) -> Response[Due]:
        """Deal with a message once more; what it led to before is not repeated."""
        correlation: UUID = request.scope["correlation_id"]  # type: ignore[typeddict-item]
        if not payment_messages.again(message_id, correlation):
            raise Problem(404, "message_not_found")
        return Response(Due(), status_code=202)
