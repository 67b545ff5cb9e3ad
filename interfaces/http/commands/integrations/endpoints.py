"""Webhook endpoints: addresses of other systems that public events are sent to, signed, and tried again until they are taken."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, UnsetType

from application.commands.endpoints.tend import TendEndpoint
from application.handler import Appended
from domain.integrations.endpoints import commands as c
from domain.integrations.endpoints.endpoint import DESCRIPTION_LIMIT, URL_LIMIT
from domain.values import Role
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import scoped
from interfaces.http.commands.integrations.bodies import Position, Type
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import delete, patch, post

SENDERS = scoped("feeds:read", Role.ADMIN)
NOT_FOUND = ("endpoint_not_found", "not_yours")

Address = Annotated[str, Meta(max_length=URL_LIMIT, examples=["https://books.example/hooks"])]
Types = Annotated[tuple[Type, ...], Meta(max_length=100, description="Only these; all where there are none.")]
Description = Annotated[str, Meta(max_length=DESCRIPTION_LIMIT, description="Never about a person.", examples=["Bookkeeping"])]
Secret = Annotated[
    str | None,
    Meta(description="`whsec_` and base64; null once it signs nothing any more.", examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]),
]


class NewEndpoint(Body, frozen=True):
    url: Address
    types: Types = ()
    description: Description = ""


class ChangedEndpoint(Body, frozen=True):
    """What is left out stays as it is."""

    url: Address | UnsetType = UNSET
    types: Types | UnsetType = UNSET
    description: Description | UnsetType = UNSET


class Behind(Body, frozen=True):
    """Events behind the position are sent again."""

    position: Position


class MadeSecret(Accepted, frozen=True, kw_only=True):
    """`secret` is shown this once."""

    secret: Secret


class Sent(Accepted, frozen=True, kw_only=True):
    """`deliveryId` is what to ask for, to see what came of it."""

    delivery_id: UUID


step = steps("/{endpoint_id:uuid}", *NOT_FOUND)
again = steps("/{endpoint_id:uuid}/deliveries/{delivery_id:uuid}", *NOT_FOUND)


class EndpointCommands(Controller):
    path = "/v1/webhook-endpoints"
    tags = ("webhook endpoints",)

    @post("/", guards=[SENDERS], sync_to_thread=True, responses=problems("not_yours", "too_many_endpoints"))
    def create_endpoint(
        self, data: JSONBody[NewEndpoint], run: Given[Dispatch], tend_endpoint: Given[TendEndpoint]
    ) -> Response[MadeSecret]:
        """Have public events sent to an address from now on. Keep the secret: it is not shown again, but to the same Idempotency-Key.

        422 `url_invalid`, `url_insecure` without https, `host_unknown`, and `address_refused` where it leads into a private network.
        """
        command = c.CreateEndpoint(run.new_id(), data.url, data.types, data.description, run.by, run.now)
        appended, secret = tend_endpoint.create(command, run.meta)
        return with_secret(run, appended, secret, "/v1/webhook-endpoints")

    @patch("/{endpoint_id:uuid}", guards=[SENDERS], sync_to_thread=True, responses=problems(*NOT_FOUND))
    def change_endpoint(
        self, endpoint_id: FromPath[UUID], data: JSONBody[ChangedEndpoint], run: Given[Dispatch], tend_endpoint: Given[TendEndpoint]
    ) -> Response[Accepted]:
        """Another address, other types or another description. What waits goes to the new address. 422 as above."""
        url = None if data.url is UNSET else data.url
        types = None if data.types is UNSET else data.types
        description = None if data.description is UNSET else data.description
        command = c.ChangeEndpoint(endpoint_id, url, types, description, run.by, run.now)
        return run.answer(tend_endpoint.change(command, run.meta, run.expected))

    @delete("/{endpoint_id:uuid}", status_code=200, guards=[SENDERS], sync_to_thread=True, responses=problems(*NOT_FOUND))
    def delete_endpoint(self, endpoint_id: FromPath[UUID], run: Given[Dispatch], tend_endpoint: Given[TendEndpoint]) -> Response[Accepted]:
        """Send nothing any more, and forget the secret and what was sent."""
        return run.answer(tend_endpoint.plainly(c.DeleteEndpoint(endpoint_id, run.by, run.now), run.meta, run.expected))

    @step("rotate", SENDERS)
    def rotate_secret(self, endpoint_id: FromPath[UUID], run: Given[Dispatch], tend_endpoint: Given[TendEndpoint]) -> Response[MadeSecret]:
        """Sign with a new secret. For 24 hours messages carry a signature by the one before as well."""
        appended, secret = tend_endpoint.rotate(c.RotateSecret(endpoint_id, run.by, run.now), run.meta, run.expected)
        return with_secret(run, appended, secret)

    @step("test", SENDERS, "endpoint_disabled")
    def test_endpoint(self, endpoint_id: FromPath[UUID], run: Given[Dispatch], tend_endpoint: Given[TendEndpoint]) -> Response[Sent]:
        """Send an event of the type `webhooks.EndpointTested`, which tells nothing."""
        delivery_id = run.meta.command_id
        done = run.answer(tend_endpoint.plainly(c.TestEndpoint(endpoint_id, delivery_id, run.by, run.now), run.meta, run.expected))
        said = done.content
        return Response(Sent(said.id, said.version, said.position, said.actions, delivery_id=delivery_id), headers=dict(done.headers))

    @step("enable", SENDERS)
    def enable_endpoint(self, endpoint_id: FromPath[UUID], run: Given[Dispatch], tend_endpoint: Given[TendEndpoint]) -> Response[Accepted]:
        """Send again what waits, and what is told from now on. What was told meanwhile is sent by `replay`."""
        return run.answer(tend_endpoint.plainly(c.EnableEndpoint(endpoint_id, run.by, run.now), run.meta, run.expected))

    @step("disable", SENDERS)
    def disable_endpoint(self, endpoint_id: FromPath[UUID], run: Given[Dispatch], tend_endpoint: Given[TendEndpoint]) -> Response[Accepted]:
        """Send nothing until it is enabled. What waits goes on to wait; what is told meanwhile is passed over."""
        return run.answer(tend_endpoint.plainly(c.DisableEndpoint(endpoint_id, run.by, run.now), run.meta, run.expected))

    @step("replay", SENDERS, "endpoint_disabled", "position_unknown")
    def replay_endpoint(
        self, endpoint_id: FromPath[UUID], data: JSONBody[Behind], run: Given[Dispatch], tend_endpoint: Given[TendEndpoint]
    ) -> Response[Accepted]:
        """Send everything behind a position of the log again, little by little, each event by the `webhook-id` that it had."""
        command = c.ReplayEndpoint(endpoint_id, data.position, run.by, run.now)
        return run.answer(tend_endpoint.replay(command, run.meta, run.expected))

    @again("redeliver", SENDERS, "delivery_not_found", "endpoint_disabled")
    def redeliver(
        self, endpoint_id: FromPath[UUID], delivery_id: FromPath[UUID], run: Given[Dispatch], tend_endpoint: Given[TendEndpoint]
    ) -> Response[Accepted]:
        """Send one event again at once, whatever came of it before, by the same `webhook-id`."""
        command = c.RepeatDelivery(endpoint_id, delivery_id, run.by, run.now)
        return run.answer(tend_endpoint.repeat(command, run.meta, run.expected))


def with_secret(run: Dispatch, appended: Appended, secret: str | None, created: str | None = None) -> Response[MadeSecret]:
    done = run.answer(appended, created)
    said = done.content
    made = MadeSecret(said.id, said.version, said.position, said.actions, secret=secret)
    return Response(made, status_code=done.status_code, headers={**done.headers, "Cache-Control": "no-store"})
