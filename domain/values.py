"""The values every family speaks of: money, places, people's data, roles and callers."""

from enum import StrEnum
from typing import Annotated as Personal
from uuid import UUID

from msgspec import Struct

__all__ = ["ERASED", "SYSTEM", "Actor", "Address", "Erased", "Money", "Personal", "Place", "Role", "Value", "clear"]


class Value(Struct, frozen=True, rename="camel"):
    """An immutable record; its JSON has camelCase names, on the log as over HTTP."""


class Erased(Struct, frozen=True, tag="erased"):
    """What a personal field reads as once its person's key is destroyed."""


ERASED = Erased()

# A field `Personal[str | Erased, "user_id"]` is encrypted on the log with the key of the person whose id the event's field
# `user_id` holds. The annotation is typing.Annotated under a telling name, so that type checkers and msgspec read it.


def clear(value: str | Erased) -> str:
    """The text, or nothing where it was erased."""
    return "" if isinstance(value, Erased) else value


class Role(StrEnum):
    CUSTOMER = "customer"
    SELLER = "seller"
    PROVIDER = "provider"
    COURIER = "courier"
    SUPPLIER = "supplier"
    STAFF = "staff"
    MODERATOR = "moderator"
    ADMIN = "admin"
    AUDITOR = "auditor"
    CONSUMER = "consumer"


class Actor(Value, frozen=True):
    """Who gives a command: a person or a service, with the roles held at that moment."""

    id: UUID
    roles: frozenset[Role] = frozenset()

    def is_any(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(UUID(int=0), frozenset({Role.ADMIN}))


class Money(Value, frozen=True):
    """An amount in minor units (cents, rappen, øre) of an ISO 4217 currency."""

    amount: int
    currency: str


class Place(Value, frozen=True):
    """Where something is: names as people write them, coordinates in WGS 84 degrees where known.

    `country` is an ISO 3166-1 alpha-2 code, or empty where unknown.
    """

    country: str = ""
    region: str = ""
    locality: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Address(Value, frozen=True, tag="address"):
    """A postal address; tagged, because a personal field may be an address or erased."""

    name: str
    lines: tuple[str, ...]
    locality: str
    postal_code: str
    country: str
    region: str = ""
