"""How webhook endpoints stand, and what came of everything that was sent to them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from interfaces.http.caller import Caller
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.feeds import READERS
from interfaces.http.queries.integrations.consumers import owner
from interfaces.http.queries.users.users import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections import cursors
from projections.webhooks.endpoints import DeliveryShown, DeliveryState, EndpointShown, WebhookEndpoints


class EndpointList(Struct, frozen=True):
    items: list[EndpointShown]
    next: str | None


class DeliveryList(Struct, frozen=True):
    items: list[DeliveryShown]
    next: str | None


class EndpointQueries(Controller):
    path = "/v1/webhook-endpoints"
    tags = ("webhook endpoints",)

    @get("/", guards=[READERS], sync_to_thread=True, responses=problems("bad_cursor"))
    def endpoints(
        self, caller: Given[Caller], webhook_endpoints: Given[WebhookEndpoints], limit: Limit = 20, cursor: Cursor = None
    ) -> EndpointList:
        """The newest first: a service sees its own, auditors and admins see all."""
        asked = ("webhook endpoints",)
        after = None if cursor is None else cursors.read(cursor, asked, UUID)
        found = webhook_endpoints.all(owner(caller), after, limit + 1)
        return EndpointList(list(found[:limit]), cursors.written(found[limit - 1].id, asked) if len(found) > limit else None)

    @get("/{endpoint_id:uuid}", guards=[READERS], sync_to_thread=True, responses=problems("endpoint_not_found"))
    def endpoint(self, endpoint_id: FromPath[UUID], caller: Given[Caller], webhook_endpoints: Given[WebhookEndpoints]) -> EndpointShown:
        """One endpoint; its secret is never shown."""
        return visible(webhook_endpoints, endpoint_id, caller)

    @get(
        "/{endpoint_id:uuid}/deliveries",
        guards=[READERS],
        sync_to_thread=True,
        responses=problems("endpoint_not_found", "bad_cursor"),
    )
    def deliveries(
        self,
        endpoint_id: FromPath[UUID],
        caller: Given[Caller],
        webhook_endpoints: Given[WebhookEndpoints],
        standing: Annotated[DeliveryState | None, QueryParameter(name="state", description="Only what stands so.")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> DeliveryList:
        """What was or is to be sent, the newest first, with all attempts; kept for 30 days after it has ended."""
        visible(webhook_endpoints, endpoint_id, caller)
        asked = ("webhook deliveries", str(endpoint_id), standing)
        before = None if cursor is None else cursors.read(cursor, asked, tuple[datetime, UUID])
        found = webhook_endpoints.deliveries(endpoint_id, standing, before, limit + 1)
        last = (found[limit - 1].made_at, found[limit - 1].id) if len(found) > limit else None
        return DeliveryList(list(found[:limit]), cursors.written(last, asked) if last else None)

    @get(
        "/{endpoint_id:uuid}/deliveries/{delivery_id:uuid}",
        guards=[READERS],
        sync_to_thread=True,
        responses=problems("endpoint_not_found", "delivery_not_found"),
    )
    def delivery(
        self, endpoint_id: FromPath[UUID], delivery_id: FromPath[UUID], caller: Given[Caller], webhook_endpoints: Given[WebhookEndpoints]
    ) -> DeliveryShown:
        """One delivery, with all attempts."""
        visible(webhook_endpoints, endpoint_id, caller)
        found = webhook_endpoints.delivery(endpoint_id, delivery_id)
        if found is None:
            raise Problem(404, "delivery_not_found")
        return found


def visible(webhook_endpoints: WebhookEndpoints, endpoint_id: UUID, caller: Caller) -> EndpointShown:
    found = webhook_endpoints.one(endpoint_id, owner(caller))
    if found is None:
        raise Problem(404, "endpoint_not_found")
    return found
