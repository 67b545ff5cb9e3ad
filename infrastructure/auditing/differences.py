"""What differs between two states, place by place."""

from collections.abc import Iterator
from typing import Any

from projections.audit import Changed


def differences(was: Any, became: Any, path: str = "") -> Iterator[Changed]:
    """Of two documents of builtins: objects are compared by name, lists by place; whatever else is unequal has changed."""
    if isinstance(was, dict) and isinstance(became, dict):
        for name in {**was, **became}:
            yield from _at(f"{path}/{escaped(str(name))}", was, became, name, name in was, name in became)
    elif isinstance(was, list) and isinstance(became, list):
        for place in range(max(len(was), len(became))):
            yield from _at(f"{path}/{place}", was, became, place, place < len(was), place < len(became))
    elif was != became:
        yield Changed(path, was, became)


def _at(path: str, was: Any, became: Any, key: Any, there: bool, still: bool) -> Iterator[Changed]:
    if there and still:
        yield from differences(was[key], became[key], path)
    elif there:
        yield Changed(path, was=was[key])
    else:
        yield Changed(path, became=became[key])


def escaped(name: str) -> str:
    """A reference token of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
