"""Messages of payment providers: signed over the raw body, kept as they came, answered at once, dealt with afterwards."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response
from litestar.params import PathParameter, RawBody
from msgspec import Struct

from application.payments.ports import Forged, MessageBook, Providers
from interfaces.http.caller import anyone
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import post

MESSAGE_LIMIT = 256 * 1024
"""Bytes; the largest that providers send are a tenth of it."""

Provider = Annotated[str, PathParameter(description="`sandbox`, `stripe` or `flutterwave`, where it is configured.")]


class Received(Struct, frozen=True):
    """`known`: it had been received before."""

    known: bool


class ProviderMessages(Controller):
    path = "/v1/webhooks/{provider:str}"
    tags = ("webhooks",)

    @post(
        "/",
        status_code=200,
        guards=[anyone],
        sync_to_thread=True,
        request_max_body_size=MESSAGE_LIMIT,
        opt={"accepts": "application/json"},
        responses=problems("provider_not_found", "signature_invalid"),
    )
    def receive(
        self,
        provider: Provider,
        body: RawBody,
        request: Request[Any, Any, Any],
        providers: Given[Providers],
        payment_messages: Given[MessageBook],
    ) -> Response[Received]:
        """For providers: keep a message. The same one again is known and changes nothing."""
        sender = providers.get(provider)
        if sender is None:
            raise Problem(404, "provider_not_found")
        try:
            announced = sender.verify({name.lower(): value for name, value in request.headers.items()}, body)
        except Forged:
            raise Problem(401, "signature_invalid", "Not signed by the provider, or too long ago.") from None
        correlation: UUID = request.scope["correlation_id"]  # type: ignore[typeddict-item]
        return Response(Received(known=not payment_messages.receive(provider, announced, body, correlation)), status_code=200)
