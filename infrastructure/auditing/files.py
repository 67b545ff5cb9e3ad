"""The log written to files, event by event and in constant memory: as JSON Lines, or as a Parquet table."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

import msgspec

from domain.values import Value
from infrastructure.eventlog.mapper import stable_name
from infrastructure.eventlog.personal import personal_fields
from projections.audit import MASK, Entry

ROWS = 10_000
"""Events of one row group, which is what is held in memory."""

SCHEMAS = b"tradewind.schemas"
"""Under this name a Parquet file's own metadata hold the schema of `data` for each type of event."""


class EventFile(Protocol):
    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
    def add(self, entries: Sequence[Entry]) -> None: ...


def schemas(events: Iterable[type[Value]]) -> Mapping[str, Any]:
    """The JSON schema of the data of each type, as today's release writes it; older schema versions stand as they were stored.

    Personal fields are masked in every copy of the log, and so they are here.
    """
    found: dict[str, Any] = {}
    for event in sorted(events, key=stable_name):
        schema = msgspec.json.schema(event)
        parts = schema["$defs"][event.__name__]["properties"] if "$ref" in schema else schema["properties"]
        for field in personal_fields(event):
            parts[field.stored] = {"enum": [MASK, None]}
        found[stable_name(event)] = {"version": getattr(event, "schema", 1), "schema": schema}
    return found


class JsonLines:
    """One event a line."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._encode = msgspec.json.Encoder().encode_lines

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.flush()

    def add(self, entries: Sequence[Entry]) -> None:
        self._file.write(self._encode(entries))


class Parquet:
    """One event a row: ids as texts, the moment in microseconds UTC, the data as JSON. Raises ImportError without pyarrow."""

    def __init__(self, path: Path, events: Iterable[type[Value]]) -> None:
        import pyarrow as pa  # noqa: PLC0415 - an extra that nothing else needs
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        id_ = pa.string()
        names = pa.dictionary(pa.int32(), pa.string())
        columns = [
            pa.field("position", pa.int64(), nullable=False),
            pa.field("stream", id_, nullable=False),
            pa.field("version", pa.int64(), nullable=False),
            pa.field("kind", names, nullable=False),
            pa.field("type", names, nullable=False),
            pa.field("schema", pa.int16(), nullable=False),
            pa.field("event_id", id_, nullable=False),
            pa.field("actor", id_, nullable=False),
            pa.field("command_id", id_, nullable=False),
            pa.field("correlation_id", id_, nullable=False),
            pa.field("causation_id", id_),
            pa.field("recorded_at", pa.timestamp("us", tz="UTC"), nullable=False),
            pa.field("data", pa.string(), nullable=False),
        ]
        self._pa = pa
        self._schema = pa.schema(columns, metadata={SCHEMAS: msgspec.json.encode(schemas(events))})
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._held: list[Entry] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._write()
        self._writer.close()

    def add(self, entries: Sequence[Entry]) -> None:
        self._held += entries
        if len(self._held) >= ROWS:
            self._write()

    def _write(self) -> None:
        if self._held:
            rows = [_row(each) for each in self._held]
            self._writer.write_table(self._pa.Table.from_pylist(rows, schema=self._schema))
            self._held = []


def _row(entry: Entry) -> dict[str, Any]:
    row = msgspec.structs.asdict(entry)
    for name in ("stream", "event_id", "actor", "command_id", "correlation_id", "causation_id"):
        row[name] = None if row[name] is None else str(row[name])
    row["data"] = msgspec.json.encode(entry.data).decode()
    return row
