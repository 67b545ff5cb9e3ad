"""Reading requests strictly: bodies by their exact types, no unknown query parameters, nothing but the declared media type."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

import msgspec
from litestar import Request
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter, SkipValidation
from msgspec import Struct

from interfaces.http.errors import Problem, pointer

JSON = "application/json"

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)

ENTITY_TAG = re.compile(r'"([^"]*)"')

T = TypeVar("T")

Given: TypeAlias = NamedDependency[SkipValidation[T]]
"""What a handler is given by name. We made it ourselves: to check it against its protocol would cost a tenth of a query."""


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON is decoded by msgspec into the handler's body type, without turning strings into numbers."""

    async def json(self) -> Any:
        decoder = body_decoder(self.route_handler)
        body = await self.body()
        try:
            try:
                return decoder.decode(body)
            except msgspec.ValidationError as error:
                if "got `float`" not in str(error):
                    raise
                return decoder.decode(msgspec.json.encode(whole(msgspec.json.decode(body))))
        except msgspec.ValidationError as error:
            text = str(error)
            raise Problem(400, "invalid_body", text.split(" - at ", maxsplit=1)[0], pointer=pointer(text)) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Problem(400, "malformed_json", str(error), pointer="") from error


def whole(value: Any) -> Any:
    """The same JSON with numbers such as 12.0 as integers, which to JSON Schema they are."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: whole(each) for name, each in value.items()}
        case list():
            return [whole(each) for each in value]
        case _:
            return value


def remembered(read: Callable[[HTTPRouteHandler], T]) -> Callable[[HTTPRouteHandler], T]:
    """What is read from a handler once, and kept with it: in a cache of ours it would keep its whole application alive."""

    def remembering(handler: HTTPRouteHandler) -> T:
        if read.__name__ not in handler.opt:
            handler.opt[read.__name__] = read(handler)
        return handler.opt[read.__name__]

    return remembering


class Taken(Struct, frozen=True):
    """A parameter of the query string: as it is declared, whether it has many values, and whether these may be texts or moments."""

    declared: QueryParameter
    many: bool
    text: bool
    moment: bool


@remembered
def body_decoder(handler: HTTPRouteHandler) -> msgspec.json.Decoder[Any]:
    field = handler.parsed_fn_signature.parameters["data"]
    return msgspec.json.Decoder(field.annotation)


@remembered
def query_parameters(handler: HTTPRouteHandler) -> Mapping[str, Taken]:
    """What a handler takes from the query string, by name, read from its signature."""
    taken: dict[str, Taken] = {}
    for field in handler.parsed_fn_signature.parameters.values():
        declared = field.kwarg_definition
        if isinstance(declared, QueryParameter):
            kinds = {field.annotation, *(inner.annotation for inner in field.inner_types)}
            taken[declared.name or field.name] = Taken(declared, field.is_non_string_sequence, str in kinds, datetime in kinds)
    return taken


def refuse_what_is_ambiguous(name: str, parameter: Taken, values: Sequence[str]) -> None:
    """A parameter is left out or has one value, in the one form that is documented; Litestar would read more into it.

    Of a parameter given twice it takes the last, `null` it reads as left out, and a number as a moment.
    """
    if parameter.many:
        return
    if len(values) > 1:
        raise Problem(400, "invalid_parameter", "Given more than once.", parameter=name)
    if values[0] in {"null", "None"} and not parameter.text:
        raise Problem(400, "invalid_parameter", "Leave it out instead.", parameter=name)
    if parameter.moment and not MOMENT.fullmatch(values[0]):
        raise Problem(400, "invalid_parameter", "Send a moment as RFC 3339 has it, with its offset.", parameter=name)


async def refuse_what_is_not_declared(request: Request[Any, Any, Any]) -> None:
    """Unknown query parameters are 400 `unknown_parameter`, bodies of another media type 415 `unsupported_media_type`."""
    handler: HTTPRouteHandler = request.route_handler
    known = query_parameters(handler)
    for name in request.query_params:
        if name not in known:
            raise Problem(400, "unknown_parameter", f"Known here: {', '.join(sorted(known)) or 'none'}.", parameter=name)
        refuse_what_is_ambiguous(name, known[name], request.query_params.getall(name))
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
    """A header's value as the given type, or None where it was not sent; 400 `invalid_header` otherwise.

    An entity tag may come with its quotes, as `ETag` has them, or without.
    """
    text = request.headers.get(name)
    if text is None:
        return None
    tag = ENTITY_TAG.fullmatch(text) if name == "if-match" else None
    try:
        return msgspec.convert(tag[1] if tag else text, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Problem(400, "invalid_header", str(error), parameter=name) from error
