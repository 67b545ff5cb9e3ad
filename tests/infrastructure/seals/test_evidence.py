"""A bundle of evidence holds by itself, and not once anything in it was touched."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
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
from tests.infrastructure.seals.office import KEY, NEXT_KEY

Seal = Callable[[int], None]


@pytest.fixture
def bundle(sealed: Seal, seals: PostgresSeals) -> dict[str, bytes]:
    sealed(20)
    sealed(5)
    head, file = seals.head(), BytesIO()
    proofs = (seals.inclusion(position, head.size) for position in (3, 4, 23))
    assert evidence.write(file, proofs, head, seals.keys(), SigningKey(KEY), {"stream": "a till"}) == 3
    with ZipFile(file) as written:
        return {name: written.read(name) for name in written.namelist()}


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
    assert capsys.readouterr().out.startswith("Holds: all 3 events are in the tree of 25 events")
    (tmp_path / "keys.json").write_bytes(msgspec.json.encode({"items": seals.keys()}))
    assert checked(tmp_path, bundle, "--keys", str(tmp_path / "keys.json")) == 0


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
    file = BytesIO()
    head, other = seals.head(), SigningKey(NEXT_KEY)
    evidence.write(file, [seals.inclusion(3)], head, seals.keys(), other, {})
    with ZipFile(file) as written:
        forged = {name: written.read(name) for name in written.namelist()}
    assert checked(tmp_path, forged) == 1
    assert "signature of the manifest" in capsys.readouterr().err
    (tmp_path / "keys.json").write_bytes(b"[]")
    assert checked(tmp_path, bundle, "--keys", str(tmp_path / "keys.json")) == 1
    assert "keys that are not among those given" in capsys.readouterr().err


def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "evidence.zip").write_bytes(b"no zip")
    assert verify.main(["bundle", str(tmp_path / "evidence.zip")]) == 2
    assert capsys.readouterr().err.startswith("Cannot be read")


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
