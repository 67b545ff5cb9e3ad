"""Events once written are read for ever: no field vanishes, changes its type or becomes required without a new schema version."""

from copy import deepcopy
from pathlib import Path
from typing import Annotated as Personal
from typing import Any, ClassVar
from uuid import UUID

import pytest

from domain.values import Erased, Value
from tests.infrastructure.history import kept, schemas
from tests.infrastructure.history.schemas import breaches, described


class Paid(Value, frozen=True):
    payer: UUID
    amount: int
    note: Personal[str | Erased, "payer"] = ""
    tags: tuple[str, ...] = ()


def shapes(event: type[Value]) -> dict[str, dict[str, Any]]:
    _, version, shape = described(event)
    return {"toys.Paid": {version: shape}}


BEFORE = shapes(Paid)


def test_the_events_of_today_read_those_that_were_written_down():
    assert breaches(schemas.kept(), schemas.present()) == []


def test_every_form_of_today_is_written_down():
    known = schemas.kept()
    new = [
        name
        for name, versions in schemas.present().items()
        for version, shape in versions.items()
        if known.get(name, {}).get(version) != shape
    ]
    assert not new, f"{', '.join(new)}: python -m tests.infrastructure.history.schemas writes them down"


def test_the_kept_log_is_of_forms_that_are_written_down():
    known = schemas.kept()
    assert {(each.type, str(each.schema)) for each in kept.lines()} <= {(name, version) for name, all_ in known.items() for version in all_}


def test_a_field_with_a_default_may_be_added_anywhere():
    class Added(Paid, frozen=True):
        later: str | None = None

    assert breaches(BEFORE, shapes(Added)) == []


def test_a_type_may_take_more_than_before():
    class Wider(Value, frozen=True):
        payer: UUID
        amount: int | None
        note: Personal[str | Erased | None, "payer"] = None
        tags: tuple[str | int, ...] = ()

    assert breaches(BEFORE, shapes(Wider)) == []


class Gone(Value, frozen=True):
    payer: UUID
    note: Personal[str | Erased, "payer"] = ""
    tags: tuple[str, ...] = ()


class Changed(Value, frozen=True):
    payer: UUID
    amount: str
    note: Personal[str | Erased, "payer"] = ""
    tags: tuple[str, ...] = ()


class Narrowed(Value, frozen=True):
    payer: UUID
    amount: int
    note: Personal[str | Erased, "payer"] = ""
    tags: tuple[int, ...] = ()


class Required(Value, frozen=True):
    payer: UUID
    amount: int
    currency: str
    note: Personal[str | Erased, "payer"] = ""
    tags: tuple[str, ...] = ()


class Revealed(Value, frozen=True):
    payer: UUID
    amount: int
    note: str | Erased = ""
    tags: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (Gone, "/amount is gone"),
        (Changed, "/amount was of type integer and became string"),
        (Narrowed, "/tags/* was of type string and became integer"),
        (Required, "/currency became required"),
        (Revealed, "note was encrypted under the key of payer"),
    ],
)
def test_what_would_make_old_events_unreadable_is_refused(event: type[Value], reason: str):
    found = breaches(BEFORE, shapes(event))
    assert len(found) == 1
    assert reason in found[0]


def test_an_event_that_nothing_reads_any_more_is_refused():
    assert breaches(BEFORE, {}) == ["toys.Paid is gone: no class reads it any more"]


def test_with_a_new_schema_version_anything_may_change():
    class Second(Value, frozen=True):
        schema: ClassVar[int] = 2
        price: str

    assert breaches(BEFORE, shapes(Second)) == []
    assert breaches({"toys.Paid": {**BEFORE["toys.Paid"], **shapes(Second)["toys.Paid"]}}, BEFORE) == ["toys.Paid went back to schema 1"]


def test_what_is_refused_is_not_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert schemas.write(tmp_path) == []
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    changed = deepcopy(schemas.present())
    del changed["listings.ListingDrafted"]["1"]["schema"]["properties"]["category"]
    monkeypatch.setattr(schemas, "present", lambda: changed)
    assert "/category is gone" in schemas.write(tmp_path)[0]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == written
