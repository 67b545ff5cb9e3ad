"""Which controllers are served, and what they are given: the table of contents of the HTTP interface."""

from collections.abc import Sequence
from typing import Any

from litestar import Request
from litestar.di import Provide

from interfaces.http import dispatch
from interfaces.http.app import Edge, Side, create_app, served
from interfaces.http.commands import CONTROLLERS as COMMANDS
from interfaces.http.dispatch import Dispatch
from interfaces.http.maintenance import refused_during_maintenance
from interfaces.http.middleware.correlate import Correlate
from interfaces.http.openapi import asyncapi, front, openapi, page
from interfaces.http.pages.account import AccountPages
from interfaces.http.pages.dev.mailbox import GuardedMailboxPages, MailboxPages
from interfaces.http.pages.dev.sandbox import SandboxPages
from interfaces.http.pages.dev.subscriptions import SandboxSubscriptionPages
from interfaces.http.pages.dev.textbox import GuardedTextboxPages, TextboxPages
from interfaces.http.pages.groups import PublicGroupPage
from interfaces.http.pages.joining import JoinPage, ways_of
from interfaces.http.pages.passes import PassPages
from interfaces.http.pages.paying import PayPage, ReturnPages
from interfaces.http.queries import CONTROLLERS as QUERIES
from interfaces.http.queries.audit.recording import Audited
from interfaces.http.queries.groups.watch import Watch
from interfaces.http.queries.health import HealthQueries
from interfaces.http.queries.metrics import MetricsQueries
from interfaces.http.queries.tails import Tails
from interfaces.http.queries.together import Together
from interfaces.http.shopper import Shopper, shopper_of
from interfaces.http.streams import Streams
from interfaces.http.webhooks import CONTROLLERS as WEBHOOKS
from projections.groups import members as group_members
from projections.groups import page as group_page
from projections.listings import page as listing_page

Parts = Any
"""The composition root, which offers its parts as attributes; contracts keep it out of reach by name."""

ACCOUNTS = (
    "attempts",
    "register",
    "change_standing",
    "sign_in",
    "ask_code",
    "sign_in_by_phone",
    "leave_session",
    "refresh",
    "send_link",
    "redeem_link",
    "change_email",
    "add_phone",
    "change_password",
    "redeem_reset",
    "make_key",
    "revoke_key",
)
"""What signs people and services in, by the names under which routes ask for it."""

OFFERING = (
    "ask_seller",
    "keep_favourite",
    "draft_product",
    "set_variants",
    "put_on_offer",
    "put_first",
    "show_images",
    "take_from_offer",
)
"""What offers listings, likewise."""

SELLING = ("put_in_cart", "merge_carts", "take_up_cart", "reorder", "quotes", "check_out", "change_address", "handle")
"""What sells, likewise."""

CARRYING = ("assign", "hand_over", "track", "enrol")
"""What delivers, likewise."""

SUPPLYING = (
    "sign_up_supplier",
    "correct_supplier",
    "judge_supplier",
    "invite_colleague",
    "change_staffing",
    "add_paper",
    "bring_catalogue",
    "rate_supplier",
)
"""What suppliers are managed by, likewise."""

HANDING_OUT = ("replace_pass", "reconcile_passes")
"""What counters hand out by, likewise."""

SHOWING_PASSES = ("pass_tokens", "pass_pictures", "file_signer")
"""What passes are shown by, likewise."""


def command_side(parts: Parts, streams: Streams) -> Side:
    def provide_dispatch(request: Request[Any, Any, Any]) -> Dispatch:
        return Dispatch(request, parts.handle, parts.clock, parts.ids)

    return Side(
        controllers=[*COMMANDS, *WEBHOOKS],
        dependencies={
            **{name: parts.signing_in.commands[name] for name in ACCOUNTS},
            **{name: parts.carrying.commands[name] for name in CARRYING},
            "await_stock": parts.messaging.commands["await_stock"],
            **{name: parts.listing.commands[name] for name in OFFERING},
            **{name: parts.selling.commands[name] for name in SELLING},
            **{name: parts.handing_out.commands[name] for name in HANDING_OUT},
            "ask_erasure": parts.forgetting.commands["ask_erasure"],
            "clock": parts.clock,
            "converse": parts.converse,
            "start_group": parts.start_group,
            "supply": parts.supply,
            "start_import": parts.start_import,
            "retry_payment": parts.paying.retry,
            "providers": parts.paying.providers,
            "payment_messages": parts.paying.books,
            "payment_queue": parts.paying.books,
            "contribute": parts.paying.contribute,
            "pay_at": parts.paying.pay_at,
            "pay_out": parts.paying.pay_out,
            "start_recurring": parts.start_recurring,
            "change_recurring": parts.change_recurring,
            "give_details": parts.give_details,
            "tend": parts.tend,
            "tend_consumer": parts.consuming.tend,
            "deliveries": parts.consuming.deliveries,
            "tend_endpoint": parts.webhooks.tend,
            "positions": parts.positions,
            "streams": streams,
            "ask_tier": parts.paying.ask_tier,
            **{name: parts.supplying.commands[name] for name in SUPPLYING},
        },
        providers={"run": Provide(provide_dispatch, sync_to_thread=False), "shopper": shoppers(parts)},
        error_handlers=dispatch.HANDLERS,
        before=[refused_during_maintenance(parts.operations), dispatch.fingerprint],
    )


