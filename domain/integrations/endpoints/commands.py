"""What may be asked of a webhook endpoint. Where an address leads, which positions and deliveries there are, is looked up before."""

from datetime import datetime
from uuid import UUID

from domain.integrations.endpoints.events import GivenUp
from domain.values import Actor, Value


class CreateEndpoint(Value, frozen=True):
    """`types` empty: of all types."""

    endpoint_id: UUID
    url: str
    types: tuple[str, ...]
    description: str
    by: Actor
    now: datetime


class ChangeEndpoint(Value, frozen=True):
    """None leaves as it is."""

    endpoint_id: UUID
    url: str | None
    types: tuple[str, ...] | None
    description: str | None
    by: Actor
    now: datetime


class RotateSecret(Value, frozen=True):
    endpoint_id: UUID
    by: Actor
    now: datetime


class TestEndpoint(Value, frozen=True):
    """`delivery_id` is that of the test."""

    __test__ = False  # no test of ours

    endpoint_id: UUID
    delivery_id: UUID
    by: Actor
    now: datetime


class RepeatDelivery(Value, frozen=True):
    endpoint_id: UUID
    delivery_id: UUID
    by: Actor
    now: datetime


class ReplayEndpoint(Value, frozen=True):
    """Send everything behind the position again."""

    endpoint_id: UUID
    position: int
    by: Actor
    now: datetime


class DisableEndpoint(Value, frozen=True):
    endpoint_id: UUID
    by: Actor
    now: datetime


class GiveUpEndpoint(Value, frozen=True):
    """`failing_since`: nothing has got through from then on."""

    endpoint_id: UUID
    because: GivenUp
    failing_since: datetime | None
    by: Actor
    now: datetime


class EnableEndpoint(Value, frozen=True):
    endpoint_id: UUID
    by: Actor
    now: datetime


class DeleteEndpoint(Value, frozen=True):
    endpoint_id: UUID
    by: Actor
    now: datetime


EndpointCommand = (
    CreateEndpoint
    | ChangeEndpoint
    | RotateSecret
    | TestEndpoint
    | RepeatDelivery
    | ReplayEndpoint
    | DisableEndpoint
    | GiveUpEndpoint
    | EnableEndpoint
    | DeleteEndpoint
)
