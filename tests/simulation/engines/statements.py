"""What each statement of projector, reactor and queue does, in the simulated Postgres.

Statements that are constants of the code are known by themselves, so that they may be worded otherwise; those written where they are
used are known by how they begin. One that is not known here is an error: then this file has to learn it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec
import psycopg

from infrastructure.jobs import queue
from infrastructure.projector import retrying
from infrastructure.reactor import parked, reactor
from projections.view import Journal
from tests.simulation.engines.postgres import Connection, Database, Result

Does = Callable[[Database, Any, "re.Match[str]"], Result]
D = TypeVar("D", bound=Does)

KNOWN: dict[str, Does] = {}
BEGINNINGS: list[tuple["re.Pattern[str]", Does]] = []
MEANINGS: dict[str, tuple[Does, "re.Match[str]"]] = {}
JOURNALS: dict[str, Journal[Any]] = {}
"""By the names of their tables."""

NONE = Result(count=0)
ANYTHING = re.compile("")


def carry_out(connection: Connection, text: str, values: Any) -> Result:
    database = connection.database
    if "pg_try_advisory_lock(" in text:
        return leased(connection, values)
    found = MEANINGS.get(text)
    if found is None:
        found = MEANINGS[text] = meaning(text)
    does, match = found
    return does(database, values, match)


def meaning(text: str) -> tuple[Does, "re.Match[str]"]:
    known = KNOWN.get(text)
    if known is not None and (anything := ANYTHING.match(text)):
        return known, anything
    flat = " ".join(text.split())
    for pattern, does in BEGINNINGS:
        if match := pattern.match(flat):
            return does, match
    raise NotImplementedError(f"the simulated Postgres is not told what this does: {flat}")


def is_(statement: str) -> Callable[[D], D]:
    def remember(does: D) -> D:
        KNOWN[statement] = does
        return does

    return remember


def begins(pattern: str) -> Callable[[D], D]:
    def remember(does: D) -> D:
        BEGINNINGS.append((re.compile(pattern), does))
        return does

    return remember


def leased(connection: Connection, values: Any) -> Result:
    """A lease of the session's, which ends with it."""
    holder = connection.database.leases.setdefault(tuple(values), connection)
    return Result([(holder is connection,)])


# What needs nothing done: tables are there when they are used, and a transaction's own locks are held by being alone


@begins(r"CREATE |NOTIFY |DELETE FROM \"\w+_known\" WHERE false")
def nothing(_database: Database, _values: Any, _match: Any) -> Result:
    return NONE


@begins(r"SELECT pg_(try_)?advisory_xact_lock\(")
def alone(_database: Database, _values: Any, _match: Any) -> Result:
    return Result([(True,)])


# Projections' books


@begins(r"INSERT INTO projection_positions \(name, version\)")
def enrol(database: Database, values: Any, _match: Any) -> Result:
    table = database.table("positions")
    for each in zip(*values, strict=True):
        if each not in table:
            table.put(each, {"position": 0, "taken": 0, "paused": False, "lease": len(table) + 1})
    return NONE


@begins(r"SELECT name, lease FROM projection_positions")
def leases(database: Database, values: Any, _match: Any) -> Result:
    return Result((each[0], database.table("positions")[each]["lease"]) for each in zip(*values, strict=True))


@begins(r"SELECT coalesce\(p\.position, 0\) FROM unnest")
def positions(database: Database, values: Any, _match: Any) -> Result:
    table = database.table("positions")
    return Result((table[each]["position"] if each in table else 0,) for each in zip(*values, strict=True))


@begins(r"UPDATE projection_positions AS p SET position = .* AND p\.position = %s$")
def move(database: Database, values: Any, _match: Any) -> Result:
    upto, taken, names, versions, after = values
    return _moved(database, upto, taken, zip(names, versions, strict=True), lambda at: at == after)


@begins(r"UPDATE projection_positions AS p SET position = .* AND p\.position <> %s$")
def show(database: Database, values: Any, _match: Any) -> Result:
    upto, taken, names, versions, _ = values
    return _moved(database, upto, taken, zip(names, versions, strict=True), lambda at: at != upto)


def _moved(database: Database, upto: int, taken: int, wanted: Any, holds: Callable[[int], bool]) -> Result:
    table = database.table("positions")
    found = [each for each in wanted if each in table and holds(table[each]["position"])]
    for each in found:
        table.put(each, {**table[each], "position": upto, "taken": table[each]["taken"] + taken})
    return Result(count=len(found))


@begins(r"SELECT generation FROM projection_positions")
def generation(_database: Database, _values: Any, _match: Any) -> Result:
    return Result([(1,)])