def query_side(parts: Parts, streams: Streams) -> Side:
    return Side(
        controllers=[*QUERIES, PublicGroupPage, JoinPage, PassPages, PayPage, ReturnPages],
        dependencies={
            "whereabouts": parts.carrying.queries["whereabouts"],
            "delivery_codes": parts.carrying.queries["delivery_codes"],
            **{name: parts.handing_out.queries[name] for name in SHOWING_PASSES},
            "access": parts.accounts,
            "audit": parts.audit,
            "audit_reads": parts.audit_reads,
            "seals": parts.sealing.proofs,
            "evidence": parts.sealing.evidence,
            "clock": parts.clock,
            "holdings": parts.forgetting.holdings,
            "consumer_groups": parts.consuming.groups,
            "log_head": parts.consuming.log_head,
            "webhook_endpoints": parts.webhooks.endpoints,
            "counts": parts.counts,
            "documents": parts.documents,
            "engine": parts.search,
            "exchange": parts.exchange,
            "feeds": parts.feeds,
            "group_rows": Together(parts.documents, group_page.view),
            "listing_rows": Together(parts.documents, listing_page.view),
            "memberships": Together(parts.documents, group_members.view),
            "group_watch": Watch(parts.documents, parts.positions, streams, group_page.view),
            "import_reports": parts.import_book,
            "journals": parts.journals,
            "papers": parts.billing.archive,
            "supplier_papers": parts.supplying.archive,
            "payment_desk": parts.paying.desk,
            "pay_tokens": parts.paying.pay_tokens,
            "checkout_desk": parts.paying.checkouts,
            "positions": parts.positions,
            "site": parts.settings.public_url,
            "app": parts.settings.app_url,
            "ways": ways_of(parts.paying.providers),
            "streams": streams,
            "tails": Tails(parts.feeds, parts.positions, streams),
        },
        providers={"shopper": shoppers(parts), "audited": recorded(parts)},
        ending=[parts.search.close],
    )


def recorded(parts: Parts) -> Provide:
    def provide_audited(request: Request[Any, Any, Any]) -> Audited:
        return Audited(parts.audit_reads, request)

    return Provide(provide_audited, sync_to_thread=False)


def shoppers(parts: Parts) -> Provide:
    def provide_shopper(request: Request[Any, Any, Any]) -> Shopper:
        return shopper_of(request, parts.selling.guests)

    return Provide(provide_shopper, sync_to_thread=False)


def operating_side(parts: Parts) -> Side:
    """What every server has: health, metrics, documentation, the pages behind mailed links, and the mailbox where mail goes there."""
    smtp, sms, bank, own = parts.settings.smtp, parts.settings.sms, parts.paying.sandbox, parts.settings.embedded
    return Side(
        controllers=[
            HealthQueries,
            MetricsQueries,
            openapi,
            asyncapi,
            front,
            page,
            AccountPages,
            *([] if smtp else [MailboxPages if own else GuardedMailboxPages]),
            *([] if sms else [TextboxPages if own else GuardedTextboxPages]),
            *([SandboxPages, SandboxSubscriptionPages] if bank else []),
        ],
        dependencies={
            "health": parts.health,
            "operations": parts.operations,
            "webhook_endpoints": parts.webhooks.endpoints,
            "consumer_groups": parts.consuming.groups,
            "metrics_token": parts.settings.metrics_token.reveal(),
            **({} if smtp else {"mailbox": parts.mailbox}),
            **({} if sms else {"textbox": parts.messaging.textbox}),
            **({"bank": bank, "club": bank.tiers} if bank else {}),
        },
    )


def sides_of(parts: Parts, streams: Streams, *, commands: bool = True, queries: bool = True) -> Sequence[Side]:
    sides = [operating_side(parts)]
    if commands:
        sides.append(command_side(parts, streams))
    if queries:
        sides.append(query_side(parts, streams))
    return sides


def edge_of(parts: Parts) -> Edge:
    settings = parts.settings
    return Edge(parts.authentication, parts.ids, parts.positions, settings.max_body_bytes, settings.cors_origins, settings.trusted_proxies)


def assemble(parts: Parts, streams: Streams, *, commands: bool = True, queries: bool = True) -> Correlate:
    """The application a server serves; `streams` is closed by whoever stops the server."""
    edge = edge_of(parts)
    return served(edge, create_app(edge, sides_of(parts, streams, commands=commands, queries=queries)))
