"""What differs between two states is told place by place."""

from typing import Any

import msgspec
import pytest

from infrastructure.auditing.differences import differences


def told(was: Any, became: Any) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(each) for each in differences(was, became)]


def test_what_is_the_same_is_not_told():
    assert told({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}) == []


def test_what_was_added_removed_and_changed():
    assert told({"a": 1, "b": 2}, {"a": 3, "c": None}) == [
        {"path": "/a", "was": 1, "became": 3},
        {"path": "/b", "was": 2},
        {"path": "/c", "became": None},
    ]


def test_lists_are_compared_by_place():
    assert told({"a": [1, 2]}, {"a": [1, 3, 4]}) == [{"path": "/a/1", "was": 2, "became": 3}, {"path": "/a/2", "became": 4}]
    assert told([[1]], [[]]) == [{"path": "/0/0", "was": 1}]


def test_names_are_escaped_as_json_pointers_have_them():
    assert [each["path"] for each in told({"a/b": {"~": 1}}, {"a/b": {"~": 2}})] == ["/a~1b/~0"]


@pytest.mark.parametrize(("was", "became"), [({"a": 1}, [1]), ([1], {"a": 1}), (None, {"a": 1})])
def test_another_kind_of_thing_is_another_thing(was: Any, became: Any):
    assert told({"x": was}, {"x": became}) == [{"path": "/x", "was": was, "became": became}]
