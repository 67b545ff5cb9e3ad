"""What any route may answer beside its success: its own refusals, and those that hold for all routes of its sort."""

from collections.abc import Iterable
from typing import Any

from interfaces.http.caller import Access
from interfaces.http.documentation.routes import Operation

PROBLEM = "application/problem+json"
PROBLEM_SCHEMA = {"$ref": "#/components/schemas/ProblemDocument"}

MEANINGS = {
    400: "The request is not well-formed.",
    401: "Nobody is signed in, or the token or key is not good.",
    403: "The caller may not do this.",
    404: "There is no such thing.",
    409: "The state of things does not allow it.",
    412: "The thing has another version than `If-Match` says.",
    413: "The body is too large.",
    415: "The body is of another media type.",
    422: "A field breaks a rule, and `pointer` names it; or the `Idempotency-Key` was used for another request.",
    429: "Too many requests; `Retry-After` says when to try again.",
    503: "An engine that is needed does not answer; `Retry-After` says when to try again.",
}

RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}}},
    412: {"ETag": {"description": "The version as it is.", "schema": {"type": "string"}}},
    415: {"Accept": {"description": "The media type that is taken.", "schema": {"type": "string"}}},
    429: RETRY_AFTER,
    503: RETRY_AFTER,
}


def common(operation: Operation) -> Iterable[tuple[int, str]]:
    """Status and code of what the layers around the route refuse."""
    yield 400, "invalid_parameter"
    yield 400, "unknown_parameter"
    if operation.gives_a_command or operation.waits:
        yield 400, "invalid_header"
    if operation.keyed:
        yield 400, "idempotency_key_required"
    if operation.shops:
        yield 401, "cart_token_invalid"
    if "{" in operation.path:
        yield 404, "not_found"
    if operation.body is not None:
        yield from ((400, "malformed_json"), (400, "invalid_body"))
    if operation.body is not None or operation.accepts:
        yield from ((413, "body_too_large"), (415, "unsupported_media_type"))
    if operation.access is not None:
        yield from for_access(operation.access)
    if operation.gives_a_command:
        yield from ((412, "stale_version"), (422, "idempotency_key_reused"), (503, "busy"))
        if not operation.always:
            yield 503, "read_only"
    if operation.waits:
        yield 503, "not_caught_up"
    if operation.access is not None:
        yield 503, "postgres_unavailable"


def for_access(access: Access) -> Iterable[tuple[int, str]]:
    yield 401, "token_invalid"
    if access.public:
        return
    yield 401, "unauthenticated"
    if access.roles or access.scope:
        yield 403, "role_missing"
    yield 403, "scope_missing"


def refusals(operation: Operation, declared: dict[str, Any]) -> dict[str, Any]:
    """All error responses of a route; `declared` are those that it names itself."""
    codes: dict[int, list[str]] = {}
    for status, given in declared.items():
        if PROBLEM in given.get("content", {}):
            codes[int(status)] = [code.strip(" `") for code in given["description"].split("·")]
    for status, code in common(operation):
        known = codes.setdefault(status, [])
        if code not in known:
            known.append(code)
    return {str(status): response(status, codes[status]) for status in sorted(codes)}


def response(status: int, codes: list[str]) -> dict[str, Any]:
    listed = ", ".join(f"`{code}`" for code in codes)
    documented: dict[str, Any] = {
        "description": f"{MEANINGS.get(status, '')} Codes: {listed}.".strip(),
        "content": {PROBLEM: {"schema": PROBLEM_SCHEMA, "examples": {code: {"value": example(status, code)} for code in codes}}},
    }
    if status in HEADERS:
        documented["headers"] = HEADERS[status]
    return documented


TOLD: dict[str, dict[str, Any]] = {"prices_changed": {"total": {"amount": 1080, "currency": "CHF"}}}
"""The members that a problem has beside those of every other."""


def example(status: int, code: str) -> dict[str, Any]:
    title = code.replace("_", " ").capitalize()
    return {"type": f"urn:tradewind:problem:{code}", "title": title, "status": status, "code": code, **TOLD.get(code, {})}
