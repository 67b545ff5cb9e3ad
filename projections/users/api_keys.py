"""API keys of services, as admins see them; the key itself is never kept."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.users.events import ApiKeyCreated, ApiKeyEvent, ApiKeyRevoked
from domain.values import Value
from projections.sql import ALL, Where
from projections.view import View


class ApiKey(Value, frozen=True):
    """`user_id` is the service account that the key speaks for."""

    id: UUID
    user_id: UUID
    name: str
    scopes: tuple[str, ...]
    created_by: UUID
    created_at: datetime
    revoked_at: datetime | None = None


def evolve(key: ApiKey | None, event: ApiKeyEvent) -> ApiKey | None:
    match event, key:
        case ApiKeyCreated(), _:
            return ApiKey(event.key_id, event.user_id, event.name, tuple(sorted(event.scopes)), event.by, event.at)
        case ApiKeyRevoked(), ApiKey():
            return replace(key, revoked_at=event.at)
        case _:
            return key


def key_of(event: ApiKeyEvent) -> UUID:
    return event.key_id


view = View(
    "api_keys",
    ApiKey,
    key=key_of,
    evolve=evolve,
    events=(ApiKeyCreated, ApiKeyRevoked),
    columns={"user_id": "uuid", "revoked_at": "timestamptz"},
    indexes=("user_id, key DESC",),
)


def of(user_id: UUID | None) -> Where:
    """Keys of one service account, or of all."""
    return ALL if user_id is None else Where("user_id = %(user)s", {"user": user_id})
