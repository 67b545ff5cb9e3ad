"""A webhook endpoint: whose it is, where it is and what it is sent; its owner and admins tend it, and it is given up when it fails."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.integrations.endpoints.commands import (
    ChangeEndpoint,
    CreateEndpoint,
    DeleteEndpoint,
    DisableEndpoint,
    EnableEndpoint,
    EndpointCommand,
    GiveUpEndpoint,
    RepeatDelivery,
    ReplayEndpoint,
    RotateSecret,
    TestEndpoint,
)
from domain.integrations.endpoints.events import (
    DeliveryRepeated,
    EndpointCreated,
    EndpointDeleted,
    EndpointDescribed,
    EndpointDisabled,
    EndpointEnabled,
    EndpointEvent,
    EndpointGivenUp,
    EndpointMoved,
    EndpointReplayed,
    EndpointTested,
    EndpointTypesChosen,
    SecretRotated,
)
from domain.text import line
from domain.values import Actor, Role, Value

BOTH_SIGN = timedelta(hours=24)
"""How long messages are signed with the secret before as well."""

PATIENCE = timedelta(days=5)
"""How long nothing may get through before an endpoint is given up."""

URL_LIMIT = 2000
DESCRIPTION_LIMIT = 200


class Uncreated(Value, frozen=True, tag=True):
    pass


class Open(Value, frozen=True, tag=True):
    id: UUID
    owner: UUID
    url: str
    types: tuple[str, ...]
    description: str
    enabled: bool = True


class Deleted(Value, frozen=True, tag=True):
    pass


Endpoint = Uncreated | Open | Deleted


def decide(command: EndpointCommand, endpoint: Endpoint) -> list[EndpointEvent]:
    match command, endpoint:
        case CreateEndpoint(), Uncreated():
            return create(command)
        case CreateEndpoint(), Open():
            return []
        case _, Uncreated() | Deleted():
            raise Rejected("endpoint_not_found")
        case _, Open() if not tends(command.by, endpoint):
            raise Rejected("not_yours")
        case ChangeEndpoint(), Open():
            return change(command, endpoint)
        case RotateSecret(), Open():
            return [SecretRotated(endpoint.id, command.now + BOTH_SIGN, command.by.id, command.now)]
        case DeleteEndpoint(), Open():
            return [EndpointDeleted(endpoint.id, command.by.id, command.now)]
        case DisableEndpoint() | GiveUpEndpoint() | EnableEndpoint(), Open():
            return switch(command, endpoint)
        case TestEndpoint() | RepeatDelivery() | ReplayEndpoint(), Open():
            return send(command, endpoint)


def create(command: CreateEndpoint) -> list[EndpointEvent]:
    if not command.by.is_any(Role.CONSUMER, Role.ADMIN):
        raise Rejected("not_yours")
    url, description = address(command.url), described(command.description)
    return [EndpointCreated(command.endpoint_id, url, kinds(command.types), description, command.by.id, command.now)]


def change(command: ChangeEndpoint, endpoint: Open) -> list[EndpointEvent]:
    done: list[EndpointEvent] = []
    by_whom = command.by.id, command.now
    if command.url is not None and (url := address(command.url)) != endpoint.url:
        done.append(EndpointMoved(endpoint.id, url, *by_whom))
    if command.types is not None and (types := kinds(command.types)) != endpoint.types:
        done.append(EndpointTypesChosen(endpoint.id, types, *by_whom))
    if command.description is not None and (description := described(command.description)) != endpoint.description:
        done.append(EndpointDescribed(endpoint.id, description, *by_whom))
    return done


def switch(command: DisableEndpoint | GiveUpEndpoint | EnableEndpoint, endpoint: Open) -> list[EndpointEvent]:
    match command:
        case EnableEndpoint():
            return [] if endpoint.enabled else [EndpointEnabled(endpoint.id, command.by.id, command.now)]
        case DisableEndpoint():
            return [EndpointDisabled(endpoint.id, command.by.id, command.now)] if endpoint.enabled else []
        case GiveUpEndpoint(because=because, failing_since=since):
            lost = because == "gone" or (since is not None and command.now - since >= PATIENCE)
            if not endpoint.enabled or not lost:
                return []
            return [EndpointGivenUp(endpoint.id, endpoint.owner, because, since, command.now)]


def send(command: TestEndpoint | RepeatDelivery | ReplayEndpoint, endpoint: Open) -> list[EndpointEvent]:
    if not endpoint.enabled:
        raise Rejected("endpoint_disabled", "Enable it first: nothing is sent to it.")
    match command:
        case TestEndpoint():
            return [EndpointTested(endpoint.id, command.delivery_id, command.by.id, command.now)]
        case RepeatDelivery():
            return [DeliveryRepeated(endpoint.id, command.delivery_id, command.by.id, command.now)]
        case ReplayEndpoint():
            return [EndpointReplayed(endpoint.id, command.position, command.by.id, command.now)]


def address(url: str) -> str:
    """An address that can be sent to, as far as it tells by itself; `url_invalid` for any other."""
    found = line(url, URL_LIMIT, "/url", "url_invalid")
    try:
        parts = urlsplit(found)
        usable = parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.port != 0 and found.isascii() and " " not in found
    except ValueError:
        usable, parts = False, urlsplit("")
    if not usable:
        raise Rejected("url_invalid", "An address such as https://books.example/hooks is needed.", pointer="/url")
    if "@" in parts.netloc or parts.fragment:
        raise Rejected("url_invalid", "No name, password or fragment is allowed in it.", pointer="/url")
    return found


def described(description: str) -> str:
    return line(description, DESCRIPTION_LIMIT, "/description")


def kinds(types: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(types)))


def tends(by: Actor, endpoint: Open) -> bool:
    return by.id == endpoint.owner or by.is_any(Role.ADMIN)


def evolve(endpoint: Endpoint, event: EndpointEvent) -> Endpoint:
    match event, endpoint:
        case EndpointCreated(), _:
            return Open(event.endpoint_id, event.by, event.url, event.types, event.description)
        case EndpointDeleted(), _:
            return Deleted()
        case EndpointMoved(), Open():
            return replace(endpoint, url=event.url)
        case EndpointTypesChosen(), Open():
            return replace(endpoint, types=event.types)
        case EndpointDescribed(), Open():
            return replace(endpoint, description=event.description)
        case EndpointEnabled(), Open():
            return replace(endpoint, enabled=True)
        case EndpointDisabled() | EndpointGivenUp(), Open():
            return replace(endpoint, enabled=False)
        case _:
            return endpoint


def actions(endpoint: Endpoint, by: Actor) -> list[str]:
    if not isinstance(endpoint, Open) or not tends(by, endpoint):
        return []
    sending = ["test", "replay", "disable"] if endpoint.enabled else ["enable"]
    return ["change", "rotate", *sending, "delete"]


endpoints = Decider("endpoint", Uncreated(), decide, evolve, actions=actions)
