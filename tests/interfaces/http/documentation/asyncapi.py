"""The AsyncAPI document as its readers take it: by the official schema, and event by event."""

import gzip
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from jsonschema_rs import Draft7Validator

OFFICIAL = Path(__file__).parents[3] / "fixtures" / "asyncapi" / "3.0.0.json.gz"
DRAFT = "http://json-schema.org/draft-07/schema#"


def official() -> Draft7Validator:
    return Draft7Validator(msgspec.json.decode(gzip.decompress(OFFICIAL.read_bytes())))


def envelopes(document: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], list[str]]:
    """What is wrong with an event by the message of its type."""
    messages: dict[str, Any] = document["components"]["messages"]
    validators = {
        type_: Draft7Validator(
            {"$schema": DRAFT, **each["payload"], "components": {"schemas": document["components"]["schemas"]}}, validate_formats=True
        )
        for type_, each in messages.items()
    }
    return lambda event: [f"{event['type']}: {error.message}" for error in validators[event["type"]].iter_errors(event)]
