"""What cannot be derived is taken away in one file, and brought back whole or not at all."""

import gzip
import tarfile
from collections.abc import Generator
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from infrastructure.copies.dump import add, dump
from infrastructure.copies.restore import NotRestored, restore
from infrastructure.copies.tables import DERIVED, kept_tables
from infrastructure.keys import PersonalKeys
from infrastructure.migrate import migrate
from infrastructure.seals.signing import SigningKey
from infrastructure.seals.verifying import Verification
from tests.journeys.town import Town

ANA = "ana@example.org"


def silent(_table: str, _done: int) -> None:
    pass


@pytest.fixture
def town(database: str) -> Generator[Town]:
    opened = Town(database)
    ana = opened.registered(ANA, "Ana Sousa")
    boat = ana.post("/v1/listings", {"category": "boats", "title": "Sloop"}, 201)["id"]
    ana.patch(f"/v1/listings/{boat}", {"title": "Yawl"})
    opened.settle()
    with psycopg.connect(database, autocommit=True) as connection:
        opened.container.sealing.sealer.step(connection, now=True)
    yield opened
    opened.close()


@pytest.fixture
def file(town: Town, database: str, tmp_path: Path) -> Path:
    path = tmp_path / "copy.dump"
    assert dump(database, path, silent) == len(rows(database, "events"))
    assert town.runner.catch_up() > 0
    return path


def rows(database: str, table: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return sorted(connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))).fetchall(), key=repr)


def keys(town: Town) -> PersonalKeys:
    return PersonalKeys(*town.container.settings.wrapping_keys)


def test_every_row_comes_back_as_it_was(town: Town, file: Path, database: str, empty_database: str):
    restore(empty_database, file, keys(town), silent)
    with psycopg.connect(database) as connection:
        tables = list(kept_tables(connection))
    filled = {table for table in tables if rows(database, table)}
    assert {
        "events",
        "commands",
        "personal_keys",
        "reservations",
        "accounts",
        "credentials",
        "sessions",
        "jobs",
        "reactions",
        "seals",
    } <= filled
    for table in tables:
        assert rows(empty_database, table) == rows(database, table), table


def test_the_copy_lives_on_with_its_people_its_seals_and_its_numbers(town: Town, file: Path, empty_database: str):
    restore(empty_database, file, keys(town), silent)
    anchors = [SigningKey(each).public for each in town.container.settings.seal_seeds]
    with psycopg.connect(empty_database, autocommit=True) as connection:
        verdict = Verification(connection, anchors).run()
    assert (verdict.finding, verdict.head is None) == (None, False)
    copy = Town(empty_database)
    try:
        ana = copy.sign_in(ANA)
        assert ana.get("/v1/me")["name"] == "Ana Sousa"
        mine = ana.get("/v1/me/listings")["items"]
        assert [each["title"] for each in mine] == ["Yawl"]
        newest = max(position for position, *_ in rows(empty_database, "events"))
        assert ana.patch(f"/v1/listings/{mine[0]['id']}", {"title": "Ketch"})["position"] > newest
        before = len(rows(empty_database, "local_mail"))
        copy.settle()
        assert len(rows(empty_database, "local_mail")) == before, "what was sent is not sent again"
    finally:
        copy.close()


def test_a_log_that_is_not_empty_is_left_alone(town: Town, file: Path, database: str):
    before = rows(database, "events")
    with pytest.raises(NotRestored, match="not empty: events"):
        restore(database, file, keys(town), silent)
    assert rows(database, "events") == before


def test_a_database_that_only_has_its_structure_is_filled(town: Town, file: Path, database: str, empty_database: str):
    migrate(empty_database)
    restore(empty_database, file, keys(town), silent)
    assert rows(empty_database, "events") == rows(database, "events")


def test_a_file_that_was_cut_off_leaves_nothing(town: Town, file: Path, empty_database: str):
    whole = file.read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 20):
        file.write_bytes(whole[:length])
        with pytest.raises(NotRestored):
            restore(empty_database, file, keys(town), silent)
    migrate(empty_database)
    assert rows(empty_database, "events") == []
    file.write_bytes(whole)
    restore(empty_database, file, keys(town), silent)


def test_a_changed_event_is_noticed_before_anything_is_kept(town: Town, file: Path, empty_database: str):
    altered(file, "events/00000000", lambda content: content.replace(b'"Sloop"', b'"Sloup"'))
    with pytest.raises(NotRestored, match="damaged in events"):
        restore(empty_database, file, keys(town), silent)
    assert rows(empty_database, "events") == []


def test_without_the_end_a_dump_is_none(town: Town, file: Path, empty_database: str):
    altered(file, "end.json", lambda _: None)
    with pytest.raises(NotRestored, match="cut off"):
        restore(empty_database, file, keys(town), silent)


def test_keys_that_nobody_could_open_are_not_restored(file: Path, empty_database: str):
    with pytest.raises(NotRestored, match="TRADEWIND_KEY_ENCRYPTION_KEY"):
        restore(empty_database, file, PersonalKeys(bytes(32)), silent)
    assert rows(empty_database, "events") == []


def test_what_is_no_dump_is_refused(town: Town, tmp_path: Path, empty_database: str):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ana")
    with pytest.raises(NotRestored, match="no whole dump"):
        restore(empty_database, path, keys(town), silent)


def test_the_file_is_for_its_owner_only_and_holds_no_read_models(file: Path):
    assert file.stat().st_mode & 0o077 == 0
    with gzip.open(file) as packed, tarfile.open(fileobj=packed, mode="r|") as archive:
        names = {each.name.split("/")[0] for each in archive}
    assert not [name for name in names if name.startswith("view_") or name in DERIVED]


def altered(file: Path, name: str, change: Any) -> None:
    with gzip.open(file) as packed, tarfile.open(fileobj=packed) as archive:
        parts = [(each.name, archive.extractfile(each)) for each in archive]
        contents = [(each, part.read()) for each, part in parts if part]
    made = BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for each, content in contents:
            kept = change(content) if each == name else content
            if kept is not None:
                add(archive, each, kept)
    file.write_bytes(gzip.compress(made.getvalue()))
