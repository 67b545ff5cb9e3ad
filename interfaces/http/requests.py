"""Reading requests strictly: bodies by their exact types, no unknown query parameters, nothing but the declared media type."""

from functools import cache
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from interfaces.http.errors import Problem, pointer

JSON = "application/json"

T = TypeVar("T")


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON is decoded by msgspec into the handler's body type, without turning strings into numbers."""

    async def json(self) -> Any:
        decoder = body_decoder(self.route_handler)
        try:
            return decoder.decode(await self.body())
        except msgspec.ValidationError as error:
            text = str(error)
            raise Problem(400, "invalid_body", text.split(" - at ", maxsplit=1)[0], pointer=pointer(text)) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Problem(400, "malformed_json", str(error), pointer="") from error


@cache
def body_decoder(handler: HTTPRouteHandler) -> msgspec.json.Decoder[Any]:
    field = handler.parsed_fn_signature.parameters["data"]
    return msgspec.json.Decoder(field.annotation)


@cache
def query_parameters(handler: HTTPRouteHandler) -> frozenset[str]:
    """The names a handler takes from the query string, read from its signature."""
    names: set[str] = set()
    for field in handler.parsed_fn_signature.parameters.values():
        if isinstance(field.kwarg_definition, QueryParameter):
            names.add(field.kwarg_definition.name or field.name)
    return frozenset(names)


async def refuse_what_is_not_declared(request: Request[Any, Any, Any]) -> None:
    """Unknown query parameters are 400 `unknown_parameter`, bodies of another media type 415 `unsupported_media_type`."""
    handler: HTTPRouteHandler = request.route_handler
    known = query_parameters(handler)
    for name in request.query_params:
        if name not in known:
            raise Problem(400, "unknown_parameter", f"Known here: {', '.join(sorted(known)) or 'none'}.", parameter=name)
    takes_json = "data" in handler.parsed_fn_signature.parameters
    accepted = handler.opt.get("accepts", JSON if takes_json else None)
    if accepted is None:
        return
    given = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if given != accepted:
        raise Problem(415, "unsupported_media_type", f"Send {accepted}.", headers={"Accept": accepted})
    if takes_json and not await request.body():
        raise Problem(400, "malformed_json", "A body is needed.", pointer="")


def header(request: Request[Any, Any, Any], name: str, kind: type[T]) -> T | None:
    """A header's value as the given type, or None where it was not sent; 400 `invalid_header` otherwise."""
    text = request.headers.get(name)
    if text is None:
        return None
    try:
        return msgspec.convert(text.strip().strip('"'), kind, strict=False)
    except msgspec.ValidationError as error:
        raise Problem(400, "invalid_header", str(error), parameter=name) from error
