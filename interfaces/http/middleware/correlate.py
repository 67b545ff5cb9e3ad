"""What surrounds every request: a correlation id, one log line, and the counters that operators watch."""

from collections.abc import Callable
from functools import lru_cache
from time import perf_counter
from typing import Any
from uuid import UUID

import structlog
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

REQUESTS = Counter("tradewind_http_requests_total", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "tradewind_http_request_seconds",
    "Time to answer.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

HEADER = b"correlation-id"
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

logger = structlog.get_logger(__name__)


class Correlate:
    """Gives every request a correlation id (the caller's `Correlation-Id`, if it is a UUID), answered in the same header."""

    def __init__(self, app: ASGIApp, ids: Callable[[], UUID]) -> None:
        self.app = app
        self.ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        correlation = given(scope) or self.ids()
        scope["correlation_id"] = correlation  # type: ignore[typeddict-unknown-key]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=str(correlation))
        started, status = perf_counter(), 500

        async def answering(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, str(correlation).encode())]
            await send(message)

        try:
            await self.app(scope, receive, answering)
        finally:
            record(scope, status, perf_counter() - started)


def given(scope: Any) -> UUID | None:
    for name, value in scope["headers"]:
        if name == HEADER:
            try:
                return UUID(value.decode("ascii"))
            except ValueError:
                return None
    return None


def record(scope: Any, status: int, seconds: float) -> None:
    # The route's pattern, never the path: ids would make endless series.
    route = scope.get("path_template") or "unmatched"
    method = scope["method"] if scope["method"] in METHODS else "other"
    requests, times = counters(method, route, status)
    requests.inc()
    times.observe(seconds)
    if not route.startswith("/health"):
        logger.info("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))


@lru_cache(2000)
def counters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, route, status), SECONDS.labels(method, route)
