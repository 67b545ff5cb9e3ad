"""Conditions and orders of read-model queries, as SQL text with named values that never carries a caller's words."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from projections.view import Key, View


class Where(Struct, frozen=True):
    """A condition over a view's columns; values are named `%(name)s` and passed apart."""

    text: str = "true"
    values: Mapping[str, Any] = {}

    def __and__(self, other: "Where") -> "Where":
        return Where(f"({self.text}) AND ({other.text})", {**self.values, **other.values})


ALL = Where()


def equals(column: str, value: Any) -> Where:
    return Where(f"{column} = %({column})s", {column: value})


def among(view: View[Any], keys: Iterable[Key]) -> Where:
    """The rows with these keys: all of them in one statement."""
    return Where(f"key = ANY(%(among)s::{view.key_type}[])", {"among": list(keys)})


class Order(Struct, frozen=True):
    """Columns to sort by, most significant first; the view's key always comes last, so that every order is total."""

    columns: tuple[str, ...] = ()
    descending: bool = True


NEWEST_KEY_FIRST = Order()
"""Keys are UUIDv7, so the order of keys is the order of making."""
