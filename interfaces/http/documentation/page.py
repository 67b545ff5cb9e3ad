"""Both documents as one page of HTML: every route with what it takes, answers and refuses, and what feeds tell. It loads nothing."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

import msgspec

HERE = Path(__file__).parent

METHODS = ("get", "post", "put", "patch", "delete")
EVENTS = {"name": "events"}
"""The section of what feeds tell, beside those of the routes' tags."""


def render(document: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """`document` is of OpenAPI, `told` of AsyncAPI."""
    info = document["info"]
    tags: list[dict[str, str]] = document["tags"]
    found = list(routes(document))
    menu = "".join(part(tag, "".join(link(*each) for each in found if tag["name"] in each[2]["tags"])) for tag in tags)
    body = "".join(
        f'<section id="{escape(tag["name"])}"><h2>{escape(tag["name"])}</h2><p>{inline(tag["description"])}</p>'
        + "".join(route(*each) for each in found if tag["name"] in each[2]["tags"])
        + "</section>"
        for tag in tags
    )
    title = escape(info["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}: the API</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{asset("page.css")}</style></head><body>'
        f'<nav aria-label="Routes"><h1>{title}</h1><p>{len(found)} routes · <a class="open" href="/openapi.json">openapi.json</a></p>'
        f'<p>{len(told["components"]["messages"])} public events · <a class="open" href="/asyncapi.json">asyncapi.json</a></p>'
        f'<input type="search" placeholder="Find a route" aria-label="Find a route">{menu}{part(EVENTS, "".join(lines(told)))}</nav>'
        f"<main><header><h1>The API</h1>{text(info['description'])}</header>{body}{events(told)}</main>"
        f"<script>{asset('page.js')}</script></body></html>"
    )


def asset(name: str) -> str:
    return (HERE / name).read_text()


def routes(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def part(tag: Mapping[str, str], links: str) -> str:
    return f"<section><h2>{escape(tag['name'])}</h2>{links}</section>"


def words(path: str, method: str, operation: Mapping[str, Any]) -> str:
    return escape(f"{method} {path} {operation['operationId']} {operation['summary']}".lower())


def link(path: str, method: str, operation: Mapping[str, Any]) -> str:
    return (
        f'<a href="#{escape(operation["operationId"])}" data-words="{words(path, method, operation)}">'
        f'<b class="method {method}">{method}</b>{escape(path)}</a>'
    )


def route(path: str, method: str, operation: Mapping[str, Any]) -> str:
    parts = [
        text(operation["description"]),
        parameters(operation["parameters"]),
        content("Body", operation.get("requestBody", {}).get("content", {})),
        *(answers(operation["responses"])),
    ]
    return (
        f'<details id="{escape(operation["operationId"])}" data-words="{words(path, method, operation)}">'
        f'<summary><b class="method {method}">{method}</b><code>{escape(path)}</code><span>{inline(operation["summary"])}</span></summary>'
        f"<div>{''.join(parts)}</div></details>"
    )


def events(told: Mapping[str, Any]) -> str:
    """Every feed with the types of its events: what each says, and how it looks."""
    made = "".join(
        f"<h3>{escape(channel['title'])}</h3><p>{inline(channel['description'])} <code>GET {escape(channel['address'])}</code></p>"
        + "".join(event(told, type_) for type_ in channel["messages"])
        for channel in told["channels"].values()
    )
    return f'<section id="{EVENTS["name"]}"><h2>{EVENTS["name"]}</h2>{text(told["info"]["description"])}{made}</section>'


def event(told: Mapping[str, Any], type_: str) -> str:
    message, schema = told["components"]["messages"][type_], told["components"]["schemas"][type_]
    required = schema.get("required", ())
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code> <small>{'' if name in required else 'optional'}</small></td>"
        f"<td><small>{escape(constraints(each))}</small></td></tr>"
        for name, each in schema.get("properties", {}).items()
    )
    said = message.get("summary", f"{message['title']}.")
    example = content("Event", {message["contentType"]: {"example": message["examples"][0]["payload"]}})
    return (
        f'<details id="{escape(type_)}" data-words="{escape(f"event {type_} {said}".lower())}">'
        f'<summary><b class="method">event</b><code>{escape(type_)}</code><span>{inline(said)}</span></summary>'
        f"<div><h4>Data</h4><table>{rows}</table>{example}</div>"
        "</details>"
    )


def lines(told: Mapping[str, Any]) -> Iterator[str]:
    for type_ in told["components"]["messages"]:
        yield f'<a href="#{escape(type_)}" data-words="{escape(f"event {type_}".lower())}"><b class="method">event</b>{escape(type_)}</a>'


def parameters(found: list[dict[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code> <small>{each['in']}{', required' if each.get('required') else ''}</small></td>"
        f"<td>{inline(each.get('description', ''))} <small>{escape(constraints(each['schema']))}</small></td></tr>"
        for each in found
    )
    return f"<h4>Parameters</h4><table>{rows}</table>" if rows else ""


def constraints(schema: Mapping[str, Any]) -> str:
    """What may be given, in a few words: type, bounds, choices, default."""
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(filter(None, (constraints(each) for each in schema[several] if each.get("type") != "null")))
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "enum" in schema:
        return " · ".join(str(each) for each in schema["enum"])
    said = [str(schema.get("format", schema.get("type", "")))]
    said += [
        f"{word} {schema[key]}"
        for key, word in (("minimum", "from"), ("maximum", "to"), ("default", "default"))
        if schema.get(key) is not None
    ]
    return ", ".join(said)


def content(title: str, found: Mapping[str, Any]) -> str:
    made = "".join(
        f"<h4>{escape(title)} <code>{escape(media_type)}</code></h4>{shown(each['example'])}" if "example" in each else ""
        for media_type, each in found.items()
    )
    return made or "".join(f"<h4>{escape(title)} <code>{escape(media_type)}</code></h4>" for media_type in found)


def shown(example: Any) -> str:
    written = example if isinstance(example, str) else msgspec.json.format(msgspec.json.encode(example), indent=2).decode()
    return f"<pre>{escape(written)}</pre>"


def answers(responses: Mapping[str, Any]) -> Iterator[str]:
    good = {status: each for status, each in responses.items() if status < "400"}
    bad = {status: each for status, each in responses.items() if status >= "400"}
    for status, each in good.items():
        headers = ", ".join(f"<code>{escape(name)}</code>" for name in each.get("headers", {}))
        yield content(f"Answer {status}", each.get("content", {})) or f"<h4>Answer {status}</h4><p>Without a body.</p>"
        yield f"<p>Headers: {headers}.</p>" if headers else ""
    rows = "".join(f"<tr><td>{status}</td><td>{inline(each['description'])}</td></tr>" for status, each in bad.items())
    yield f"<h4>Refusals</h4><table>{rows}</table>"


def text(written: str) -> str:
    return "".join(f"<p>{inline(paragraph)}</p>" for paragraph in written.split("\n\n") if paragraph)


def inline(written: str) -> str:
    """Escaped, with `code` and **strong** words."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(written))
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", marked)
