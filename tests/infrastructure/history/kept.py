"""Logs as they were written at earlier states of the code, read by the code as it is."""

import base64
import gzip
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.recorded import Recorded
from domain.registry import DECIDERS
from domain.values import Value
from infrastructure.eventlog.mapper import NO_KEYS, EventMapper
from infrastructure.eventlog.personal import KeyRing
from infrastructure.eventlog.upcasters import UPCASTERS

FOLDER = Path(__file__).parents[2] / "fixtures" / "log-v1"
WRAPPING_KEY = base64.b64decode("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
KEEPING = EventMapper((event for decider in DECIDERS for event in decider.events), UPCASTERS)


class Line(Value, frozen=True, rename=None):
    """A stored event; `log` is the test that it was written by, and `data` the text of its bytes."""

    log: str
    position: int
    stream: UUID
    version: int
    kind: str
    type: str
    schema: int
    event_id: UUID
    actor: UUID
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID | None
    recorded_at: datetime
    data: str


class KeyLine(Value, frozen=True, rename=None):
    log: str
    subject: UUID
    wrapped: bytes


@cache
def lines() -> Sequence[Line]:
    return _read("events.jsonl.gz", Line)


@cache
def rings() -> Mapping[str, KeyRing]:
    """The keys of the persons in each log; some tests give their people ids that others give theirs too."""
    found: dict[str, dict[UUID, AESGCM | None]] = {}
    for each in _read("keys.jsonl.gz", KeyLine):
        nonce, sealed = each.wrapped[:12], each.wrapped[12:]
        key = AESGCM(AESGCM(WRAPPING_KEY).decrypt(nonce, sealed, each.subject.bytes))
        found.setdefault(each.log, {})[each.subject] = key
    return found


def logs(keys: Mapping[str, KeyRing]) -> Mapping[str, Sequence[tuple[str, Recorded[Any]]]]:
    """Each log's events with the kind of their streams, in order."""
    return {
        name: [(each.kind, recorded(each, keys.get(name, NO_KEYS))) for each in group]
        for name, group in groupby(lines(), lambda line: line.log)
    }


def recorded(line: Line, keys: KeyRing) -> Recorded[Any]:
    return Recorded(
        event=KEEPING.decode(line.type, line.schema, line.data.encode(), line.event_id, keys),
        type=line.type,
        schema=line.schema,
        event_id=line.event_id,
        stream=line.stream,
        version=line.version,
        position=line.position,
        recorded_at=line.recorded_at,
        actor=line.actor,
        command_id=line.command_id,
        correlation_id=line.correlation_id,
        causation_id=line.causation_id,
    )


def _read(name: str, kind: Any) -> Sequence[Any]:
    def each() -> Iterator[Any]:
        decoder = msgspec.json.Decoder(kind)
        with gzip.open(FOLDER / name, "rb") as file:
            for line in file:
                yield decoder.decode(line)

    return list(each())
