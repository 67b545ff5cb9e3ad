"""Which controllers are served, and what they are given: the table of contents of the HTTP interface."""

from typing import Any

from litestar import Request
from litestar.di import Provide

from interfaces.http import dispatch
from interfaces.http.app import Edge, Side, served
from interfaces.http.commands.imports import ImportCommands
from interfaces.http.dispatch import Dispatch
from interfaces.http.middleware import Correlate
from interfaces.http.openapi import openapi
from interfaces.http.queries.feeds import FeedQueries
from interfaces.http.queries.imports import ImportQueries
from interfaces.http.streams import Streams


Parts = Any
"""The composition root, which offers its parts as attributes; contracts keep it out of reach by name."""


def command_side(parts: Parts) -> Side:
    def provide_dispatch(request: Request[Any, Any, Any]) -> Dispatch:
        return Dispatch(request, parts.handle, parts.clock, parts.ids)

    return Side(
        controllers=[ImportCommands],
        dependencies={"start_import": parts.start_import},
        providers={"run": Provide(provide_dispatch, sync_to_thread=False)},
        error_handlers=dispatch.HANDLERS,
        before=[dispatch.fingerprint],
    )


def query_side(parts: Parts, streams: Streams) -> Side:
    return Side(
        controllers=[FeedQueries, ImportQueries],
        dependencies={
            "documents": parts.documents,
            "feeds": parts.feeds,
            "import_reports": parts.import_book,
            "positions": parts.positions,
            "streams": streams,
        },
    )


def assemble(parts: Parts, streams: Streams, *, commands: bool = True, queries: bool = True) -> Correlate:
    """The application a server serves; `streams` is closed by whoever stops the server."""
    sides = [command_side(parts)] if commands else []
    if queries:
        sides.append(query_side(parts, streams))
    common = Side(controllers=[openapi])
    settings = parts.settings
    edge = Edge(parts.authentication, parts.ids, parts.positions, settings.max_body_bytes, settings.cors_origins)
    return served(edge, [common, *sides])
