"""Who is calling, and whether this role may use this route: one access guard, declared on every route."""

from typing import Any, Protocol, runtime_checkable
from uuid import UUID

import anyio.to_thread
import structlog
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from msgspec import Struct

from domain.users.identity import Identity
from domain.values import Actor, Role
from interfaces.http.errors import Problem

NOBODY = UUID(int=0)

Connection = ASGIConnection[Any, Any, Any, Any]


class Caller(Struct, frozen=True):
    """A person by a session's token, a service by an API key, or nobody. `scopes` is None but for services."""

    id: UUID = NOBODY
    roles: frozenset[Role] = frozenset()
    session_id: UUID | None = None
    scopes: frozenset[str] | None = None

    @property
    def known(self) -> bool:
        return self.id != NOBODY

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.roles)


ANONYMOUS = Caller()


@runtime_checkable
class Authentication(Protocol):
    def remembered(self, bearer: str) -> Identity | None:
        """Whose this is, if that was found out within the last second; never asks an engine."""
        ...

    def check(self, bearer: str) -> Identity | None:
        """Whose access token or API key this is; None for a forged, expired, revoked one or a suspended user's."""
        ...


async def identify(connection: Connection) -> Caller:
    header = connection.headers.get("authorization")
    if header is None:
        return ANONYMOUS
    scheme, _, bearer = header.partition(" ")
    if scheme.lower() != "bearer" or not bearer:
        raise unauthenticated("token_invalid")
    authentication: Authentication = connection.app.state.authentication
    found = authentication.remembered(bearer) or await anyio.to_thread.run_sync(authentication.check, bearer)
    if found is None:
        raise unauthenticated("token_invalid")
    return Caller(found.user_id, found.roles, found.session_id, found.scopes)


def unauthenticated(code: str) -> Problem:
    return Problem(401, code, headers={"WWW-Authenticate": 'Bearer realm="tradewind"'})


class Access(Struct, frozen=True):
    """The guard of a route: open to anyone, or to people with one of the roles (none: any person), or to services by scope.

    The documentation reads from it who may use the route.
    """

    roles: tuple[Role, ...] = ()
    scope: str | None = None
    public: bool = False

    async def __call__(self, connection: Connection, _handler: BaseRouteHandler) -> None:
        caller = await identify(connection)
        connection.scope["caller"] = caller  # type: ignore[typeddict-unknown-key]
        structlog.contextvars.bind_contextvars(actor=str(caller.id))
        if not self.public:
            self.check(caller)

    def check(self, caller: Caller) -> None:
        if not caller.known:
            raise unauthenticated("unauthenticated")
        if caller.scopes is not None:
            if self.scope is None or self.scope not in caller.scopes:
                raise Problem(403, "scope_missing", f"This key needs the scope {self.scope}." if self.scope else "Not for keys.")
        elif (self.roles or self.scope) and caller.roles.isdisjoint(self.roles):
            raise Problem(403, "role_missing", f"Needs one of: {', '.join(sorted(self.roles))}.")


anyone = Access(public=True)
signed_in = Access()


def requires(*roles: Role) -> Access:
    return Access(roles)


def scoped(scope: str, *roles: Role) -> Access:
    """For services whose key has the scope, and for people with one of the roles."""
    return Access(roles, scope)


def caller_of(scope: Any) -> Caller:
    """The caller that the route's guard found."""
    return scope["caller"]
