"""How a route gives a command: caller, command id, pinned version and moment are taken from the request, once for all routes."""

import hashlib
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid5

import structlog
from litestar import Request, Response
from litestar.types import ExceptionHandlersMap

from application.handler import Appended, Handler
from application.ports import ANY_VERSION, Clock, CommandReused, Conflict, Ids, Meta, Row, StaleVersion, Unavailable
from domain.values import Actor, Value
from interfaces.http.answers import Accepted
from interfaces.http.caller import caller_of
from interfaces.http.errors import RETRY_AFTER, Problem, ProblemDocument, answer, unavailable
from interfaces.http.requests import header

COMMANDS = UUID("6b1c41fc-95a9-5b0c-9a36-0f2f3a1f5a10")
"""The namespace of command ids made from idempotency keys."""


KEYED = "keyed"
"""The option of a route that takes no command without an `Idempotency-Key`, because money moves."""


class Dispatch:
    """One request's way to give commands."""

    def __init__(self, request: Request[Any, Any, Any], handler: Handler, clock: Clock, ids: Ids) -> None:
        self.request = request
        self.handler = handler
        self.new_id = ids
        self.caller = caller_of(request.scope)
        self.by: Actor = self.caller.actor
        self.now: datetime = clock()
        self.expected = pinned(request)
        self.meta = self._meta()
        # Here and not where it is appended, which is in a thread with a context of its own: the request's line has it too.
        structlog.contextvars.bind_contextvars(command_id=str(self.meta.command_id))

    def _meta(self) -> Meta:
        request = self.request
        correlation: UUID = request.scope["correlation_id"]  # type: ignore[typeddict-item]
        key = request.headers.get("idempotency-key")
        if key is None:
            return Meta(self.new_id(), self.by.id, correlation)
        if not 1 <= len(key) <= 200:
            raise Problem(400, "invalid_header", "1 to 200 characters.", parameter="Idempotency-Key")
        route = f"{request.method} {request.route_handler.handler_name}"
        command_id = uuid5(COMMANDS, f"{self.by.id}\n{route}\n{key}")
        body: bytes = request.scope["fingerprint"]  # type: ignore[typeddict-item]
        return Meta(command_id, self.by.id, correlation, fingerprint=body)

    def acting(self, by: Actor) -> Self:
        """The same request, given by somebody else: a guest whom a token names. His keys are his own."""
        other = copy(self)
        other.by = by
        other.meta = other._meta()  # noqa: SLF001 - it is one of us
        return other

    def __call__(self, stream: UUID, command: Value, rows: Sequence[Row] = ()) -> Response[Accepted]:
        return self.answer(self.append(stream, command, rows))

    def created(self, path: str, stream: UUID, command: Value, rows: Sequence[Row] = ()) -> Response[Accepted]:
        """201, with the new thing's address below `path` in Location."""
        return self.answer(self.append(stream, command, rows), path)

    def append(self, stream: UUID, command: Value, rows: Sequence[Row] = ()) -> Appended:
        return self.handler(stream, command, self.meta, self.expected, rows)

    def answer(self, appended: Appended, created: str | None = None, status: int | None = None) -> Response[Accepted]:
        """The answer to what was done: 201 where something was made, which is found below the path `created`, else 200."""
        headers = {"ETag": f'"{appended.version}"', "Position": str(appended.position)}
        if appended.replayed:
            headers["Idempotency-Replayed"] = "true"
        if created is not None:
            headers["Location"] = f"{created}/{appended.stream}"
        actions = appended.decider.actions(appended.state, self.by)
        accepted = Accepted(appended.stream, appended.version, appended.position, actions)
        return Response(accepted, status_code=status or (200 if created is None else 201), headers=headers)


def pinned(request: Request[Any, Any, Any]) -> int | None:
    if request.headers.get("if-match") == "*":
        return ANY_VERSION
    version = header(request, "if-match", int)
    if version is not None and version < 0:
        raise Problem(400, "invalid_header", "Versions are counted from 1.", parameter="if-match")
    return version


async def fingerprint(request: Request[Any, Any, Any]) -> None:
    """Remember what exactly was asked, so that the same Idempotency-Key with another request is noticed."""
    if "idempotency-key" not in request.headers:
        if request.route_handler.opt.get(KEYED):
            detail = "Money moves here: send a key, and the same one again."
            raise Problem(400, "idempotency_key_required", detail, parameter="Idempotency-Key")
    else:
        asked = hashlib.sha256(b"%b?%b\n" % (request.scope["path"].encode(), request.scope["query_string"]))
        asked.update(await request.body())
        request.scope["fingerprint"] = asked.digest()  # type: ignore[typeddict-unknown-key]


def stale(request: Request[Any, Any, Any], error: StaleVersion) -> Response[ProblemDocument]:
    detail = f"The version is {error.actual}, not {error.expected}." if error.actual else "There is nothing here yet."
    return answer(request, Problem(412, "stale_version", detail, headers={"ETag": f'"{error.actual}"'}))


def reused(request: Request[Any, Any, Any], _error: CommandReused) -> Response[ProblemDocument]:
    return answer(request, Problem(422, "idempotency_key_reused", "This Idempotency-Key was used for a different request."))


def busy(request: Request[Any, Any, Any], _error: Conflict) -> Response[ProblemDocument]:
    return answer(request, Problem(503, "busy", "Too many changes at the same moment; try again.", headers=RETRY_AFTER))


HANDLERS: ExceptionHandlersMap = {StaleVersion: stale, CommandReused: reused, Conflict: busy, Unavailable: unavailable}
