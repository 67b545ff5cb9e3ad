"""Every refusal and failure as an RFC 9457 problem document with a stable code."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.routes import BaseRoute
from litestar.types import ExceptionHandlersMap
from litestar.types.internal_types import PathParameterDefinition

from domain.decider import Rejected
from domain.values import Money
from projections.ports import BadCursor, Unavailable

RETRY_AFTER = {"Retry-After": "1"}
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="tradewind"'}
MISSING = re.compile(r"^Missing required \w+ parameter '([^']+)'")

logger = structlog.get_logger(__name__)


class ProblemDocument(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What went wrong, for programs by `code` (a stable slug) and for people by `detail`.

    `pointer` (RFC 6901) names the body's first offending field, `parameter` the offending query, path or header parameter.
    `total` comes with `prices_changed`: what the checkout costs by now.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    pointer: str | None = None
    parameter: str | None = None
    correlation_id: str | None = None
    total: Money | None = None


class Problem(Exception):
    """A refusal that the HTTP layer itself makes."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        pointer: str | None = None,
        parameter: str | None = None,
        headers: Mapping[str, str] | None = None,
        total: Money | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.pointer = pointer
        self.parameter = parameter
        self.headers = dict(headers or {})
        self.total = total


def answer(request: Request[Any, Any, Any], problem: Problem) -> Response[ProblemDocument]:
    correlation = request.scope.get("correlation_id")
    document = ProblemDocument(
        type=f"urn:tradewind:problem:{problem.code}",
        title=problem.code.replace("_", " ").capitalize(),
        status=problem.status,
        code=problem.code,
        detail=problem.detail,
        pointer=problem.pointer,
        parameter=problem.parameter,
        correlation_id=str(correlation) if correlation else None,
        total=problem.total,
    )
    headers = (CHALLENGE | problem.headers) if problem.status == 401 else problem.headers
    return Response(document, status_code=problem.status, media_type="application/problem+json", headers=headers)


def status_of(code: str) -> int:
    """The status of a rejection: 404 for what is not there, 403 for what is someone else's, else 409."""
    if code in STATUS:
        return STATUS[code]
    if code.endswith("_not_found"):
        return 404
    return 403 if code == "not_yours" else 409


def rejected(request: Request[Any, Any, Any], error: Rejected) -> Response[ProblemDocument]:
    # A rule about one field of a well-formed body; any other concerns the state of things, which a field may point to.
    status = 422 if error.pointer and error.code not in STANDING else status_of(error.code)
    return answer(request, Problem(status, error.code, error.detail, pointer=error.pointer))


def unavailable(request: Request[Any, Any, Any], error: Any) -> Response[ProblemDocument]:
    logger.warning("engine unavailable", component=error.component)
    return answer(request, Problem(503, f"{error.component}_unavailable", "Try again shortly.", headers=RETRY_AFTER))


def bad_cursor(request: Request[Any, Any, Any], _error: BadCursor) -> Response[ProblemDocument]:
    return answer(request, Problem(400, "bad_cursor", "This cursor was not handed out by this list.", parameter="cursor"))


def invalid_parameters(request: Request[Any, Any, Any], error: ValidationException) -> Response[ProblemDocument]:
    if missing := MISSING.match(error.detail):
        return answer(request, Problem(400, "invalid_parameter", "Required.", parameter=missing[1]))
    first: Any = error.extra[0] if isinstance(error.extra, list) and error.extra else {}
    key = str(first.get("key", ""))
    declared = request.route_handler.parsed_fn_signature.parameters.get(key)
    name = (getattr(declared.kwarg_definition, "name", None) if declared else None) or key or None
    return answer(request, Problem(400, "invalid_parameter", str(first.get("message") or error.detail), parameter=name))


CODES = {400: "bad_request", 401: "unauthenticated", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}


def http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[ProblemDocument]:
    status = error.status_code
    if status >= 500:
        return failure(request, error)
    headers = dict(error.headers or {})
    if isinstance(error, MethodNotAllowedException):
        headers = {"Allow": ", ".join(allowed_methods(request))}
    return answer(request, Problem(status, CODES.get(status, "bad_request"), headers=headers))


