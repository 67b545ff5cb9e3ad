"""Every route says who may use it, what it takes and what it refuses; queries only ask, commands never do."""

from typing import Any

import msgspec
import pytest
from litestar import Litestar

from interfaces.cli.roles.openapi import described
from interfaces.http.caller import Access
from interfaces.http.documentation.events import asyncapi
from interfaces.http.documentation.page import render
from interfaces.http.documentation.routes import Operation, operations
from interfaces.http.openapi import document, read

APP: Litestar = described()
OPERATIONS = sorted(operations(APP), key=lambda each: (each.path, each.method))
DOCUMENT: dict[str, Any] = msgspec.json.decode(document(APP))


def name(operation: Operation) -> str:
    return f"{operation.method.upper()} {operation.path}"


def documented(operation: Operation) -> dict[str, Any]:
    return DOCUMENT["paths"][operation.path][operation.method]


every_route = pytest.mark.parametrize("operation", OPERATIONS, ids=name)


def test_there_are_routes_of_both_sides():
    assert {"get", "post", "put", "patch", "delete"} <= {each.method for each in OPERATIONS}


@every_route
def test_a_route_has_exactly_one_access_guard(operation: Operation):
    guards = [guard for guard in operation.handler.resolve_guards() if isinstance(guard, Access)]
    assert len(guards) == (1 if operation.path.startswith("/v1/") else 0)


@every_route
def test_queries_are_gets_and_commands_never_are(operation: Operation):
    module: str = operation.function.__module__
    sides = {"queries": operation.method == "get", "commands": operation.method != "get"}
    assert sides.get(module.split(".")[2], True)


@every_route
def test_a_route_documents_its_refusals(operation: Operation):
    responses = documented(operation)["responses"]
    refusals = {status: each for status, each in responses.items() if "application/problem+json" in each.get("content", {})}
    assert "400" in refusals
    assert operation.access is None or "401" in refusals
    assert operation.access is None or operation.access.public or "403" in refusals
    assert operation.body is None or {"413", "415"} <= refusals.keys()
    assert not operation.gives_a_command or {"412", "422"} <= refusals.keys()
    codes = {code: int(status) for status, each in refusals.items() for code in each["content"]["application/problem+json"]["examples"]}
    assert operation.access is None or {"token_invalid": 401}.items() <= codes.items()


@every_route
def test_a_route_is_described_in_a_sentence(operation: Operation):
    written = documented(operation)
    assert written["summary"].endswith(".")


@every_route
def test_the_example_of_a_body_is_one_that_the_route_takes(operation: Operation):
    if operation.body is not None:
        example = documented(operation)["requestBody"]["content"]["application/json"]["example"]
        msgspec.json.Decoder(operation.body).decode(msgspec.json.encode(example))


@every_route
def test_an_answer_in_json_has_a_schema(operation: Operation):
    for status, each in documented(operation)["responses"].items():
        for media_type, content in each.get("content", {}).items():
            assert content["schema"], (status, media_type)


def test_operation_ids_are_unique_and_tags_described():
    ids = [documented(each)["operationId"] for each in OPERATIONS]
    assert len(set(ids)) == len(ids)
    told = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}
    assert {tag for each in OPERATIONS for tag in documented(each)["tags"]} == told.keys()
    assert all(told.values())


def test_the_framework_shows_nowhere():
    assert b"ValidationException" not in document(APP)
    assert b"status_code" not in document(APP)


def test_every_reference_leads_somewhere():
    schemas = DOCUMENT["components"]["schemas"]
    pending: list[Any] = [DOCUMENT]
    found: set[str] = set()
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            found.add(str(each.get("$ref", "")))
            pending.extend(each.values())
        elif isinstance(each, list):
            pending.extend(each)
    assert {reference.rsplit("/", 1)[1] for reference in found - {""}} == schemas.keys()


def test_the_page_shows_every_route_and_loads_nothing():
    page = read(APP).decode()
    assert all(f'<details id="{documented(each)["operationId"]}"' in page for each in OPERATIONS)
    assert not any(word in page for word in ("http://", "https://cdn", "src=", "@import", "url("))


def test_what_is_written_in_a_docstring_stays_text():
    hostile = msgspec.json.decode(document(APP))
    path, methods = next(iter(hostile["paths"].items()))
    next(iter(methods.values()))["summary"] = "<script>alert(1)</script>"
    assert path
    told = msgspec.json.decode(msgspec.json.encode(asyncapi()))
    told["components"]["messages"]["users.UserErased"]["summary"] = "<script>alert(2)</script>"
    assert "<script>alert" not in render(hostile, told)
