"""Schemas of what goes over the wire: bodies and answers as msgspec reads and writes them, parameters as they are checked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import inspect

REFERENCE = "#/components/schemas/{name}"


def written(types: Sequence[Any], reference: str = REFERENCE) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """The schema of each type, and the components that these refer to by `reference`."""
    schemas, components = msgspec.json.schema_components(types, ref_template=reference)
    for component in components.values():
        if "description" in component:
            component["description"] = cleandoc(component["description"])
    for struct in structs(inspect.multi_type_info(types)):
        # Where two are of one name, msgspec names each by its module too.
        found = components.get(struct.cls.__name__) or components.get(f"{struct.cls.__module__}.{struct.cls.__qualname__}", {})
        refine(struct, found)
    return dict(zip(types, schemas, strict=True)), components


def structs(types: Iterable[inspect.Type]) -> Iterator[inspect.StructType]:
    """Every Struct that the types are made of."""
    pending, seen = list(types), set[Any]()
    while pending:
        each = pending.pop()
        if isinstance(each, inspect.StructType):
            if each.cls in seen:
                continue
            seen.add(each.cls)
            yield each
            pending.extend(field.type for field in each.fields)
        else:
            pending.extend(parts(each))


def parts(type_: inspect.Type) -> Iterator[inspect.Type]:
    for value in vars_of(type_).values():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, inspect.Type):
                yield each


def vars_of(type_: inspect.Type) -> Mapping[str, Any]:
    return {name: getattr(type_, name) for name in type_.__struct_fields__}


def refine(struct: inspect.StructType, schema: dict[str, Any]) -> None:
    """Say what msgspec checks and does not write down: RFC 3339 of all moments, and the choices of a mapping's keys."""
    for field in struct.fields:
        choices = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
        described = schema["properties"][field.encode_name]
        for choice in choices:
            plain = choice.type if isinstance(choice, inspect.Metadata) else choice
            for each in described.get("anyOf", [described]):
                if isinstance(plain, inspect.DateTimeType) and each.get("type") == "string":
                    each["format"] = "date-time"
                if isinstance(plain, inspect.DictType) and each.get("type") == "object" and (keys := keys_of(plain)):
                    each["propertyNames"] = {"enum": keys}


def keys_of(mapping: inspect.DictType) -> list[Any]:
    match mapping.key_type:
        case inspect.LiteralType(values=values):
            return list(values)
        case inspect.EnumType(cls=cls):
            return [each.value for each in cls]
        case _:
            return []


BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


def parameter(described: Mapping[str, Any], checked: Any = None) -> dict[str, Any]:
    """A path or query parameter without noise. It is never null: it is left out.

    `checked` is what the handler declares of it; Litestar writes its bounds down only where they are not zero.
    """
    schema = dict(described["schema"])
    schema.pop("description", None)
    choices = [choice for choice in schema.pop("oneOf", []) if choice.get("type") != "null"]
    if len(choices) == 1:
        schema = {**choices[0], **schema}
    elif choices:
        schema["anyOf"] = choices
    for name, bound in BOUNDS.items():
        value = getattr(checked, name, None)
        if value is not None:
            schema[bound] = int(value) if schema.get("type") == "integer" else value
    kept = {name: described[name] for name in ("name", "in", "description", "required") if name in described}
    return {**kept, "schema": schema}
