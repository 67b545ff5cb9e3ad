"""The headers that routes take and answer, by their sort."""

from collections.abc import Iterable
from typing import Any

from interfaces.http.documentation.examples import UUID7
from interfaces.http.documentation.routes import Operation

# Text, as all headers are; a number to those who read it.
POSITION = {"type": "string", "pattern": "^(0|[1-9][0-9]{0,14})$", "examples": ["4711"]}


def header(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": about, "schema": schema}


CORRELATION = header(
    "Correlation-Id",
    "A UUID; it comes back in the answer and stands on every event that follows. Anything else is replaced by a new one.",
    {"type": "string", "examples": [UUID7]},
)
IDEMPOTENCY = header(
    "Idempotency-Key",
    "The same key again gives the first answer, whatever happened in between; with another body it is refused.",
    {"type": "string", "minLength": 1, "maxLength": 200},
)
IF_MATCH = header(
    "If-Match",
    "Do it only to this version: an `ETag`; `*` for any, as long as there is one.",
    {"type": "string", "pattern": '^([*]|"(0|[1-9][0-9]{0,14})"|0|[1-9][0-9]{0,14})$', "examples": ['"3"']},
)
CART_TOKEN = header(
    "Cart-Token",
    "Who a guest is: the token that the first command for a new cart answered. Whoever is signed in needs none.",
    {"type": "string", "maxLength": 200},
)
GUEST_CART = header(
    "Cart-Token",
    "Of the guest that one was so far: what is in his cart is added to one's own, once. What cannot be added stays where it is.",
    {"type": "string"},
)
MIN_POSITION = header("Min-Position", "Wait until the read model has come this far: a `Position` that a command answered.", POSITION)
LAST_EVENT_ID = header("Last-Event-ID", "Of a stream: go on behind this position.", POSITION)


def taken(operation: Operation) -> Iterable[dict[str, Any]]:
    yield CORRELATION
    if operation.gives_a_command:
        yield {**IDEMPOTENCY, "required": operation.keyed}
        yield IF_MATCH
    if operation.waits:
        yield MIN_POSITION
    if operation.streams:
        yield LAST_EVENT_ID
    if operation.shops:
        yield CART_TOKEN
    if operation.takes_up_a_cart:
        yield GUEST_CART


def answered(operation: Operation) -> dict[str, Any]:
    """Headers of the success."""
    made: dict[str, Any] = {"Correlation-Id": said("The request's id, for logs and history.", "string", format="uuid")}
    if operation.gives_a_command:
        made["ETag"] = said("The version after the command, for `If-Match`.")
        made["Position"] = said("The position after the command, for `Min-Position`.", "integer")
        made["Idempotency-Replayed"] = said("`true` where the command had run before.")
        if operation.handler.status_code in {201, 202}:
            made["Location"] = said("Where it is.")
        if operation.shops:
            made["Cart-Token"] = said("Of a guest: to be sent from now on.")
    elif operation.waits and "}" in operation.path and not operation.streams:
        made["ETag"] = said("The version of what is shown, for `If-Match`.")
    return made


def said(about: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"description": about, "schema": {"type": kind, **more}}
