"""A read model made from zero, one event after another, and nothing else: what the served one must be equal to."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import asdict

from domain.recorded import Recorded
from projections.view import Count, Feed, Index, Journal, Projection, View, schema_of
from tests.simulation.engines.log import SimulatedLog

Encode = Callable[[Any], bytes]

plain: Encode = msgspec.json.Encoder(order="sorted").encode


class Rebuilt:
    """`kept` is what the fold remembers, by key; `rows` is what is to be found in the engine."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self.table = projection.table if isinstance(projection, View | Feed | Journal) else ""
        self.position = 0
        self.kept: dict[str, Any] = {}
        self.rows: dict[Any, bytes] = {}
        self._types = set(projection.events)

    def follow(self, log: SimulatedLog, upto: int) -> None:
        for each in log.after(self.position):
            if each.position > upto:
                break
            if type(each.event) in self._types and (key := self.projection.key(each.event)) is not None:
                self._take(str(key), each)
        self.position = upto

    def start_again(self) -> None:
        self.position = 0
        self.kept.clear()
        self.rows.clear()

    def _take(self, key: str, recorded: Recorded[Any]) -> None:
        event, before = recorded.event, self.kept.get(key)
        match self.projection:
            case Feed() as feed:
                if (payload := feed.public(before, event)) is not None:
                    told = (feed.type_of(type(payload)), schema_of(type(payload)), recorded.event_id, key)
                    self.rows[recorded.position] = repr(told).encode() + msgspec.json.encode(payload)
                after = feed.evolve(before, event)
            case Journal() as journal:
                for ordinal, row in enumerate(journal.rows(before, event)):
                    self.rows[recorded.position, ordinal] = plain(asdict(row))
                after = journal.evolve(before, event)
            case Count() as count:
                after = count.evolve(before or (), event) or None
            case View() as view:
                after = view.evolve(before, event)
                self._document(key, after, msgspec.json.encode)
            case Index() as index:
                after = index.evolve(before, event)
                self._document(key, after, plain)
        if after is None:
            self.kept.pop(key, None)
        else:
            self.kept[key] = after

    def _document(self, key: str, document: Any, encode: Encode) -> None:
        if document is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = encode(document)
