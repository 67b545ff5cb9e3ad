"""What earlier states of the code have written is read by this one: decoded, folded by every decider and by every read model."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest

from domain.recorded import Recorded
from domain.registry import DECIDERS
from domain.values import ERASED
from infrastructure.eventlog.personal import personal_fields
from projections.catalogue import PROJECTIONS
from projections.view import Count, Feed, Index, Journal, Key, Projection, View
from tests.infrastructure.history import kept

DIGESTS = {
    "events.jsonl.gz": "7be1b1c3f8979bda61ead6ece86e1492b860bdaf955bf9dc9033876e241408a2",
    "keys.jsonl.gz": "3667dafa1752e061d9840f9ab469e2c2236a58f52d5031827a476c330853b31f",
}
RINGS = {"with their keys": kept.rings, "with all keys erased": dict}
Log = Sequence[tuple[str, Recorded[Any]]]


@pytest.fixture(scope="module", params=RINGS)
def logs(request: pytest.FixtureRequest) -> Mapping[str, Log]:
    return kept.logs(RINGS[request.param]())


def test_the_files_are_those_that_were_written_then():
    assert {name: hashlib.sha256((kept.FOLDER / name).read_bytes()).hexdigest() for name in DIGESTS} == DIGESTS


def test_nearly_every_kind_of_event_of_then_is_in_them():
    assert len({each.type for each in kept.lines()}) == 211
    assert len(kept.lines()) == 5268


def test_no_private_word_is_read_without_its_key():
    seen = 0
    for log in kept.logs({}).values():
        for _, each in log:
            for field in personal_fields(type(each.event)):
                assert getattr(each.event, field.name) in {None, ERASED}
                seen += 1
    assert seen > 1000


def test_private_words_are_read_with_their_keys():
    names = [each.event.name for log in kept.logs(kept.rings()).values() for _, each in log if each.type == "users.UserRegistered"]
    assert "Ana Sousa" in names
    assert ERASED not in names


def test_every_decider_folds_every_stream(logs: Mapping[str, Log]):
    deciders = {each.name: each for each in DECIDERS}
    folded = 0
    for log in logs.values():
        streams: dict[UUID, Any] = {}
        versions: dict[UUID, int] = {}
        for kind, each in log:
            assert each.version == versions.get(each.stream, 0) + 1
            versions[each.stream] = each.version
            streams[each.stream] = deciders[kind].fold([each.event], streams.get(each.stream))
            folded += 1
    assert folded == len(kept.lines())


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda each: each.name)
def test_every_read_model_folds_every_log(logs: Mapping[str, Log], projection: Projection):
    for name, log in logs.items():
        fold(projection, [each for _, each in log if type(each.event) in projection.events], name)


def fold(projection: Projection, events: Sequence[Recorded[Any]], log: str) -> None:
    """As an engine would, but in memory. What a read model raises names the event."""
    states: dict[Key, Any] = {}
    for each in events:
        try:
            key = projection.key(each.event)
            if key is not None:
                states[key] = folded(projection, states.get(key), each)
        except Exception as error:
            error.add_note(f"{each.type} at {each.position} in the log of {log}")
            raise


def folded(projection: Projection, state: Any, each: Recorded[Any]) -> Any:
    match projection:
        case View() | Index():
            return projection.evolve(state, each.event)
        case Count():
            return projection.evolve(state or (), each.event)
        case Feed():
            public = projection.public(state, each.event)
            assert public is None or type(public) in projection.payloads
            return projection.evolve(state, each.event)
        case Journal():
            assert all(isinstance(row, projection.row) for row in projection.rows(state, each.event))
            return projection.evolve(state, each.event)
