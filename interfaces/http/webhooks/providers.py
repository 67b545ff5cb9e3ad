"""Messages of payment providers: signed over the raw body, kept as they came, answered at once, dealt with afterwards."""

from typing import Any, TypeAlias
from uuid import UUID

from litestar import Controller, Request, Response
from litestar.params import RawBody
from msgspec import Struct

from application.payments.ports import Forged, MessageBook, Providers
from interfaces.http.caller import anyone
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import post

MESSAGE_LIMIT = 256 * 1024
"""Bytes; the largest that providers send are a tenth of it."""


class Received(Struct, frozen=True):
    """`known`: it had been received before."""

    known: bool


Message: TypeAlias = Request[Any, Any, Any]
Answer: TypeAlias = Response[Received]


DECLARED: dict[str, Any] = {
    "status_code": 200,
    "guards": [anyone],
    "sync_to_thread": True,
    "request_max_body_size": MESSAGE_LIMIT,
    "opt": {"accepts": "application/json"},
    "responses": problems("provider_not_found", "signature_invalid"),
}


class ProviderMessages(Controller):
    """Each provider has an address of its own; one that is not configured has nobody behind it."""

    path = "/v1/webhooks"
    tags = ("webhooks",)

    @post("/sandbox", **DECLARED)
    def sandbox(self, body: RawBody, request: Message, providers: Given[Providers], payment_messages: Given[MessageBook]) -> Answer:
        """For the sandbox: keep a message. The same one again is known and changes nothing."""
        return received("sandbox", body, request, providers, payment_messages)

    @post("/stripe", **DECLARED)
    def stripe(self, body: RawBody, request: Message, providers: Given[Providers], payment_messages: Given[MessageBook]) -> Answer:
        """For Stripe: keep a message, signed in `Stripe-Signature`. The same one again is known and changes nothing."""
        return received("stripe", body, request, providers, payment_messages)

    @post("/flutterwave", **DECLARED)
    def flutterwave(self, body: RawBody, request: Message, providers: Given[Providers], payment_messages: Given[MessageBook]) -> Answer:
        """For Flutterwave: keep a message with the secret hash in `verif-hash`. The same one again is known and changes nothing."""
        return received("flutterwave", body, request, providers, payment_messages)


def received(name: str, body: bytes, request: Message, providers: Providers, messages: MessageBook) -> Answer:
    provider = providers.get(name)
    if provider is None:
        raise Problem(404, "provider_not_found", "It is not configured here.")
    try:
        announced = provider.verify({each.lower(): value for each, value in request.headers.items()}, body)
    except Forged:
        raise Problem(401, "signature_invalid", "Not signed by the provider, or too long ago.") from None
    correlation: UUID = request.scope["correlation_id"]  # type: ignore[typeddict-item]
    return Response(Received(known=not messages.receive(name, announced, body, correlation)), status_code=200)
