"""What answers look like: accepted commands, documents as stored, pages with cursors, and lists as files.

A list that is also a file is answered as CSV where the caller sends `Accept: text/csv`: whole, whatever `limit` and `cursor` say.
Its route says so by `opt={"also": CSV}`, asks `wants_csv` and answers with `csv_file`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response
from msgspec import Meta, Raw, Struct
from msgspec.structs import astuple, fields

from interfaces.http.streams import CSV, CsvFile
from projections import spreadsheet
from projections.ports import Found, Page

JSON = "application/json"


class Body(Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A command's body; a field it does not know is refused."""


class Accepted(Struct, frozen=True, rename="camel"):
    """What a command did: the thing's id, its version and position after the command, and what the caller may do next."""

    id: UUID
    version: Annotated[int, Meta(ge=0)]
    position: Annotated[int, Meta(ge=0)]
    actions: list[str]


class Listed(Struct, frozen=True):
    items: list[dict[str, Any]]
    next: str | None


def with_fields(document: Raw, more: Mapping[str, Any]) -> bytes:
    """The stored JSON object with further members at its end, without parsing it."""
    added = msgspec.json.encode(more)
    stored = bytes(document)
    return stored if added == b"{}" else stored[:-1].rstrip() + b"," + added[1:]


def document(found: Found, **more: Any) -> Response[bytes]:
    """One document as stored, with fields such as `actions` that depend on the caller; its version is the ETag."""
    return Response(with_fields(found.document, more), media_type=JSON, headers={"ETag": f'"{found.version}"'})


def page(found: Page, more: Callable[[Found], Mapping[str, Any]] = lambda _: {}) -> Response[bytes]:
    """A page of documents as stored: `{"items": [...], "next": cursor or null}`."""
    items: Sequence[bytes] = [with_fields(each.document, more(each)) for each in found.items]
    body = b'{"items":[' + b",".join(items) + b'],"next":' + msgspec.json.encode(found.next) + b"}"
    return Response(body, media_type=JSON)


def wants_csv(request: Request[Any, Any, Any]) -> bool:
    return CSV in request.headers.get("accept", "")


def csv_file(name: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> CsvFile:
    """`name` is what the file is saved as; rows are read as they are sent."""
    return CsvFile(spreadsheet.whole(header, rows), f"{name}.csv")


def records_file(name: str, kind: type[Struct], records: Iterable[Struct]) -> CsvFile:
    """Flat records as lines, under the names that their fields have in JSON."""
    return csv_file(name, [field.encode_name for field in fields(kind)], map(astuple, records))
