"""How a read model is declared: a pure fold of events into documents, and where the documents are kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from msgspec import Struct

from domain.values import Value

D = TypeVar("D", bound=Value)
R = TypeVar("R", bound=Value)

Key = UUID | str


class View(Struct, Generic[D], frozen=True):
    """A read model kept in Postgres: one row per key, the document as JSON beside the columns that queries filter and sort by.

    `evolve(document | None, event)` returns the new document, or None to have none. `key(event)` names the row, or None where the
    event does not concern it. `columns` maps a column's name to its SQL type; its value is the document's attribute of that
    name (a path such as `price.amount` reaches into parts, and is the column `price_amount`). `indexes` are column lists as SQL
    writes them, such as `"seller, created_at DESC, key"`. `key_type` is the SQL type of keys. A changed meaning raises
    `version`: the new one fills tables of its own beside the old.
    """

    name: str
    document: type[D]
    key: Callable[[Any], Key | None]
    evolve: Callable[[D | None, Any], D | None]
    events: Sequence[type[Value]]
    columns: Mapping[str, str] = {}
    indexes: Sequence[str] = ()
    key_type: Literal["uuid", "text"] = "uuid"
    version: int = 1
    engine = "postgres"

    @property
    def table(self) -> str:
        return f"view_{self.name}_v{self.version}"


class Index(Struct, Generic[D], frozen=True):
    """A read model kept in OpenSearch: one whole document per key in an index `<name>-v<version>` behind the alias `<name>`.

    `document` is what evolve folds and what is indexed as its JSON, `mapping` the index's properties by (camelCase) field,
    `settings` its analysis. None from evolve indexes a tombstone that queries filter out.
    """

    name: str
    document: type[D]
    key: Callable[[Any], Key | None]
    evolve: Callable[[D | None, Any], D | None]
    events: Sequence[type[Value]]
    mapping: Mapping[str, Any]
    settings: Mapping[str, Any] = {}
    version: int = 1
    engine = "opensearch"


class Count(Struct, frozen=True):
    """Live counts kept in Redis: how many things stand in each group, such as listings by status.

    `evolve(groups, event)` returns the groups that the thing named by `key(event)` belongs to from now on; none when it is gone.
    The store keeps each thing's groups beside the counts and moves both in one script, so a repeated batch counts nothing twice.
    """

    name: str
    key: Callable[[Any], Key | None]
    evolve: Callable[[tuple[str, ...], Any], tuple[str, ...]]
    events: Sequence[type[Value]]
    version: int = 1
    engine = "redis"


class Feed(Struct, Generic[D], frozen=True):
    """Public events in the order of the log, kept in Postgres for ever, for consumers who read on from a position.

    `public(known | None, event)` is the one place that says what of an event others may see: one of `payloads`, without personal
    data, or None. `known` is what `evolve` has folded of the thing named by `key(event)` before this event, for events that say
    too little by themselves; a `key` of None means that the event does not concern the feed. The public type is called
    `<feed>.<payload class>`, its schema version is the payload's class attribute `schema`, 1 where there is none.
    """

    feed: str
    about: str
    known: type[D]
    key: Callable[[Any], Key | None]
    evolve: Callable[[D | None, Any], D | None]
    public: Callable[[D | None, Any], Value | None]
    events: Sequence[type[Value]]
    payloads: Sequence[type[Value]]
    version: int = 1
    engine = "postgres"

    @property
    def name(self) -> str:
        return f"feed_{self.feed}"

    @property
    def table(self) -> str:
        return f"view_{self.name}_v{self.version}"

    def type_of(self, payload: type[Value]) -> str:
        return f"{self.feed}.{payload.__name__}"


class Sum(Struct, frozen=True):
    """What a journal's rows come to for each group: the totals of its `of` columns by the values of its `by` columns.

    One that a journal declares is kept up with its rows and costs nothing to read; any other is made from the rows when asked for.
    """

    name: str
    by: tuple[str, ...]
    of: tuple[str, ...] = ()


class Journal(Struct, Generic[R], frozen=True):
    """Rows that events have given rise to, only ever added: the entries of a ledger, or the figures that a report is made of.

    `rows(known | None, event)` says what an event adds, often nothing. A row is a flat record of texts, whole numbers, ids,
    moments, days and truth values, each optional or not; its fields are the columns, so personal data have no place in it. Where
    an event says too little by itself, `evolve` folds what is `known` of the thing named by `key(event)`, and `rows` is given what
    was known before the event. A `key` of None means that the event does not concern the journal; events with the same key stay in order.

    Rows are kept in Postgres in the order of the log, (position, ordinal) being their key. `indexes` are column lists as SQL writes
    them; the key's columns belong at the end of those that a list is read by. `sums` are kept in the same transaction, with how many
    rows each group has.
    """

    name: str
    row: type[R]
    key: Callable[[Any], Key | None]
    rows: Callable[[Any, Any], Sequence[R]]
    events: Sequence[type[Value]]
    indexes: Sequence[str] = ()
    sums: Sequence[Sum] = ()
    known: type[Value] | None = None
    evolve: Callable[[Any, Any], Value | None] = lambda known, _event: known
    version: int = 1
    engine = "postgres"

    @property
    def table(self) -> str:
        return f"view_{self.name}_v{self.version}"


def schema_of(payload: type[Value]) -> int:
    return getattr(payload, "schema", 1)


Projection = View[Any] | Index[Any] | Count | Feed[Any] | Journal[Any]
