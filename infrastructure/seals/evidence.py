"""Evidence to take away: events as stored, the proof of each, the signed head they are proved against, and a signature over all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from infrastructure.seals.signing import SigningKey
from projections.seals import Head, Proof, SealKey
from projections.users.export import Sink

STATEMENT = b"tradewind evidence 1\n"
"""What comes before the manifest where it is signed."""

PIECE = 64_000
"""Bytes that are gathered before they are given out."""


def pieces(
    proofs: Iterable[Proof], head: Head, keys: Sequence[SealKey], key: SigningKey, about: Callable[[], Mapping[str, Any]]
) -> Iterator[bytes]:
    """The bytes of a zip that `interfaces/verifier/verify.py bundle` checks; no more is held than one event and one piece.

    All proofs are against `head`. `about` is what the manifest says besides: what was asked for, by whom and when; asked at the end.
    """
    encode = msgspec.json.encode
    sink = Sink()
    digests: dict[str, str] = {}
    with ZipFile(sink, "w", ZIP_DEFLATED) as bundle:
        for name, content in (("head.json", encode(head)), ("keys.json", encode(keys))):
            bundle.writestr(name, content)
            digests[name] = sha256(content).hexdigest()
        events, digest = 0, sha256()
        with bundle.open("events.jsonl", "w", force_zip64=True) as lines:
            for proof in proofs:
                line = encode({"position": proof.position, "index": proof.index, "leaf": proof.leaf, "path": proof.path}) + b"\n"
                digest.update(line)
                lines.write(line)
                events += 1
                if sink.waiting >= PIECE:
                    yield sink.take()
        digests["events.jsonl"] = digest.hexdigest()
        manifest = encode({**about(), "format": "tradewind-evidence/1", "events": events, "files": digests})
        bundle.writestr("manifest.json", manifest)
        bundle.writestr("manifest.sig", encode({"keyId": key.id, "signature": key.sign(STATEMENT + manifest)}))
    yield sink.take()
