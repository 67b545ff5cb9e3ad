"""Connections to Postgres, shared by everything in a process that needs them for a moment, and its fastest way to be asked."""

from collections.abc import Callable, Mapping, Sequence
from struct import Struct
from typing import Any, LiteralString
from uuid import UUID
from weakref import WeakSet

import psycopg
from psycopg import errors, pq
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[Any]

BIGINT = Struct("!q")
SMALLINT = Struct("!h")

ARRAY = Struct("!iiiii")
BIGINT_OID = psycopg.adapters.types["int8"].oid
UUID_OID = psycopg.adapters.types["uuid"].oid

ALIVE: Mapping[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
"""For connections that are held for long, and listen or keep leases: they end when the other side is gone without a word."""


def uuids(values: Sequence[UUID]) -> bytes:
    """A uuid[] of one dimension: its number of dimensions, no nulls, the element's type, length and lower bound, then the elements."""
    return ARRAY.pack(1, 0, UUID_OID, len(values), 1) + b"".join(b"\x00\x00\x00\x10" + each.bytes for each in values)


def bigints(values: Sequence[int]) -> bytes:
    """A bigint[] of one dimension, likewise."""
    return ARRAY.pack(1, 0, BIGINT_OID, len(values), 1) + b"".join(b"\x00\x00\x00\x08" + BIGINT.pack(each) for each in values)


ENCODERS: Mapping[str, Callable[[Any], bytes]] = {
    "uuid": lambda value: value.bytes,
    "bigint": BIGINT.pack,
    "smallint": SMALLINT.pack,
    "text": str.encode,
    "bytea": bytes,
    "uuid[]": uuids,
    "bigint[]": bigints,
}
"""Postgres' binary forms of the types that an append has."""


def open_pool(database_url: str, size: int, *, name: str = "tradewind", wait_seconds: float = 2) -> ConnectionPool[Any]:
    """A pool of connections in autocommit and UTC; who waits longer than `wait_seconds` for one gets a PoolTimeout.

    That is short, since a request may wait three times: for who is calling, and for a command tried twice. The pool opens in the
    background, so that a process starts while Postgres is away.
    """
    return ConnectionPool(
        database_url,
        connection_class=psycopg.Connection[Any],
        kwargs={"autocommit": True, "application_name": name, "options": "-c timezone=UTC"},
        min_size=size,
        max_size=size,
        timeout=wait_seconds,
        reconnect_timeout=5,
        name=name,
        open=True,
    )


class Direct:
    """A prepared statement sent by libpq in one blocking call, for what runs thousands of times a second.

    psycopg's own execute waits in turns, taking the interpreter's lock at each; with many threads in a process that is a quarter
    of an append (docs/decisions/0001-append-statement.md). `text` has `%b` placeholders as for psycopg; `types` names theirs in
    SQL, in order. Runs outside any transaction, and raises psycopg's errors.
    """

    def __init__(self, name: bytes, text: LiteralString, types: str) -> None:
        self.name = name
        self.text: LiteralString = text
        names = types.split()
        parts = text.split("%b")
        numbered = [f"${number}{part}" for number, part in enumerate(parts[1:], 1)]
        self._numbered = "".join([parts[0], *numbered]).encode()
        self._oids = [_oid(name) for name in names]
        self._encoders = [ENCODERS[name] for name in names]
        self._binary = [1] * len(names)
        self._prepared: WeakSet[Connection] = WeakSet()

    def number(self, connection: Connection, values: Sequence[Any]) -> int:
        """The bigint in the first column of its row."""
        result = self._run(connection, values)
        value = result.get_value(0, 0)
        if value is None:
            raise _reason(connection, result)
        return BIGINT.unpack(value)[0]

    def rows(self, connection: Connection, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """All its rows."""
        result = self._run(connection, values)
        loading = Transformer(connection)
        loading.set_pgresult(result, format=pq.Format.BINARY)
        return loading.load_rows(0, result.ntuples, tuple)

    def _run(self, connection: Connection, values: Sequence[Any]) -> PGresult:
        encoded: list[Any] = [None if value is None else encode(value) for encode, value in zip(self._encoders, values, strict=True)]
        if connection not in self._prepared:
            self._prepare(connection)
        result = connection.pgconn.exec_prepared(self.name, encoded, self._binary, 1)
        if result.status != ExecStatus.TUPLES_OK:
            reason = _reason(connection, result)
            if not isinstance(reason, errors.InvalidSqlStatementName):
                raise reason
            # psycopg deallocates all statements of a connection after some rollbacks; nothing has run.
            self._prepare(connection)
            result = connection.pgconn.exec_prepared(self.name, encoded, self._binary, 1)
        if result.status != ExecStatus.TUPLES_OK:
            raise _reason(connection, result)
        return result

    def _prepare(self, connection: Connection) -> None:
        result = connection.pgconn.prepare(self.name, self._numbered, self._oids)
        if result.status != ExecStatus.COMMAND_OK:
            raise _reason(connection, result)
        self._prepared.add(connection)


def _oid(name: str) -> int:
    found = psycopg.adapters.types[name.removesuffix("[]")]
    return found.array_oid if name.endswith("[]") else found.oid


def _reason(connection: Connection, result: PGresult) -> psycopg.Error:
    """What psycopg itself would raise; a lost connection has no code of its own."""
    if connection.pgconn.status != ConnStatus.OK:
        return psycopg.OperationalError(result.get_error_message())
    return errors.error_from_result(result)