def failure(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemDocument]:
    logger.error("request failed", path=request.scope.get("path"), exc_info=error)
    return answer(request, Problem(500, "internal", "The fault is ours and has been recorded."))


def problem(request: Request[Any, Any, Any], error: Problem) -> Response[ProblemDocument]:
    return answer(request, error)


def leads_to(route: BaseRoute, path: str) -> bool:
    """Whether each part of the path is the route's own, or reads as the parameter that stands in its place."""
    parts = path.strip("/").split("/")
    return len(parts) == len(route.path_components) and all(map(fits, route.path_components, parts))


def fits(component: str | PathParameterDefinition, part: str) -> bool:
    if isinstance(component, str):
        return component == part
    try:
        return component.parser is None or component.parser(part) is not None
    except ValueError:
        return False


def allowed_methods(request: Request[Any, Any, Any]) -> list[str]:
    """The methods of the routes at this path, which two may share, as commands and queries do."""
    path = request.scope["path"].rstrip("/") or "/"
    routes = [each for each in request.app.routes if each.path_format == path]
    if not routes:  # of a path without parameters Litestar tries no pattern
        routes = [each for each in request.app.routes if leads_to(each, path)]
    methods = {method for route in routes for method in getattr(route, "methods", ())}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


HANDLERS: ExceptionHandlersMap = {
    Problem: problem,
    Rejected: rejected,
    Unavailable: unavailable,
    BadCursor: bad_cursor,
    ValidationException: invalid_parameters,
    HTTPException: http_error,
    Exception: failure,
}

PATH = re.compile(r"(?:at|in) `(?P<path>[^`]*)`$")
NAME = re.compile(r"(?:missing required|contains unknown) field `(?P<name>[^`]*)`")


def pointer(message: str) -> str:
    """The JSON pointer in a msgspec message: its path, and the name of a field that is unknown or missing.

    >>> pointer("Expected `int`, got `str` - at `$.price.amount`")
    '/price/amount'
    >>> pointer("Object contains unknown field `colour` - at `$.items[2]`")
    '/items/2/colour'
    """
    found, named = PATH.search(message), NAME.search(message)
    parts = re.findall(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]", found["path"]) if found else []
    names = [name or index for name, index in parts] + ([named["name"]] if named else [])
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)


def problems(*codes: str) -> dict[int, ResponseSpec]:
    """The OpenAPI responses of a route that may be refused with these codes, grouped by status."""
    grouped: dict[int, list[str]] = {}
    for code in codes:
        grouped.setdefault(status_of(code), []).append(code)
    return {status: documented(" · ".join(f"`{code}`" for code in found)) for status, found in grouped.items()}


STATUS = {
    "wrong_credentials": 401,
    "signature_invalid": 401,
    "refresh_token_invalid": 401,
    "suspended": 403,
    "wrong_password": 403,
    "too_many_attempts": 429,
    "search_unavailable": 503,
    "seals_unavailable": 503,
    "too_many_followers": 503,
    "read_only": 503,
    "idempotency_key_required": 400,
    "bad_cursor": 400,
    "unknown_type": 400,
    "invalid_search": 422,
    "filter_unsuited": 422,
    "range_too_long": 422,
    "place_invalid": 422,
    "place_unclear": 422,
    "not_in_feed": 422,
    "stream_or_person": 422,
    "pass_forged": 404,
    "position_unknown": 404,
    "version_unknown": 404,
    "size_unknown": 404,
}
"""The status of codes whose meaning is one of HTTP's own."""

STANDING = frozenset(
    {
        "code_currency",
        "code_exhausted",
        "code_minimum",
        "code_needs_account",
        "code_not_started",
        "code_over",
        "code_used",
        "not_on_sale",
        "out_of_stock",
        "outside_zone",
        "own_listing",
        "slot_closed",
        "slot_full",
    }
)
"""What the state of things forbids, though a field of the body shows where: 409, not 422."""


def documented(description: str) -> ResponseSpec:
    return ResponseSpec(ProblemDocument, generate_examples=False, description=description, media_type="application/problem+json")
