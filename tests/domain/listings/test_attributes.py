"""Attributes are what the category declares, and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decider import Rejected
from domain.listings.attributes import CATEGORIES, check, check_complete
from domain.listings.content import TITLE_LIMIT
from domain.listings.schema import Attribute, Category, Kind
from domain.text import line


def refused(category: str, attributes: dict[str, Any], *, complete: bool = False) -> tuple[str, str | None]:
    with pytest.raises(Rejected) as caught:
        (check_complete if complete else check)(category, attributes)
    return caught.value.code, caught.value.pointer


def test_a_boat_is_kept_in_the_order_its_category_declares():
    assert list(check("boats", {"length": 12, "maker": " Bavaria ", "type": ["sport-boat", "classic"]}).items()) == [
        ("type", ("classic", "sport-boat")),
        ("maker", "Bavaria"),
        ("length", 12.0),
    ]


def test_a_single_flag_may_come_without_a_list():
    assert check("boats", {"type": "trawler"}) == {"type": ("trawler",)}


@pytest.mark.parametrize(
    "maker", ["Chris\N{NO-BREAK SPACE}Craft", "\N{MAN}\N{ZERO WIDTH JOINER}\N{ROCKET}", "قایق\N{ZERO WIDTH NON-JOINER}سازی"]
)
def test_whatever_a_title_may_say_an_attribute_may_say_too(maker: str):
    assert check("boats", {"maker": maker}) == {"maker": maker} == {"maker": line(maker, TITLE_LIMIT, "/title")}


def test_what_says_nothing_is_left_out():
    assert check("boats", {"maker": "  ", "year": None, "features": [], "material": ""}) == {}


def test_a_draft_may_lack_what_submission_demands():
    assert check("boats", {"year": 2008}) == {"year": 2008}
    assert refused("boats", {"year": 2008}, complete=True) == ("attribute_required", "/attributes/type")


def test_an_unknown_category_names_itself():
    assert refused("spaceships", {}) == ("unknown_category", "/category")


def test_an_unknown_attribute_is_pointed_at_also_where_its_name_needs_escaping():
    assert refused("other", {"wings": 2}) == ("unknown_attribute", "/attributes/wings")
    assert refused("other", {"a/b~c": 2}) == ("unknown_attribute", "/attributes/a~1b~0c")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "spaceship"),
        ("type", ["trawler", 7]),
        ("type", {"trawler": True}),
        ("condition", ["used"]),
        ("maker", 7),
        ("maker", "x" * 121),
        ("maker", "Bava\nria"),
        ("maker", "Bava\u2028ria"),
        ("maker", "Bava\x07ria"),
        ("year", 2008.5),
        ("year", True),
        ("year", 1492),
        ("length", "12"),
        ("length", True),
        ("length", float("nan")),
        ("length", float("inf")),
        ("length", 0),
        ("length", 201),
        ("length", {"value": 30, "unit": "ft"}),
    ],
)
def test_a_value_of_the_wrong_kind_or_out_of_bounds_is_refused_with_its_pointer(name: str, value: Any):
    assert refused("boats", {name: value}) == ("attribute_invalid", f"/attributes/{name}")


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=str)
def test_every_declaration_agrees_with_itself(category: Category):
    for name, each in category.attributes.items():
        assert each.name == name
        assert bool(each.choices) == (each.kind in (Kind.CHOICE, Kind.FLAGS))
        assert (each.minimum is not None and each.maximum is not None and each.minimum < each.maximum) == (
            each.kind in (Kind.INTEGER, Kind.NUMBER)
        )


def values_of(attribute: Attribute) -> st.SearchStrategy[Any]:
    match attribute.kind:
        case Kind.TEXT:
            return st.text("abcÅé 12", max_size=20)
        case Kind.CHOICE:
            return st.sampled_from(sorted(attribute.choices))
        case Kind.FLAGS:
            return st.lists(st.sampled_from(sorted(attribute.choices)))
        case Kind.INTEGER:
            return st.integers(int(attribute.minimum or 0), int(attribute.maximum or 0))
        case Kind.NUMBER:
            return st.floats(attribute.minimum, attribute.maximum)


def said_of(category: Category) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    each = {name: values_of(attribute) for name, attribute in category.attributes.items()}
    said: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({}, optional=each)
    return st.tuples(st.just(category.slug), said)


@given(st.sampled_from(sorted(CATEGORIES)).flatmap(lambda slug: said_of(CATEGORIES[slug])))
def test_what_was_checked_once_is_accepted_again_unchanged(said: tuple[str, dict[str, Any]]):
    category, attributes = said
    kept = check(category, attributes)
    assert check(category, kept) == kept
