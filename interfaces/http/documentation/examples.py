"""Examples made from schemas: by their own examples where they have some, else the simplest value that fits."""

from collections.abc import Mapping
from typing import Any

UUID7 = "01979c5e-7c00-7000-8000-000000000001"
BY_FORMAT = {
    "uuid": UUID7,
    "date-time": "2026-06-01T12:00:00Z",
    "date": "2026-06-01",
    "email": "ana@sea.example",
    "uri": "https://tradewind.example/",
}
DEPTH = 8


def example(schema: Mapping[str, Any], components: Mapping[str, Any], depth: int = 0) -> Any:
    """A value that the schema admits; `components` are the schemas that it may refer to."""
    if "$ref" in schema:
        return example(components[schema["$ref"].rsplit("/", 1)[1]], components, depth)
    for name in ("examples", "enum"):
        if schema.get(name):
            return schema[name][0]
    if "const" in schema:
        return schema["const"]
    for name in ("anyOf", "oneOf"):
        if name in schema:
            choices = [choice for choice in schema[name] if choice.get("type") != "null"]
            return example(choices[0], components, depth) if choices else None
    kind = schema.get("type")
    return of_kind(kind if isinstance(kind, str) else "null", schema, components, depth)


def of_kind(kind: str, schema: Mapping[str, Any], components: Mapping[str, Any], depth: int) -> Any:
    match kind:
        case "object":
            return of_object(schema, components, depth)
        case "array":
            return of_array(schema, components, depth)
        case "string":
            return BY_FORMAT.get(schema.get("format", ""), "text".ljust(schema.get("minLength", 0), "t")[: schema.get("maxLength")])
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return None


def of_object(schema: Mapping[str, Any], components: Mapping[str, Any], depth: int) -> Any:
    if depth >= DEPTH:
        return {}
    return {name: example(each, components, depth + 1) for name, each in schema.get("properties", {}).items()}


def of_array(schema: Mapping[str, Any], components: Mapping[str, Any], depth: int) -> Any:
    if depth >= DEPTH:
        return []
    if "prefixItems" in schema:
        return [example(each, components, depth + 1) for each in schema["prefixItems"]]
    return [example(schema["items"], components, depth + 1)] if schema.get("items") else []