@begins(r"SELECT FROM projection_positions WHERE name = %s AND version = %s AND position > %s")
def beyond(database: Database, values: Any, _match: Any) -> Result:
    name, version, position = values
    row = database.table("positions").get((name, version))
    return Result([()] if row and row["position"] > position else [])


@begins(r"SELECT name, paused, EXISTS")
def asked(database: Database, values: Any, _match: Any) -> Result:
    again = {(each[0], each[1]) for each, row in database.table("parked").items() if row["retry"]}
    table = database.table("positions")
    return Result((each[0], table[each]["paused"], each in again) for each in zip(*values, strict=True) if each in table)


# Parked events, by projection, version and position


@begins(r"INSERT INTO parked_events")
def park(database: Database, values: Any, _match: Any) -> Result:
    name, version, position, sequence, _stream, _number, _type, error = values
    table, key = database.table("parked"), (name, version, position)
    if key not in table:
        table.put(key, {"sequence": sequence, "error": error, "retry": False})
    elif error:
        table.put(key, {**table[key], "error": error, "retry": False})
    return NONE


@begins(r"DELETE FROM parked_events WHERE projection = %s AND version = %s AND position = ANY")
def unpark(database: Database, values: Any, _match: Any) -> Result:
    name, version, gone = values
    for position in gone:
        database.table("parked").drop((name, version, position))
    return NONE


@begins(r"SELECT sequence, min\(position\) FROM parked_events")
def blocked(database: Database, values: Any, _match: Any) -> Result:
    first: dict[str, int] = {}
    for (name, version, position), row in sorted(database.table("parked").items()):
        if (name, version) == tuple(values):
            first.setdefault(row["sequence"], position)
    return Result(first.items())


@begins(r"UPDATE parked_events AS p SET retry_at = clock_timestamp\(\) .* AND retry_at IS NULL AND NOT EXISTS")
def orphaned(database: Database, values: Any, _match: Any) -> Result:
    mine = _parked(database, values)
    failed = {row["sequence"] for row in mine.values() if row["error"]}
    return _ask(database, {key: row for key, row in mine.items() if row["sequence"] not in failed})


@is_(retrying.WHOLE)
def whole(database: Database, values: Any, _match: Any) -> Result:
    mine = _parked(database, values)
    wanted = {row["sequence"] for row in mine.values() if row["retry"]}
    return _ask(database, {key: row for key, row in mine.items() if row["sequence"] in wanted})


@is_(retrying.ASKED)
def asked_for(database: Database, values: Any, _match: Any) -> Result:
    mine = _parked(database, values)
    return Result(sorted((row["sequence"], key[2]) for key, row in mine.items() if row["retry"])[: values["limit"]])


@is_(retrying.ENOUGH)
def enough(database: Database, values: Any, _match: Any) -> Result:
    for key, row in _parked(database, values).items():
        if row["sequence"] == values["sequence"]:
            database.table("parked").put(key, {**row, "retry": False})
    return NONE


def _parked(database: Database, values: Mapping[str, Any]) -> dict[Any, Any]:
    mine = values["name"], values["version"]
    return {key: row for key, row in database.table("parked").items() if key[:2] == mine}


def _ask(database: Database, these: Mapping[Any, Any]) -> Result:
    for key, row in these.items():
        database.table("parked").put(key, {**row, "retry": True})
    return NONE


# Rows of views, feeds and journals, and what the latter remember


@begins(r"SELECT key, document::text FROM \"(\w+)\" WHERE key = ANY")
def documents(database: Database, values: Any, match: Any) -> Result:
    table = database.table(match[1])
    return Result((key, table[str(key)]["document"]) for key in values[0] if str(key) in table)


@begins(r"INSERT INTO \"(\w+)\" \(\"key\", \"document\".* ON CONFLICT \(key\) DO UPDATE")
def upsert(database: Database, values: Any, match: Any) -> Result:
    table = database.table(match[1])
    for row in msgspec.json.decode(values[0], type=list[dict[str, msgspec.Raw]]):
        key = msgspec.json.decode(row["key"])
        read = {"document": bytes(row["document"]).decode(), "position": int(bytes(row["position"])), "version": int(bytes(row["version"]))}
        table.put(key, read)
    return NONE


@begins(r"DELETE FROM \"(view_\w+)\" WHERE key = ANY")
def delete(database: Database, values: Any, match: Any) -> Result:
    for key in values[0]:
        database.table(match[1]).drop(str(key))
    return NONE


@begins(r"SELECT key, document FROM \"(\w+_known)\" WHERE key = ANY")
def remembered(database: Database, values: Any, match: Any) -> Result:
    table = database.table(match[1])
    return Result((key, table[key]) for key in values[0] if key in table)


