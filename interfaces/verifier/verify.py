"""Checks proofs of Tradewind's history without Tradewind: one file, Python's own library and the package `cryptography`.

    python verify.py event PROOF.json --keys KEYS.json          an event is in a signed tree
    python verify.py growth PROOF.json --keys KEYS.json         a tree holds all that an earlier one held, unchanged
    python verify.py heads HEADS.json --keys KEYS.json          tree heads follow one another
    python verify.py keys NEW.json --kept KEYS.json             new keys are endorsed by those that were kept
    python verify.py bundle EVIDENCE.zip [--keys KEYS.json]     every event of an evidence bundle; --show prints them

Formats: docs/auditing.md. Trees and proofs: RFC 6962 and RFC 9162; signatures: Ed25519. Ends with 0 where everything holds, with 1
where something does not, saying what; with 2 where the files are not what they should be.
"""

# ruff: noqa: T201 - it talks to a person

import argparse
import base64
import hashlib
import json
import struct
import sys
import uuid
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIELDS = (
    "position",
    "stream",
    "version",
    "kind",
    "type",
    "schema",
    "eventId",
    "actor",
    "commandId",
    "correlationId",
    "causationId",
    "recordedAt",
    "data",
)
NUMBERS = {"position": ">q", "version": ">q", "schema": ">h", "recordedAt": ">q"}
TEXTS = {"kind", "type"}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - runs on older Pythons too

Json = dict[str, Any]


class Wrong(Exception):
    """Something does not hold; says what."""


# Trees


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for each in path:
        if not last:
            return False
        if here & 1 or here == last:
            found = node_hash(each, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, each)
        here, last = here >> 1, last >> 1
    return not last and found == root


