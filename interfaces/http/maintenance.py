"""While the service is kept for maintenance it only reads: one rule for every route that changes something."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from anyio import to_thread
from litestar import Request

from interfaces.http.errors import Problem
from projections.operations import Maintenance, Operations
from projections.ports import Unavailable

ALWAYS = "always"
"""The option of a route that takes commands during maintenance too: operators' own, and those by which they sign in."""

FRESH = 1.0
"""Seconds within which every server knows."""

AGAIN = "60"
"""After how many seconds a caller may ask again."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def refused_during_maintenance(operations: Operations) -> Callable[[Request[Any, Any, Any]], Awaitable[None]]:
    """The hook of a server, which looks at the switch at most once a second, whatever comes in."""
    known: tuple[float, Maintenance | None] = (float("-inf"), None)

    async def look() -> Maintenance | None:
        nonlocal known
        looked_at, found = known
        if monotonic() - looked_at > FRESH:
            known = (monotonic(), found)  # of many who come at once, one looks
            try:
                found = await to_thread.run_sync(operations.maintenance)
            except Unavailable:
                return found  # without Postgres a command fails by itself
            known = (monotonic(), found)
        return found

    async def refuse(request: Request[Any, Any, Any]) -> None:
        if request.method in READING or request.route_handler.opt.get(ALWAYS):
            return
        found = await look()
        if found is not None and found.read_only:
            raise Problem(503, "read_only", f"Only reading is possible for now: {found.reason}", headers={"Retry-After": AGAIN})

    return refuse
