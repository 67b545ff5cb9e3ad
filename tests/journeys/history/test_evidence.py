"""An auditor takes away all that one thing or one person left on the log; whoever gets it needs nothing of ours to believe it."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import msgspec
import psycopg
import pytest

from infrastructure.seals.evidence import STATEMENT
from infrastructure.seals.signing import SigningKey, head_statement, succession
from projections.seals import Head
from tests.interfaces.cli.shell import Shell
from tests.journeys.history.verifier import Verifier
from tests.journeys.market import CARA, HOME, Basket, Market
from tests.journeys.town import Person

FORGER = SigningKey(bytes(range(32)))

Files = dict[str, bytes]


@pytest.fixture
def town(market: Market) -> Market:
    return market


@pytest.fixture
def order(market: Market, seal: Callable[[], None]) -> str:
    """Bought by Cara, and sealed."""
    basket = Basket(market.cara)
    basket.put(market.milk, 2)
    order = basket.buy(360 + 390, slot=market.slot)["orders"][0]["id"]
    market.settle()
    seal()
    return order


def taken(auditor: Person, **asked: str) -> Files:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = auditor.ask("GET", f"/v1/audit/evidence?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip"), answer.text
    with ZipFile(BytesIO(answer.content)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def checked(verifier: Verifier, files: Files, *options: str) -> tuple[int, str]:
    with ZipFile(verifier.folder / "evidence.zip", "w") as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return verifier("bundle", "evidence.zip", *options)


def shown(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def test_the_history_of_an_order_is_believed_elsewhere(market: Market, auditor: Person, order: str, verifier: Verifier):
    verifier.keep("keys.json", auditor.get("/v1/audit/keys"))
    files = taken(auditor, stream=order)
    status, said = checked(verifier, files, "--keys", "keys.json", "--show")
    history = auditor.get(f"/v1/audit/streams/{order}")["items"]
    found = shown(said)
    assert status == 0
    assert [each["position"] for each in found] == [each["position"] for each in history]
    assert [each["type"] for each in found][:2] == ["orders.OrderPlaced", "orders.OrderConfirmed"]
    assert said.endswith(
        f"Holds: all {len(history)} events are in the tree of {size(files)} events that was signed at {sealed_at(files)}\n"
    )
    manifest = json.loads(files["manifest.json"])
    assert (manifest["stream"], manifest["askedBy"]) == (order, auditor.id)
    assert manifest["notInTree"] == {"events": 0, "positions": []}
    assert HOME["lines"][0] not in said, "what is personal stays encrypted"
    [read] = market.admin().get(f"/v1/audit/reads?reader={auditor.id}&limit=2")["items"][1:]
    assert (read["what"], read["parameters"], read["found"]) == ("/v1/audit/evidence", {"stream": order}, len(history))


def test_what_no_tree_holds_yet_is_named(auditor: Person, market: Market, order: str, verifier: Verifier, seal: Callable[[], None]):
    position = Basket(market.ana).step(order, "pack")["position"]
    files = taken(auditor, stream=order)
    assert json.loads(files["manifest.json"])["notInTree"] == {"events": 1, "positions": [position]}
    assert f"Not in that tree, and not here: 1 events, at positions {position}." in checked(verifier, files)[1]
    seal()
    assert json.loads(taken(auditor, stream=order)["manifest.json"])["notInTree"]["events"] == 0


def test_a_person_is_followed_through_all_that_is_theirs(
    auditor: Person, market: Market, order: str, verifier: Verifier, seal: Callable[[], None]
):
    def followed() -> tuple[str, list[dict[str, Any]]]:
        status, said = checked(verifier, taken(auditor, person=market.cara.id), "--keys", "keys.json", "--show")
        assert status == 0, said
        return said, shown(said)

    verifier.keep("keys.json", auditor.get("/v1/audit/keys"))
    _, events = followed()
    assert {"users.UserRegistered", "orders.OrderPlaced", "orders.CartCheckedOut"} <= {each["type"] for each in events}
    assert {each["stream"] for each in events} >= {market.cara.id, order}
    assert "listings.ListingDrafted" not in {each["type"] for each in events}
    positions = [each["position"] for each in events]
    assert positions == sorted(set(positions))

    for step in ("pack", "dispatch", "deliver"):
        Basket(market.ana).step(order, step)
    admin = market.admin()
    admin.post(f"/v1/admin/users/{market.cara.id}/erase", {"graceDays": 0})
    market.later(timedelta(days=1))
    assert admin.get(f"/v1/users/{market.cara.id}")["status"] == "erased"
    seal()
    market.runner.catch_up()
    said, after = followed()
    assert after[: len(events)] == events, "not one bit of history has changed"
    assert "users.UserErased" in {each["type"] for each in after}
    assert CARA not in said
    assert HOME["lines"][0] not in said


def test_a_bundle_that_was_touched_is_found_out(auditor: Person, order: str, verifier: Verifier):
    verifier.keep("keys.json", auditor.get("/v1/audit/keys"))
    files = taken(auditor, stream=order)
    other = taken(auditor, person=auditor.id)
    lines = files["events.jsonl"].splitlines(keepends=True)
    event = json.loads(lines[1])
    changed = json.dumps(event | {"leaf": b64encode(b64decode(event["leaf"]).replace(b"Order", b"Ordor")).decode()}).encode() + b"\n"
    more = other["events.jsonl"].splitlines(keepends=True)[-1]
    for touched in ([lines[0], changed, *lines[2:]], lines[1:], [*lines, more]):
        events = b"".join(touched)
        # He only puts other events in; he makes the sums fit; he signs with a key of his own, and gives that along.
        assert checked(verifier, files | {"events.jsonl": events}) == (
            1,
            "Does not hold: events.jsonl is not the file that the manifest names\n",
        )
        fitting = files | {"events.jsonl": events, "manifest.json": manifest_over(files, events)}
        assert checked(verifier, fitting) == (1, "Does not hold: the signature of the manifest does not hold\n")
        status, said = checked(verifier, forged(fitting), "--keys", "keys.json")
        assert (status, said) == (1, "Does not hold: the bundle is signed with keys that are not among those given\n")
        assert checked(verifier, forged(fitting))[0] == 1, "and it does not even hold by itself"
    status, said = checked(verifier, forged(files))
    assert status == 0
    assert f"Signed with a key that the bundle brings itself; compare its id with what you know: {FORGER.id}." in said
    assert checked(verifier, forged(files), "--keys", "keys.json")[0] == 1


def test_history_that_was_touched_gives_no_evidence_that_holds(auditor: Person, order: str, verifier: Verifier, database: str):
    whole = [event["position"] for event in auditor.get(f"/v1/audit/streams/{order}")["items"]]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
        connection.execute("UPDATE events SET actor = gen_random_uuid() WHERE position = %s", [whole[0]])
        assert f"the event at position {whole[0]} is not in the tree" in checked(verifier, taken(auditor, stream=order))[1]
        connection.execute("DELETE FROM events WHERE position = %s", [whole[0]])
        assert "version 1 of the stream is missing" in checked(verifier, taken(auditor, stream=order))[1]
    person = taken(auditor, person=auditor.id)
    assert checked(verifier, person)[0] == 0, "others' evidence holds as before"


def test_an_event_that_was_slipped_in_is_named_and_not_proved(auditor: Person, order: str, verifier: Verifier, database: str):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
        connection.execute(
            "INSERT INTO events SELECT 0, 99, recorded_at, stream, gen_random_uuid(), actor, command_id, correlation_id,"
            " causation_id, schema, kind, type, data FROM events WHERE stream = %s AND version = 1",
            [order],
        )
    status, said = checked(verifier, taken(auditor, stream=order))
    assert (status, "Not in that tree, and not here: 1 events, at positions 0." in said) == (0, True)


def test_what_cannot_be_given_is_refused_by_its_code(market: Market, auditor: Person, seal: Callable[[], None]):
    nobody, path = str(uuid4()), "/v1/audit/evidence"
    assert auditor.get(path, 422)[0] == "stream_or_person"
    assert auditor.get(f"{path}?stream={nobody}&person={nobody}", 422)[0] == "stream_or_person"
    assert auditor.get(f"{path}?stream={nobody}", 404)[0] == "stream_not_found"
    assert auditor.get(f"{path}?person={market.milk}", 404)[0] == "user_not_found"
    assert auditor.get(f"{path}?person=ana", 400)[0] == "invalid_parameter"
    assert auditor.get(f"{path}?person={market.ana.id}", 409)[0] == "nothing_sealed"
    seal()
    young = market.ana.post("/v1/listings", {"category": "boats", "title": "Sloop"}, 201)["id"]
    assert auditor.get(f"{path}?stream={young}", 409)[0] == "nothing_sealed"
    assert market.cara.get(f"{path}?person={market.cara.id}", 403)[0] == "role_missing"
    reads = market.admin().get(f"/v1/audit/reads?reader={auditor.id}")["items"]
    assert [each["found"] for each in reads if each["what"] == path] == [0, 0, 0, 0]


def test_an_operator_writes_the_same_to_a_file(market: Market, order: str, verifier: Verifier, database: str):
    shell, file = Shell(database), verifier.folder / "order.zip"
    asked = ("evidence", "--stream", order, "--out", str(file))
    ended = shell(*asked)
    assert (ended.returncode, "2 events with their proofs are in" in ended.stderr) == (0, True), ended.stderr
    assert verifier("bundle", "order.zip")[0] == 0
    written = file.read_bytes()
    assert shell(*asked).stderr == f"{file} exists: give another name, or --force to overwrite it.\n"
    assert file.read_bytes() == written
    assert shell("evidence", "--person", market.cara.id, "--out", str(file), "--force").returncode == 0
    assert f"Of the person {market.cara.id}, asked for by run.py evidence" in verifier("bundle", "order.zip")[1]
    nothing = verifier.folder / "nothing.zip"
    for refused, said in (
        (("--stream", str(uuid4())), "Nothing was recorded under this id.\n"),
        (("--stream", market.ana.post("/v1/listings", {"category": "boats", "title": "Sloop"}, 201)["id"]), "No signed tree holds any"),
        ((), "Ask for a stream or for a person"),
    ):
        ended = shell("evidence", *refused, "--out", str(nothing))
        assert (ended.returncode, said in ended.stderr) == (1, True), ended.stderr
    assert not nothing.exists()
    reads = market.admin().get("/v1/audit/reads")["items"]
    assert [each["found"] > 0 for each in reads if each["what"] == "run.py evidence"] == [True, True]


def size(files: Files) -> int:
    return json.loads(files["head.json"])["size"]


def sealed_at(files: Files) -> str:
    return json.loads(files["head.json"])["sealedAt"]


def manifest_over(files: Files, events: bytes) -> bytes:
    said = json.loads(files["manifest.json"])
    return json.dumps(
        said | {"events": events.count(b"\n"), "files": said["files"] | {"events.jsonl": sha256(events).hexdigest()}}
    ).encode()


def forged(files: Files) -> Files:
    """Signed by somebody else throughout."""
    head = msgspec.structs.replace(msgspec.json.decode(files["head.json"], type=Head), key_id=FORGER.id)
    head = msgspec.structs.replace(head, signature=FORGER.sign(head_statement(head)))
    made = files | {
        "head.json": msgspec.json.encode(head),
        "keys.json": msgspec.json.encode([succession(FORGER, [], [], 0, datetime(2026, 6, 1, tzinfo=UTC))]),
    }
    said = json.loads(files["manifest.json"])
    sums = {name: sha256(made[name]).hexdigest() for name in said["files"]}
    manifest = json.dumps(said | {"files": sums}).encode()
    signature = msgspec.json.encode({"keyId": FORGER.id, "signature": FORGER.sign(STATEMENT + manifest)})
    return made | {"manifest.json": manifest, "manifest.sig": signature}
