"""Which controllers are served, and what they are given: the table of contents of the HTTP interface."""

from typing import Any

from litestar import Request
from litestar.di import Provide

from interfaces.http import dispatch
from interfaces.http.app import Edge, Side, served
from interfaces.http.commands import CONTROLLERS as COMMANDS
from interfaces.http.dispatch import Dispatch
from interfaces.http.middleware import Correlate
from interfaces.http.openapi import front, openapi, page
from interfaces.http.pages.account import AccountPages
from interfaces.http.pages.mailbox import MailboxPages
from interfaces.http.queries import CONTROLLERS as QUERIES
from interfaces.http.queries.health import HealthQueries
from interfaces.http.streams import Streams

Parts = Any
"""The composition root, which offers its parts as attributes; contracts keep it out of reach by name."""

ACCOUNTS = (
    "attempts",
    "register",
    "change_standing",
    "sign_in",
    "leave_session",
    "refresh",
    "send_link",
    "redeem_link",
    "change_email",
    "change_password",
    "redeem_reset",
    "make_key",
    "revoke_key",
)
"""What signs people and services in, by the names under which routes ask for it."""


def command_side(parts: Parts) -> Side:
    def provide_dispatch(request: Request[Any, Any, Any]) -> Dispatch:
        return Dispatch(request, parts.handle, parts.clock, parts.ids)

    return Side(
        controllers=COMMANDS,
        dependencies={
            **{name: parts.signing_in.commands[name] for name in ACCOUNTS},
            "ask_seller": parts.ask_seller,
            "keep_favourite": parts.keep_favourite,
            "start_import": parts.start_import,
            "set_variants": parts.set_variants,
        },
        providers={"run": Provide(provide_dispatch, sync_to_thread=False)},
        error_handlers=dispatch.HANDLERS,
        before=[dispatch.fingerprint],
    )


def query_side(parts: Parts, streams: Streams) -> Side:
    return Side(
        controllers=QUERIES,
        dependencies={
            "access": parts.accounts,
            "audit": parts.audit,
            "clock": parts.clock,
            "counts": parts.counts,
            "documents": parts.documents,
            "engine": parts.search,
            "exchange": parts.exchange,
            "feeds": parts.feeds,
            "import_reports": parts.import_book,
            "journals": parts.journals,
            "positions": parts.positions,
            "streams": streams,
        },
    )


def operating_side(parts: Parts) -> Side:
    """What every server has: health, metrics, documentation, the pages behind mailed links, and the mailbox where mail goes there."""
    smtp = parts.settings.smtp
    return Side(
        controllers=[HealthQueries, openapi, front, page, AccountPages, *([] if smtp else [MailboxPages])],
        dependencies={
            "health": parts.health,
            "metrics_token": parts.settings.metrics_token.reveal(),
            **({} if smtp else {"mailbox": parts.mailbox}),
        },
    )


def assemble(parts: Parts, streams: Streams, *, commands: bool = True, queries: bool = True) -> Correlate:
    """The application a server serves; `streams` is closed by whoever stops the server."""
    sides = [operating_side(parts)]
    if commands:
        sides.append(command_side(parts))
    if queries:
        sides.append(query_side(parts, streams))
    settings = parts.settings
    edge = Edge(parts.authentication, parts.ids, parts.positions, settings.max_body_bytes, settings.cors_origins, settings.trusted_proxies)
    return served(edge, sides)
