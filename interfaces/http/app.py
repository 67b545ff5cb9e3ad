"""The application that a server serves: commands, queries or both, with everything that holds for every route."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Self
from uuid import UUID

from litestar import Controller, Litestar, Request, Response, Router
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import ExceptionHandlersMap
from msgspec import Struct

from interfaces.http import errors
from interfaces.http.caller import Authentication, Caller, caller_of
from interfaces.http.middleware.correlate import Correlate
from interfaces.http.middleware.forwarded import Forwarded, Networks
from interfaces.http.middleware.head import Head
from interfaces.http.openapi import OPENAPI
from interfaces.http.requests import StrictRequest, refuse_what_is_not_declared
from interfaces.http.waiting import Positions, wait_for_position

ASKED_WITH = [
    "Authorization",
    "Cart-Token",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "Min-Position",
    "Correlation-Id",
    "Last-Event-ID",
]
"""The headers that a frontend may send."""

Hook = Callable[[Request[Any, Any, Any]], Any]


class Side(Struct, frozen=True):
    """The commands or the queries: their controllers, what these are given by name, and what happens before each request and at the end."""

    controllers: Sequence[type[Controller] | Any]
    dependencies: Mapping[str, Any] = {}
    providers: Mapping[str, Provide] = {}
    error_handlers: ExceptionHandlersMap = {}
    before: Sequence[Hook] = ()
    ending: Sequence[Callable[[], Awaitable[None]]] = ()


class Edge(Struct, frozen=True):
    """What every route needs: who is calling, new ids, how far the read models are, and the limits."""

    authentication: Authentication
    ids: Callable[[], UUID]
    positions: Positions
    max_body_bytes: int
    cors_origins: Sequence[str] = ()
    trusted_proxies: Networks = ()


class Whole(Router):
    """One router for all, since Litestar lets two controllers share a path only there; the application has it as it is, not a copy."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    return caller_of(request.scope)


class Before:
    """What is asked of every request before its route."""

    def __init__(self, sides: Sequence[Side]) -> None:
        self.hooks: Sequence[Hook] = [refuse_what_is_not_declared, wait_for_position, *(hook for side in sides for hook in side.before)]

    async def __call__(self, request: Request[Any, Any, Any]) -> Response[None] | None:
        if request.method == "OPTIONS":  # two routes may share a path, and each alone knows its own methods only
            return Response(None, status_code=204, headers={"Allow": ", ".join(errors.allowed_methods(request))})
        for hook in self.hooks:
            await hook(request)
        return None


def given_by(sides: Sequence[Side]) -> dict[str, Provide]:
    """What routes are given, by the names under which they ask for it."""
    return {
        **{name: constant(value) for side in sides for name, value in side.dependencies.items()},
        **{name: provider for side in sides for name, provider in side.providers.items()},
        "caller": Provide(provide_caller, sync_to_thread=False),
    }


def create_app(edge: Edge, sides: Sequence[Side]) -> Litestar:
    given = given_by(sides)
    controllers = [with_what_it_names(controller, given) for side in sides for controller in side.controllers]
    app = Litestar(
        route_handlers=[Whole("/", route_handlers=controllers)],
        exception_handlers={**errors.HANDLERS, **{kind: each for side in sides for kind, each in side.error_handlers.items()}},
        before_request=Before(sides),
        on_shutdown=[each for side in sides for each in side.ending],
        request_class=StrictRequest,
        request_max_body_size=edge.max_body_bytes,
        middleware=[],
        cors_config=CORSConfig(
            allow_origins=list(edge.cors_origins),
            allow_headers=ASKED_WITH,
            expose_headers=["Cart-Token", "ETag", "Location", "Position", "Idempotency-Replayed", "Retry-After", "Correlation-Id"],
        )
        if edge.cors_origins
        else None,
        openapi_config=OPENAPI,
        state=State({"authentication": edge.authentication, "positions": edge.positions}),
        logging_config=None,
        debug=False,
    )
    one_by_one(app)
    return app


def with_what_it_names(controller: type[Controller] | Any, given: Mapping[str, Provide]) -> type[Controller] | Any:
    """A controller that is given what its routes name, and nothing else; a route without a controller is given nothing.

    Litestar looks through all that a route could be given, and compares each with each: with a hundred that was half of a start.
    """
    if not isinstance(controller, type):
        return controller
    routes = [each for _, each in inspect.getmembers(controller) if isinstance(each, HTTPRouteHandler)]
    named = {name for each in routes for name in inspect.signature(each.fn).parameters}
    dependencies = {name: provider for name, provider in given.items() if name in named}
    return type(controller.__name__, (controller,), {"dependencies": dependencies, "__module__": controller.__module__})


def one_by_one(app: Litestar) -> None:
    """What routes are given is at hand at once: Litestar's task group for it costs a seventh of a query's whole time (measured)."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for _, model in route.route_handler_map.values():
                model.dependency_batches = [{each} for batch in model.dependency_batches for each in batch]


def served(edge: Edge, made: Litestar) -> Correlate:
    """The application as servers run it."""
    app = Head(made)
    return Correlate(Forwarded(app, edge.trusted_proxies) if edge.trusted_proxies else app, edge.ids)


def constant(value: Any) -> Provide:
    def provide() -> Any:
        return value

    return Provide(provide, sync_to_thread=False, use_cache=True)
