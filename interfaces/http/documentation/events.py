"""The AsyncAPI document: every feed as a channel, and every type of its events as a message with its schema and an example."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from inspect import cleandoc
from typing import Any

from interfaces.http.documentation.examples import example
from interfaces.http.documentation.schemas import REFERENCE, written
from interfaces.http.queries.feeds import ERASED
from projections.feeds.catalogue import FEEDS
from projections.feeds.envelope import CloudEvent
from projections.view import Feed, schema_of

MEDIA_TYPE = "application/cloudevents+json"
ENVELOPE = "CloudEvent"

SAID = {
    "askedCurrency": "EUR",
    "category": "ropes",
    "code": "out_of_stock",
    "country": "PT",
    "currency": "EUR",
    "description": "Three strands, 12 mm, by the metre.",
    "kind": "product",
    "locality": "Lagos",
    "location": "main",
    "provider": "stripe",
    "purpose": "order",
    "reason": "declined",
    "region": "Faro",
    "rule": "FREQ=WEEKLY;BYDAY=MO,TH",
    "sku": "ROPE-12",
    "timezone": "Europe/Lisbon",
    "title": "Mooring rope",
}
"""Examples of texts that are free, by their names."""

ABOUT = f"""What happened and is public, as CloudEvents 1.0 in JSON, in one order and kept for ever. Follow a feed by pages or by
server-sent events (`GET` at its address, on from any position), share it among the workers of a service by a consumer group
(`…/consumers`), or have its events sent to an address of yours.

{ERASED}

Fields may be added to a type at any time; what else changes raises `schemaversion`."""


@cache
def asyncapi() -> dict[str, Any]:
    """The whole document, AsyncAPI 3.0, as JSON-like data."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Tradewind: events", "version": "1", "description": ABOUT},
        "defaultContentType": MEDIA_TYPE,
        "channels": {feed.feed: channel(feed) for feed in FEEDS.values()},
        "operations": {f"follow-{feed.feed}": operation(feed) for feed in FEEDS.values()},
        "components": {
            "messages": {feed.type_of(each): message(feed, each) for feed in FEEDS.values() for each in feed.payloads},
            "schemas": schemas(),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key of a service with the scope `feeds:read`."},
                "session": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An admin's or auditor's access token.",
                },
            },
        },
    }


def channel(feed: Feed[Any]) -> dict[str, Any]:
    types = [feed.type_of(each) for each in feed.payloads]
    return {
        "address": f"/v1/feeds/{feed.feed}",
        "title": feed.feed.replace("-", " ").capitalize(),
        "description": feed.about,
        "messages": {each: {"$ref": f"#/components/messages/{each}"} for each in types},
    }


def operation(feed: Feed[Any]) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{feed.feed}"},
        "summary": f"Tell what is new in {feed.feed.replace('-', ' ')}.",
        "security": [{"$ref": "#/components/securitySchemes/key"}, {"$ref": "#/components/securitySchemes/session"}],
        "bindings": {"http": {"method": "GET"}},
        "messages": [{"$ref": f"#/channels/{feed.feed}/messages/{feed.type_of(each)}"} for each in feed.payloads],
    }


def message(feed: Feed[Any], payload: type[Any]) -> dict[str, Any]:
    """`payload` is the envelope, with what is fixed in it for the type; the feed's own is its `data`."""
    type_, schema = feed.type_of(payload), schema_of(payload)
    fixed = {"type": type_, "source": f"/v1/feeds/{feed.feed}", "schemaversion": schema}
    properties = {name: {"const": value} for name, value in fixed.items()}
    told = {**example(schemas()[ENVELOPE], schemas()), **fixed, "data": example(schemas()[type_], schemas())}
    return {
        "name": type_,
        "title": title(payload),
        **summary(payload),
        "contentType": MEDIA_TYPE,
        "payload": {
            "allOf": [
                {"$ref": REFERENCE.format(name=ENVELOPE)},
                {"type": "object", "properties": {**properties, "data": {"$ref": REFERENCE.format(name=type_)}}},
            ]
        },
        "examples": [{"name": payload.__name__, "payload": told}],
    }


def title(payload: type[Any]) -> str:
    """The words that its name is made of."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", payload.__name__).capitalize()


def summary(payload: type[Any]) -> dict[str, str]:
    return {"summary": cleandoc(payload.__doc__).replace("\n", " ")} if payload.__doc__ else {}


@cache
def schemas() -> Mapping[str, Any]:
    """The envelope, and of each feed what its events are made of, by the feed's name: two feeds may each have lines of their own."""
    _, found = written([CloudEvent])
    for feed in FEEDS.values():
        found.update(of_feed(feed))
    return found


def of_feed(feed: Feed[Any]) -> Iterable[tuple[str, Any]]:
    _, components = written(feed.payloads, f"#/components/schemas/{feed.feed}.{{name}}")
    for component in components.values():
        for name, described in component.get("properties", {}).items():
            if name in SAID and {"type": "string"} in (described, *described.get("anyOf", ())):
                described["examples"] = [SAID[name]]
    return ((f"{feed.feed}.{name}", schema) for name, schema in components.items())