def consistent(before: int, after: int, old: bytes, new: bytes, path: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2; a tree of nothing is the beginning of none."""
    if not 0 < before <= after:
        return False
    if before == after:
        return not path and old == new
    if before & (before - 1) == 0:
        path = [old, *path]
    if not path:
        return False
    here, last = before - 1, after - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    smaller = greater = path[0]
    for each in path[1:]:
        if not last:
            return False
        if here & 1 or here == last:
            smaller, greater = node_hash(each, smaller), node_hash(each, greater)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            greater = node_hash(greater, each)
        here, last = here >> 1, last >> 1
    return not last and smaller == old and greater == new


# Signatures


def microseconds(moment: str) -> int:
    return (datetime.fromisoformat(moment) - EPOCH) // timedelta(microseconds=1)


def lines(*said: object) -> bytes:
    return "".join(f"{each}\n" for each in said).encode()


def head_statement(head: Json) -> bytes:
    said = ("size", "root", "lastPosition", "sealedAt", "previous", "keyId")
    values = {**head, "sealedAt": microseconds(head["sealedAt"])}
    return lines("tradewind tree head 1", *(values[name] for name in said))


def chained(head: Json) -> str:
    return hashlib.sha256(head_statement(head) + base64.b64decode(head["signature"])).hexdigest()


def signed(public: bytes, signature: str, statement: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature), statement)
    except InvalidSignature:
        return False
    return True


def public_keys(listed: list[Json]) -> dict[str, bytes]:
    """The keys by their id, each signed by itself and following the one before it; the last is the one to know from elsewhere."""
    found: dict[str, bytes] = {}
    before: bytes | None = None
    for key in listed:
        public = base64.b64decode(key["publicKey"])
        statement = lines(
            "tradewind seal key 1", public.hex(), key["since"], microseconds(key["madeAt"]), before.hex() if before else "first"
        )
        if hashlib.sha256(public).hexdigest()[:16] != key["keyId"] or not signed(public, key["signature"], statement):
            raise Wrong(f"the key {key['keyId']} is not signed as it should be")
        if before and key.get("endorsement") and not signed(before, key["endorsement"], statement):
            raise Wrong(f"the key {key['keyId']} is not endorsed by the one before it")
        found[key["keyId"]] = before = public
    return found


def check_head(head: Json, keys: dict[str, bytes]) -> None:
    if head["keyId"] not in keys:
        raise Wrong(f"the tree head of size {head['size']} is signed with {head['keyId']}, which is not among the keys")
    if not signed(keys[head["keyId"]], head["signature"], head_statement(head)):
        raise Wrong(f"the signature of the tree head of size {head['size']} does not hold")


# Events


def event(canonical: bytes) -> Json:
    """What the canonical bytes of an event say; encrypted fields stay as they are."""
    (count,) = struct.unpack_from(">h", canonical)
    if count != len(FIELDS):
        raise Wrong("the event does not have the 13 fields of an event")
    at, found = 2, {}
    for name in FIELDS:
        (length,) = struct.unpack_from(">i", canonical, at)
        content = None if length < 0 else canonical[at + 4 : at + 4 + length]
        at += 4 + max(length, 0)
        found[name] = value(name, content)
    if at != len(canonical):
        raise Wrong("the event is longer or shorter than its fields")
    return found


def value(name: str, content: bytes | None) -> Any:
    if content is None:
        return None
    if name == "recordedAt":
        return (EPOCH + timedelta(microseconds=struct.unpack(">q", content)[0])).isoformat().replace("+00:00", "Z")
    if name in NUMBERS:
        return struct.unpack(NUMBERS[name], content)[0]
    if name == "data":
        return json.loads(content)
    return content.decode() if name in TEXTS else str(uuid.UUID(bytes=content))


def hashes(path: list[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in path]


def check_event(proof: Json, head: Json) -> Json:
    """The event that the proof is about, if it is in the tree of that head."""
    canonical = base64.b64decode(proof["leaf"])
    found = event(canonical)
    if found["position"] != proof["position"]:
        raise Wrong(f"the proof is for position {proof['position']}, and its event stands at {found['position']}")
    if not included(leaf_hash(canonical), proof["index"], head["size"], hashes(proof["path"]), bytes.fromhex(head["root"])):
        raise Wrong(f"the event at position {proof['position']} is not in the tree of size {head['size']} as it stands here")
    return found


def check_growth(before: Json, after: Json, path: list[str]) -> None:
    roots = bytes.fromhex(before["root"]), bytes.fromhex(after["root"])
    if not consistent(before["size"], after["size"], *roots, hashes(path)):
        raise Wrong(f"the tree of size {after['size']} does not go on from that of size {before['size']}: history was changed between")


# Commands


def of_event(asked: argparse.Namespace) -> str:
    proof = read(asked.file)
    check_head(proof["head"], public_keys(listed(asked.keys)))
    found = check_event(proof, proof["head"])
    print(json.dumps(found, indent=2, ensure_ascii=False))
    return f"event {found['position']} is number {proof['index']} in the tree of {proof['head']['size']} events, as shown"


def of_growth(asked: argparse.Namespace) -> str:
    proof = read(asked.file)
    keys = public_keys(listed(asked.keys))
    before, after = proof["before"], proof["after"]
    if asked.head and read(asked.head) != before:
        raise Wrong("the proof does not begin at the tree head that was kept")
    for head in (before, after):
        check_head(head, keys)
    check_growth(before, after, proof["path"])
    return f"the first {before['size']} of {after['size']} events are as they were when they were sealed"


def of_heads(asked: argparse.Namespace) -> str:
    found = listed(asked.file)
    keys = public_keys(listed(asked.keys))
    for number, head in enumerate(found):
        check_head(head, keys)
        if number and head["previous"] != chained(found[number - 1]):
            raise Wrong(f"the tree head of size {head['size']} does not follow that of size {found[number - 1]['size']}")
    return f"{len(found)} tree heads follow one another"


def of_keys(asked: argparse.Namespace) -> str:
    found, kept = listed(asked.file), listed(asked.kept)
    public_keys(found)
    if found[: len(kept)] != kept:
        raise Wrong("the keys do not begin with those that were kept")
    for key in found[len(kept) :]:
        if not key["endorsement"]:
            raise Wrong(f"the key {key['keyId']} is not endorsed by the one it follows: have its id read to you another way")
    return f"{len(found) - len(kept)} keys are new, each endorsed by the one it follows"


def of_bundle(asked: argparse.Namespace) -> str:
    with zipfile.ZipFile(asked.file) as bundle:
        manifest = bundle.read("manifest.json")
        said = json.loads(manifest)
        for name, digest in said["files"].items():
            if digest_of(bundle, name) != digest:
                raise Wrong(f"{name} is not the file that the manifest names")
        if unnamed := set(bundle.namelist()) - {*said["files"], "manifest.json", "manifest.sig"}:
            raise Wrong(f"the manifest does not name {min(unnamed)}")
        keys = public_keys(json.loads(bundle.read("keys.json")))
        if asked.keys and not set(public_keys(listed(asked.keys)).items()) & set(keys.items()):
            raise Wrong("the bundle is signed with keys that are not among those given")
        trust = public_keys(listed(asked.keys)) if asked.keys else keys
        signature = json.loads(bundle.read("manifest.sig"))
        public = trust.get(signature["keyId"])
        if public is None or not signed(public, signature["signature"], b"tradewind evidence 1\n" + manifest):
            raise Wrong("the signature of the manifest does not hold")
        head = json.loads(bundle.read("head.json"))
        check_head(head, trust)
        count = 0
        for found in bundled(bundle, head, said):
            count += 1
            if asked.show:
                print(json.dumps(found, ensure_ascii=False))
    if count != said["events"]:
        raise Wrong(f"the bundle has {count} events, and its manifest says {said['events']}")
    tell_what_else(said, keys, given=bool(asked.keys))
    return f"all {count} events are in the tree of {head['size']} events that was signed at {head['sealedAt']}"


def digest_of(bundle: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with bundle.open(name) as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def bundled(bundle: zipfile.ZipFile, head: Json, said: Json) -> Iterator[Json]:
    """The events of a bundle, in the order of the tree; of a stream all from the first, with none left out between."""
    last, version = -1, 0
    with bundle.open("events.jsonl") as file:
        for line in file:
            proof = json.loads(line)
            found = check_event(proof, head)
            if proof["index"] <= last:
                raise Wrong(f"the event at position {found['position']} is there twice, or not in its place")
            last = proof["index"]
            if "stream" in said:
                if found["stream"] != said["stream"]:
                    raise Wrong(f"the event at position {found['position']} is of another stream")
                if found["version"] != version + 1:
                    raise Wrong(f"version {version + 1} of the stream is missing")
                version += 1
            yield found


def tell_what_else(said: Json, keys: dict[str, bytes], *, given: bool) -> None:
    about = "stream" if "stream" in said else "person"
    print(f"Of the {about} {said.get(about)}, asked for by {said.get('askedBy')} at {said.get('madeAt')}.")
    more = said.get("notInTree", {"events": 0})
    if more["events"]:
        print(f"Not in that tree, and not here: {more['events']} events, at positions {', '.join(map(str, more['positions'][:20]))}.")
    if not given:
        print(f"Signed with a key that the bundle brings itself; compare its id with what you know: {list(keys)[-1]}.")


def read(path: str) -> Any:
    return json.loads(Path(path).read_bytes())


def listed(path: str) -> list[Json]:
    """A list, bare or as a page that was answered."""
    found = read(path)
    return found["items"] if isinstance(found, dict) else found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check proofs of Tradewind's history, offline.")
    commands = parser.add_subparsers(required=True)
    for name, run, what in (
        ("event", of_event, "an event is in a signed tree"),
        ("growth", of_growth, "a tree holds all that an earlier one held, unchanged"),
        ("heads", of_heads, "tree heads follow one another"),
        ("keys", of_keys, "new keys are endorsed by those that were kept"),
        ("bundle", of_bundle, "every event of an evidence bundle"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("file")
        if name == "keys":
            command.add_argument("--kept", required=True, help="the public keys as they were kept")
        else:
            command.add_argument("--keys", required=name != "bundle", help="the public keys, as GET /v1/audit/keys answers")
        if name == "bundle":
            command.add_argument("--show", action="store_true", help="print each event, a line of JSON for each")
        if name == "growth":
            command.add_argument("--head", help="the earlier tree head as it was kept: the proof must begin there")
        command.set_defaults(run=run)
    asked = parser.parse_args(arguments)
    try:
        print("Holds:", asked.run(asked))
    except Wrong as wrong:
        print("Does not hold:", wrong, file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError, TypeError, struct.error, zipfile.BadZipFile) as error:
        print(f"Cannot be read: {error!r}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
