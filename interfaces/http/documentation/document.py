"""The OpenAPI document: Litestar's, with exact schemas, every refusal, header and example, and who may use each route."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from inspect import cleandoc, getmodule
from typing import Any

from litestar import Litestar
from msgspec import Struct

from interfaces.http.answers import Accepted
from interfaces.http.documentation.examples import example
from interfaces.http.documentation.headers import answered, taken
from interfaces.http.documentation.refusals import refusals
from interfaces.http.documentation.routes import JSON, Operation, operations
from interfaces.http.documentation.schemas import parameter, written
from interfaces.http.errors import ProblemDocument
from interfaces.http.requests import query_parameters
from interfaces.http.streams import EVENT_STREAM

Schemas = Mapping[str, Any]

ANY: Schemas = {"type": "object"}
"""JSON that a route takes as it comes, byte by byte."""


class Written(Struct, frozen=True):
    """Schemas of all types that go over the wire as JSON, as msgspec reads and writes them."""

    of: Mapping[Any, Schemas]
    components: dict[str, Any]

    def content(self, type_: Any, media_type: str = JSON) -> dict[str, Any]:
        if media_type != JSON:
            return {media_type: {"schema": {"type": "string"}}}
        schema = self.of.get(type_, ANY)
        return {JSON: {"schema": schema, "example": example(schema, self.components)}}


def schemas_of(found: Sequence[Operation]) -> Written:
    bodies = [each.body for each in found if each.body is not None]
    answers = [each.answer for each in found if each.answer not in {None, bytes} and each.media_type == JSON]
    schemas, components = written(list(dict.fromkeys([*bodies, *answers, Accepted, ProblemDocument])))
    return Written({**schemas, bytes: {}}, components)


def complete(app: Litestar) -> dict[str, Any]:
    """The whole document as JSON-like data."""
    document: dict[str, Any] = app.openapi_schema.to_schema()
    found = sorted(operations(app), key=lambda each: (each.path, each.method))
    schemas = schemas_of(found)
    paths: dict[str, dict[str, Any]] = {}
    for operation in found:
        described = document["paths"][operation.path][operation.method]
        paths.setdefault(operation.path, {})[operation.method] = whole(operation, described, schemas)
    document["paths"] = paths
    document["tags"] = list(tags(found))
    document["components"]["schemas"] = referred(paths, document["components"].get("schemas", {}) | schemas.components)
    return document


def whole(operation: Operation, described: dict[str, Any], schemas: Written) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": described["operationId"],
        "tags": described["tags"],
        "summary": operation.summary,
        "description": "\n\n".join(filter(None, [operation.summary, operation.about, who(operation)])),
        "security": security(operation),
        "parameters": [*parameters(operation, described), *taken(operation)],
    }
    if operation.body is not None:
        made["requestBody"] = {"required": True, "content": schemas.content(operation.body)}
    elif operation.accepts:
        made["requestBody"] = {"required": True, "content": schemas.content(None, operation.accepts)}
    made["responses"] = {**succeeded(operation, described, schemas), **refusals(operation, described["responses"])}
    return made


def parameters(operation: Operation, described: dict[str, Any]) -> Iterable[dict[str, Any]]:
    known = query_parameters(operation.handler)
    for each in described.get("parameters", ()):
        taken = known.get(each["name"]) if each["in"] == "query" else None
        yield parameter(each, taken.declared if taken else None)


def succeeded(operation: Operation, described: dict[str, Any], schemas: Written) -> dict[str, Any]:
    """The answers that are no problem documents: the success, and what the route itself declares in JSON."""
    status = str(operation.handler.status_code)
    success: dict[str, Any] = {"description": described["responses"][status]["description"], "headers": answered(operation)}
    if operation.answer is not None:
        success["content"] = schemas.content(operation.answer, operation.media_type)
    if operation.streams:
        success["content"][EVENT_STREAM] = {"schema": {"type": "string"}, "example": "id: 4711\nevent: …\ndata: {…}\n\n"}
    if operation.also:
        success["content"][operation.also] = {"schema": {"type": "string"}}
    others = {int(code) for code in operation.handler.responses or {}} - {operation.handler.status_code}
    more = {
        str(code): {"description": described["responses"][str(code)]["description"], "content": schemas.content(operation.answer)}
        for code in others
        if JSON in described["responses"][str(code)].get("content", {})
    }
    return {status: success, **more}


def security(operation: Operation) -> list[dict[str, list[str]]]:
    access = operation.access
    if access is None or access.public:
        return []
    return [{"session": []}, {"key": []}] if access.scope else [{"session": []}]


def who(operation: Operation) -> str:
    access = operation.access
    if access is None or access.public:
        return "Open to anyone."
    people = f"people with one of the roles {', '.join(f'`{role}`' for role in access.roles)}" if access.roles else ""
    services = f"services whose key has the scope `{access.scope}`" if access.scope else ""
    return f"For {' and '.join(filter(None, [people, services])) or 'anyone who is signed in'}."


def tags(found: Iterable[Operation]) -> Iterable[dict[str, str]]:
    """Each tag with what the first module of its routes says of itself."""
    sentences: dict[str, str] = {}
    for operation in found:
        module = getmodule(operation.function) or sys.modules[__name__]
        for tag in operation.handler.resolve_tags():
            sentences.setdefault(tag, cleandoc(module.__doc__ or "").split("\n\n")[0].replace("\n", " "))
    for tag, told in sorted(sentences.items()):
        yield {"name": tag, "description": told}


def referred(paths: Any, components: dict[str, Any]) -> dict[str, Any]:
    """The schemas that anything refers to, and no others."""
    wanted: dict[str, Any] = {}
    pending = [paths]
    while pending:
        match pending.pop():
            case {"$ref": str(reference)}:
                name = reference.rsplit("/", 1)[1]
                if name not in wanted:
                    wanted[name] = components[name]
                    pending.append(components[name])
            case dict() as members:
                pending.extend(members.values())
            case list() as items:
                pending.extend(items)
            case _:
                pass
    return dict(sorted(wanted.items()))
