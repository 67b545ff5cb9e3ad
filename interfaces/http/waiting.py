"""Read your writes: a query with `Min-Position` waits until its read model has come that far."""

from typing import Any, Protocol, runtime_checkable

from litestar import Request

from interfaces.http.errors import Problem
from interfaces.http.requests import header

SECONDS = 5.0
"""How long a query waits at most."""


@runtime_checkable
class Positions(Protocol):
    async def wait_for(self, projection: str, position: int, seconds: float) -> bool:
        """Whether the projection reached the position within so many seconds."""
        ...


async def wait_for_position(request: Request[Any, Any, Any]) -> None:
    """Before a route that names its read model by `opt={"projection": …}`."""
    projection = request.route_handler.opt.get("projection")
    if projection is not None:
        await caught_up(request, projection)


async def caught_up(request: Request[Any, Any, Any], projection: str) -> None:
    """Wait for the read model, where the request has a `Min-Position`.

    503 `not_caught_up` with Retry-After where it is too far behind.
    """
    position = header(request, "min-position", int)
    if position is None:
        return
    if not 0 <= position < 2**63:
        raise Problem(400, "invalid_header", "A position is a number that a command answered.", parameter="Min-Position")
    positions: Positions = request.app.state.positions
    if not await positions.wait_for(projection, position, SECONDS):
        raise Problem(503, "not_caught_up", f"{projection} has not reached {position} yet.", headers={"Retry-After": "1"})
