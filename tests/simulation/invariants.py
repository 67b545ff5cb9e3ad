"""What must hold after every step, whatever has gone wrong: looked at when something is committed, and once more at the end."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from application.effects import due
from domain.groups.passes.events import PassIssued, PassRedeemed, PassVoided
from domain.recorded import Recorded
from domain.stock.events import Level
from domain.values import Value
from infrastructure.readstores.redis import keys as redis_keys
from projections.payments import ledger
from projections.view import Count, Feed, Index, Journal, Projection, View
from tests.simulation.engines.log import SimulatedLog
from tests.simulation.engines.opensearch import SimulatedOpenSearch
from tests.simulation.engines.postgres import Changes, Database
from tests.simulation.engines.redis import SimulatedRedis
from tests.simulation.rebuilt import Encode, Rebuilt, plain


class Broken(AssertionError):
    """An invariant does not hold; `streams` are those that it is about."""

    def __init__(self, what: str, *streams: UUID) -> None:
        super().__init__(what)
        self.streams = streams


class Watch:
    """Knows the engines as they are, and says when they are not as they should be."""

    def __init__(
        self,
        log: SimulatedLog,
        database: Database,
        redis: SimulatedRedis,
        opensearch: SimulatedOpenSearch,
        projections: Sequence[Projection],
    ) -> None:
        self.log = log
        self.database = database
        self.redis = redis
        self.opensearch = opensearch
        self.broken: Broken | None = None
        self.checks = 0
        self._rebuilt = {each.name: Rebuilt(each) for each in projections}
        self._known: dict[int, tuple[Any, bytes]] = {}
        self._reacted = 0
        self._owed: set[UUID] = set()
        self._movements: dict[UUID, int] = defaultdict(int)
        self._issued: dict[tuple[UUID, UUID], int] = {}
        self._redeemed: dict[tuple[UUID, UUID], int] = defaultdict(int)

    # Called by the engines as they commit. What is found is raised at the end of the step, since who commits may be caught by nobody.

    def committed(self, events: Sequence[Recorded[Any]]) -> None:
        self._looking(lambda: self._appended(events))

    def changed(self, rows: Changes) -> None:
        if rows:
            self._looking(lambda: self._followed(rows))

    def counted(self) -> None:
        self._looking(self._in_redis)

    def raise_what_is_broken(self) -> None:
        if self.broken:
            raise self.broken

    def _looking(self, look: Any) -> None:
        if self.broken is None:
            self.checks += 1
            try:
                look()
            except Broken as broken:
                self.broken = broken

    # The log and what it says

    def _appended(self, events: Sequence[Recorded[Any]]) -> None:
        for each in events:
            versions = [known.version for known in self.log.streams[each.stream]]
            if versions != list(range(1, len(versions) + 1)):
                raise Broken(f"the versions of a stream are {versions}", each.stream)
            positions = [known.position for known in self.log.streams[each.stream]]
            if positions != sorted(positions):
                raise Broken(f"a stream's positions are {positions}", each.stream)
            for rebuilt in self._rebuilt.values():
                if each.position <= rebuilt.position:
                    raise Broken(f"{rebuilt.projection.name} was past {each.position} before that was committed", each.stream)
            if each.position <= self._reacted:
                raise Broken(f"the reactor was past {each.position} before that was committed", each.stream)
            self._in_bounds(each.event, each.stream)

    def _in_bounds(self, event: Value, stream: UUID) -> None:
        level = getattr(event, "level", None)
        if isinstance(level, Level):
            if min(level.on_hand, level.reserved, level.available) < 0:
                raise Broken(f"stock is negative: {level}", stream)
            if level.movement != self._movements[stream] + 1:
                raise Broken(f"movement {level.movement} of stock comes after {self._movements[stream]}", stream)
            self._movements[stream] = level.movement
        match event:
            case PassIssued():
                whose = event.group_id, event.member_id
                if event.number == 1:
                    if whose in self._issued:
                        raise Broken("a member's first pass was issued twice", stream)
                    self._issued[whose] = event.quantity
            case PassRedeemed():
                whose = event.group_id, event.member_id
                self._redeemed[whose] += event.quantity
                if self._redeemed[whose] > self._issued.get(whose, 0):
                    raise Broken(f"{self._redeemed[whose]} pieces were handed out of {self._issued.get(whose)}", stream)
            case PassVoided() | _:
                pass

    # Read models, and the jobs that events owe

    def _followed(self, changes: Changes | None = None) -> None:
        """`changes` are the rows that may be otherwise than before; none given, all are looked at."""
        positions, moved = self.database.table("positions"), (changes or {}).get("positions", ())
        for rebuilt in self._rebuilt.values():
            projection = rebuilt.projection
            if isinstance(projection, Count):
                continue
            place = projection.name, projection.version
            touched = changes is None or place in moved or rebuilt.table in changes
            if place in positions and (touched or isinstance(projection, Index)):
                self._compare(rebuilt, positions[place]["position"], touched=touched)
        if parked := self.database.table("parked"):
            name, _, position = next(iter(parked))
            raise Broken(f"{name} could not take {position}: {parked[next(iter(parked))]['error']}")
        if parked := self.database.table("parked_reactions"):
            raise Broken(f"the reactor could not take {next(iter(parked))}")
        self._reacted_to(self.database.table("reactions").get("effects", 0))

    def _compare(self, rebuilt: Rebuilt, position: int, *, touched: bool) -> None:
        if position < rebuilt.position:
            raise Broken(f"{rebuilt.projection.name} went back from {rebuilt.position} to {position}")
        rebuilt.follow(self.log, position)
        projection = rebuilt.projection
        match projection:
            case View():
                found = {key: row["document"].encode() for key, row in self.database.table(projection.table).items()}
                differing(projection.name, rebuilt.rows, found)
            case Feed():
                told = self.database.table(projection.table).items()
                found = {at: self._encoded(row, public) for at, row in told}
                differing(projection.name, rebuilt.rows, found)
            case Journal():
                self._compare_journal(projection, rebuilt)
            case Index():
                self._compare_index(projection, rebuilt, touched=touched)
            case Count():
                pass

    def _compare_journal(self, journal: Journal[Any], rebuilt: Rebuilt) -> None:
        rows = self.database.table(journal.table)
        differing(journal.name, rebuilt.rows, {place: self._encoded(row, made) for place, row in rows.items()})
        for kept in journal.sums:
            totals = self.database.table(f"{journal.table}_{kept.name}")
            if sum(each["entries"] for each in totals.values()) != len(rows):
                raise Broken(f"the sums {kept.name} of {journal.name} are not of its rows")
        if journal is ledger.journal:
            balance: dict[str, int] = defaultdict(int)
            for row in rows.values():
                balance[row["currency"]] += row["debit"] - row["credit"]
            if any(balance.values()):
                raise Broken(f"the ledger does not sum to zero: {dict(balance)}")

    def _compare_index(self, index: Index[Any], rebuilt: Rebuilt, *, touched: bool) -> None:
        """Documents may be ahead of the position, where a worker died between the two, and are compared when it has come there."""
        name = f"{index.name}-v{index.version}"
        if not touched and name not in self.opensearch.changed:
            return
        self.opensearch.changed.discard(name)
        stored = self.opensearch.documents.get(name, {})
        ahead = {key for key, (version, _) in stored.items() if version > rebuilt.position}
        expected = {key: document for key, document in rebuilt.rows.items() if key not in ahead}
        found = {key: self._encoded(source, plain) for key, (_, source) in stored.items() if key not in ahead and not source.get("gone")}
        differing(index.name, expected, found)

    def _encoded(self, row: Any, encode: Encode) -> bytes:
        """Rows are never changed in place, so each is encoded once."""
        known = self._known.get(id(row))
        if known is None or known[0] is not row:
            known = self._known[id(row)] = row, encode(row)
        return known[1]

    def _in_redis(self) -> None:
        for rebuilt in self._rebuilt.values():
            count = rebuilt.projection
            if not isinstance(count, Count):
                continue
            names = redis_keys(count)
            position = int(self.redis.values.get(names.position, 0))
            if position < rebuilt.position:
                rebuilt.start_again()  # it has lost its last second
            rebuilt.follow(self.log, position)
            expected: dict[str, int] = defaultdict(int)
            for groups in rebuilt.kept.values():
                for group in groups:
                    expected[group] += 1
            differing(count.name, dict(expected), self.redis.values.get(names.counts, {}))

    def _reacted_to(self, position: int) -> None:
        jobs = self.database.table("jobs")
        for each in self.log.after(self._reacted):
            if each.position > position:
                break
            for job in due.due(each):
                self._owed.add(job.id)
                if job.id not in jobs:
                    raise Broken(f"{each.type} owes {job.kind}, which is lost", each.stream)
        self._reacted = max(self._reacted, position)
        if len(jobs) > len(self._owed):
            raise Broken(f"jobs that nothing owes: {[str(id) for id in jobs if id not in self._owed]}")

    def caught_up(self) -> None:
        """Everything that follows the log has come to its end."""
        self._followed()
        self._in_redis()
        stable = self.log.stable()
        for rebuilt in self._rebuilt.values():
            if rebuilt.position != stable:
                raise Broken(f"{rebuilt.projection.name} came no further than {rebuilt.position} of {stable}")
        if self._reacted != stable:
            raise Broken(f"the reactor came no further than {self._reacted} of {stable}")


def made(row: Mapping[str, Any]) -> bytes:
    """A stored row as its journal has made it."""
    return plain({name: value for name, value in row.items() if name not in {"position", "ordinal"}})


def public(row: Sequence[Any]) -> bytes:
    """A stored row of a feed: type, schema, event id and subject, and after one more what it says."""
    return repr((row[0], row[1], row[2], row[3])).encode() + row[5].encode()


def differing(name: str, expected: Mapping[Any, Any], found: Mapping[Any, Any]) -> None:
    if expected != found:
        keys = [key for key in {**expected, **found} if expected.get(key, ...) != found.get(key, ...)]
        key = keys[0]
        raise Broken(f"{name} differs from a rebuild at {key}: {found.get(key)!r} instead of {expected.get(key)!r}")