@begins(r"INSERT INTO \"(\w+_known)\"")
def remember(database: Database, values: Any, match: Any) -> Result:
    for key, document in zip(*values, strict=True):
        database.table(match[1]).put(key, document)
    return NONE


@begins(r"INSERT INTO \"(view_feed_\w+)\" \(position, type")
def tell(database: Database, values: Any, match: Any) -> Result:
    table = database.table(match[1])
    for position, *rest in zip(*values, strict=True):
        if position in table:
            raise psycopg.errors.UniqueViolation(f"{match[1]} has position {position}")
        table.put(position, tuple(rest))
    return NONE


@begins(r"(?:WITH added AS \()?INSERT INTO \"(view_\w+)\" \(\"position\", \"ordinal\"")
def add(database: Database, values: Any, match: Any) -> Result:
    table, journal = database.table(match[1]), JOURNALS[match[1]]
    for row in msgspec.json.decode(values[0]):
        place = row["position"], row["ordinal"]
        if place in table:
            raise psycopg.errors.UniqueViolation(f"{match[1]} has {place}")
        table.put(place, row)
        for kept in journal.sums:
            totals = database.table(f"{match[1]}_{kept.name}")
            group = tuple(row[name] for name in kept.by)
            before = totals.get(group, dict.fromkeys((*kept.of, "entries"), 0))
            totals.put(group, {"entries": before["entries"] + 1, **{name: before[name] + (row[name] or 0) for name in kept.of}})
    return NONE


# The reactor's position, and the queue


@is_(reactor.BEGIN)
def begin(database: Database, values: Any, _match: Any) -> Result:
    if values[0] not in database.table("reactions"):
        database.table("reactions").put(values[0], 0)
    return NONE


@is_(reactor.POSITION)
def position(database: Database, values: Any, _match: Any) -> Result:
    asked = sorted(at for (reader, at), retry in database.table("parked_reactions").items() if reader == values[0] and retry)
    return Result([(database.table("reactions")[values[1]], asked)])


@is_(reactor.MOVE)
def step(database: Database, values: Any, _match: Any) -> Result:
    upto, reader, after = values
    table = database.table("reactions")
    if table.get(reader) != after:
        return NONE
    table.put(reader, upto)
    return Result(count=1)


@is_(parked.PARK)
def park_reaction(database: Database, values: Any, _match: Any) -> Result:
    database.table("parked_reactions").put((values[0], values[1]), False)
    return NONE


@begins(r"DELETE FROM parked_reactions WHERE reader = %s AND position = %s")
def unpark_reaction(database: Database, values: Any, _match: Any) -> Result:
    database.table("parked_reactions").drop(tuple(values))
    return NONE


@is_(queue.PUT)
def put(database: Database, values: Any, _match: Any) -> Result:
    id, kind, rank, work, event_id, correlation_id, due_at = values
    if id not in database.table("jobs"):
        row = {"kind": kind, "rank": rank, "work": work, "event_id": event_id, "correlation_id": correlation_id, "note": ""}
        database.table("jobs").put(id, {**row, "due_at": due_at or database.stage.now, "state": "due", "attempts": 0})
    return NONE


@is_(queue.TAKE)
def take(database: Database, values: Any, _match: Any) -> Result:
    table, now = database.table("jobs"), values["now"]
    due = [(id, row) for id, row in table.items() if row["state"] == "due" and row["due_at"] <= now]
    due.sort(key=lambda each: (each[1]["rank"] != values["first"], each[1]["due_at"], each[0]))
    taken: list[tuple[Any, ...]] = []
    for id, row in due[: values["limit"]]:
        attempts = row["attempts"] + 1
        table.put(id, {**row, "attempts": attempts, "due_at": now + values["lease"]})
        taken.append((id, row["work"], row["event_id"], row["correlation_id"], attempts))
    return Result(taken)


@is_(queue.EXTEND)
def extend(database: Database, values: Any, _match: Any) -> Result:
    return _held(database, values, lambda _: {"due_at": values["now"] + values["lease"]})


@is_(queue.POSTPONE)
def postpone(database: Database, values: Any, _match: Any) -> Result:
    return _held(database, values, lambda _: {"due_at": values["now"] + values["pause"], "note": values["note"]})


@is_(queue.END)
def end(database: Database, values: Any, _match: Any) -> Result:
    return _held(database, values, lambda _: {"state": values["state"], "note": values["note"]})


def _held(database: Database, values: Any, change: Callable[[Any], Mapping[str, Any]]) -> Result:
    """Only by who has the job under lease: a later attempt is another's."""
    table, id = database.table("jobs"), values["id"]
    row = table.get(id)
    if row is None or row["state"] != "due" or row["attempts"] != values["attempts"]:
        return NONE
    table.put(id, {**row, **change(row)})
    return Result(count=1)
