"""An API key: what a service shows to be let in, within the scopes it was made for."""

from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.users.commands import ApiKeyCommand, CreateApiKey, RevokeApiKey
from domain.users.events import ApiKeyCreated, ApiKeyEvent, ApiKeyRevoked
from domain.values import Actor, Role, Value


class Uncreated(Value, frozen=True, tag=True):
    pass


class Created(Value, frozen=True, tag=True):
    id: UUID
    user_id: UUID
    revoked: bool = False


ApiKey = Uncreated | Created


def decide(command: ApiKeyCommand, key: ApiKey) -> list[ApiKeyEvent]:
    if not command.by.is_any(Role.ADMIN):
        raise Rejected("not_yours")
    match command, key:
        case CreateApiKey(), Uncreated():
            if not command.scopes:
                raise Rejected("scope_missing", "A key without a scope opens nothing.", pointer="/scopes")
            return [ApiKeyCreated(command.key_id, command.user_id, command.name, command.scopes, command.by.id, command.now)]
        case CreateApiKey(), Created():
            return []
        case RevokeApiKey(), Uncreated():
            raise Rejected("api_key_not_found")
        case RevokeApiKey(), Created(revoked=True):
            return []
        case RevokeApiKey(), Created():
            return [ApiKeyRevoked(key.id, command.by.id, command.now)]


def evolve(key: ApiKey, event: ApiKeyEvent) -> ApiKey:
    match event, key:
        case ApiKeyCreated(), _:
            return Created(event.key_id, event.user_id)
        case ApiKeyRevoked(), Created():
            return replace(key, revoked=True)
        case ApiKeyRevoked(), Uncreated():
            return key


def actions(key: ApiKey, by: Actor) -> list[str]:
    return ["revoke"] if isinstance(key, Created) and not key.revoked and by.is_any(Role.ADMIN) else []


api_keys = Decider("api_key", Uncreated(), decide, evolve, actions=actions)
