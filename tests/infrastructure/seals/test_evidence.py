"""A bundle of evidence holds by itself, and not once anything in it was touched."""

import json
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
import psycopg
import pytest

from infrastructure import clock
from infrastructure.seals import evidence
from infrastructure.seals.proofs import PostgresSeals
from infrastructure.seals.sealer import Sealer
from infrastructure.seals.signing import SigningKey
from interfaces.verifier import verify
from projections.seals import Proof
from tests.infrastructure.seals.office import KEY, NEXT_KEY

Seal = Callable[[int], None]
Connection = psycopg.Connection[Any]


@pytest.fixture
def bundle(sealed: Seal, seals: PostgresSeals) -> dict[str, bytes]:
    sealed(20)
    sealed(5)
    head = seals.head()
    proofs = (seals.inclusion(position, head.size) for position in (3, 4, 23))
    return written(proofs, seals, SigningKey(KEY))


def written(proofs: Iterable[Proof], seals: PostgresSeals, key: SigningKey) -> dict[str, bytes]:
    about = {"person": "Ana", "askedBy": "an auditor", "madeAt": "2026-06-01T12:00:00Z"}
    file = BytesIO(b"".join(evidence.pieces(proofs, seals.head(), seals.keys(), key, lambda: about)))
    with ZipFile(file) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def checked(folder: Path, files: dict[str, bytes], *options: str) -> int:
    path = folder / "evidence.zip"
    with ZipFile(path, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return verify.main(["bundle", str(path), *options])


def test_a_bundle_holds_by_itself_and_by_keys_from_elsewhere(
    tmp_path: Path, bundle: dict[str, bytes], seals: PostgresSeals, capsys: pytest.CaptureFixture[str]
):
    assert checked(tmp_path, bundle) == 0
    said = capsys.readouterr().out
    assert "Holds: all 3 events are in the tree of 25 events" in said
    assert f"Signed with a key that the bundle brings itself; compare its id with what you know: {SigningKey(KEY).id}." in said
    (tmp_path / "keys.json").write_bytes(msgspec.json.encode({"items": seals.keys()}))
    assert checked(tmp_path, bundle, "--keys", str(tmp_path / "keys.json")) == 0
    assert "brings itself" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["events.jsonl", "head.json", "keys.json", "manifest.json", "manifest.sig"])
def test_no_file_of_a_bundle_can_be_changed(tmp_path: Path, bundle: dict[str, bytes], name: str):
    changed = bundle[name].replace(b'"', b' "', 1) if name != "manifest.sig" else json.dumps({"keyId": "other", "signature": ""}).encode()
    assert checked(tmp_path, bundle | {name: changed}) == 1


def test_nothing_can_be_slipped_into_a_bundle(tmp_path: Path, bundle: dict[str, bytes], capsys: pytest.CaptureFixture[str]):
    assert checked(tmp_path, bundle | {"more.jsonl": b""}) == 1
    assert "does not name more.jsonl" in capsys.readouterr().err


def test_a_bundle_that_somebody_else_signed_throughout_is_told_by_the_keys(
    tmp_path: Path, bundle: dict[str, bytes], seals: PostgresSeals, capsys: pytest.CaptureFixture[str]
):
    forged = written([seals.inclusion(3)], seals, SigningKey(NEXT_KEY))
    assert checked(tmp_path, forged) == 1
    assert "signature of the manifest" in capsys.readouterr().err
    (tmp_path / "keys.json").write_bytes(b"[]")
    assert checked(tmp_path, bundle, "--keys", str(tmp_path / "keys.json")) == 1
    assert "keys that are not among those given" in capsys.readouterr().err


def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "evidence.zip").write_bytes(b"no zip")
    assert verify.main(["bundle", str(tmp_path / "evidence.zip")]) == 2
    assert capsys.readouterr().err.startswith("Cannot be read")


def test_an_event_comes_once_and_in_its_place(tmp_path: Path, sealed: Seal, seals: PostgresSeals, capsys: pytest.CaptureFixture[str]):
    sealed(20)
    for positions in ((3, 3), (4, 3)):
        assert checked(tmp_path, written((seals.inclusion(each) for each in positions), seals, SigningKey(KEY))) == 1
        assert "at position 3 is there twice, or not in its place" in capsys.readouterr().err


@pytest.mark.parametrize("blocks", [[1], [5], [1024], [1000, 100, 3], [1024, 1024, 1024, 7], [700, 700, 700]])
def test_many_proofs_at_once_are_those_made_one_by_one(connection: Connection, sealed: Seal, seals: PostgresSeals, blocks: list[int]):
    for count in blocks:
        sealed(count)
    head = seals.head()
    asked = [position for (position,) in connection.execute("SELECT position FROM events WHERE position % 37 < 3 ORDER BY position")]
    assert seals.inclusions(asked, head) == [seals.inclusion(each, head.size) for each in asked]
    earlier = next(iter(seals.heads(0, 1)))
    assert seals.inclusions(asked, earlier) == [seals.inclusion(each, earlier.size) for each in asked if each <= earlier.last_position]


def test_what_no_tree_holds_gets_no_proof(connection: Connection, sealed: Seal, seals: PostgresSeals):
    sealed(3)
    head = seals.head()
    sealed(1)
    connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
    connection.execute(
        "INSERT INTO events SELECT 0, version, recorded_at, gen_random_uuid(), gen_random_uuid(), actor, command_id, correlation_id,"
        " causation_id, schema, kind, type, data FROM events WHERE position = 3"
    )
    asked = [position for (position,) in connection.execute("SELECT position FROM events ORDER BY position")]
    assert (len(asked), asked[0]) == (5, 0)
    assert [each.position for each in seals.inclusions([*asked, 999], head)] == asked[1:4]


def test_new_keys_hold_where_the_old_one_endorsed_them(
    database: str, tmp_path: Path, sealed: Seal, seals: PostgresSeals, capsys: pytest.CaptureFixture[str]
):
    def keep(name: str) -> str:
        (tmp_path / name).write_bytes(msgspec.json.encode({"items": seals.keys()}))
        return str(tmp_path / name)

    sealed(3)
    kept = keep("kept.json")
    with psycopg.connect(database, autocommit=True) as connection:
        Sealer(database, [SigningKey(NEXT_KEY), SigningKey(KEY)], clock.now).step(connection)
        endorsed = keep("endorsed.json")
        Sealer(database, [SigningKey(bytes(32))], clock.now).step(connection)
    assert verify.main(["keys", endorsed, "--kept", kept]) == 0
    assert "1 keys are new" in capsys.readouterr().out
    assert verify.main(["keys", keep("unendorsed.json"), "--kept", kept]) == 1
    assert "is not endorsed by the one it follows" in capsys.readouterr().err
    assert verify.main(["keys", kept, "--kept", endorsed]) == 1
    assert "do not begin with those that were kept" in capsys.readouterr().err
