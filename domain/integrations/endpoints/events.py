"""What has become of a webhook endpoint. Single deliveries are no history: they are kept beside the feeds, and secrets nowhere here."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.values import Value

GivenUp = Literal["gone", "failing"]
"""The other side has said that there is nothing there any more, or nothing has got through for too long."""


class EndpointCreated(Value, frozen=True):
    """It is sent what all feeds tell from now on of these types (none: of all)."""

    endpoint_id: UUID
    url: str
    types: tuple[str, ...]
    description: str
    by: UUID
    at: datetime


class EndpointMoved(Value, frozen=True):
    """What is sent from now on goes to this address, also what waits."""

    endpoint_id: UUID
    url: str
    by: UUID
    at: datetime


class EndpointTypesChosen(Value, frozen=True):
    """It is sent these types from now on (none: all)."""

    endpoint_id: UUID
    types: tuple[str, ...]
    by: UUID
    at: datetime


class EndpointDescribed(Value, frozen=True):
    endpoint_id: UUID
    description: str
    by: UUID
    at: datetime


class SecretRotated(Value, frozen=True):
    """Messages are signed with a new secret, and with the one before as well until `both_until`."""

    endpoint_id: UUID
    both_until: datetime
    by: UUID
    at: datetime


class EndpointTested(Value, frozen=True):
    endpoint_id: UUID
    delivery_id: UUID
    by: UUID
    at: datetime


class DeliveryRepeated(Value, frozen=True):
    """An event is sent once more, whatever came of it before."""

    endpoint_id: UUID
    delivery_id: UUID
    by: UUID
    at: datetime


class EndpointReplayed(Value, frozen=True):
    """Everything behind the position is sent again."""

    endpoint_id: UUID
    position: int
    by: UUID
    at: datetime


class EndpointDisabled(Value, frozen=True):
    """Nothing is sent to it; what is told meanwhile is passed over."""

    endpoint_id: UUID
    by: UUID
    at: datetime


class EndpointGivenUp(Value, frozen=True):
    """As disabled, but nobody has asked for it: `owner` is to know."""

    endpoint_id: UUID
    owner: UUID
    because: GivenUp
    failing_since: datetime | None
    at: datetime


class EndpointEnabled(Value, frozen=True):
    """What waits is sent, and what is told from now on."""

    endpoint_id: UUID
    by: UUID
    at: datetime


class EndpointDeleted(Value, frozen=True):
    endpoint_id: UUID
    by: UUID
    at: datetime


EndpointEvent = (
    EndpointCreated
    | EndpointMoved
    | EndpointTypesChosen
    | EndpointDescribed
    | SecretRotated
    | EndpointTested
    | DeliveryRepeated
    | EndpointReplayed
    | EndpointDisabled
    | EndpointGivenUp
    | EndpointEnabled
    | EndpointDeleted
)
