"""One application for one town after another: its routes are registered once, and what they are given is each town's own.

To register seven hundred routes takes 0.4 s, longer than most journeys; a server does it once as well.
"""

import gc
from collections import defaultdict
from collections.abc import Generator, Hashable, Sequence
from contextlib import contextmanager
from typing import Any

from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.types import Empty, LifespanHook

from interfaces.http.app import Before, Edge, Side, create_app, given_by, served
from interfaces.http.assembly import edge_of, sides_of
from interfaces.http.middleware.correlate import Correlate
from interfaces.http.streams import Streams

FREE: defaultdict[Hashable, list[Litestar]] = defaultdict(list)
"""What no town has just now, by what is decided when an application is made: its controllers, what these ask for, and its limits."""


@contextmanager
def staged(parts: Any, streams: Streams) -> Generator[Correlate]:
    """As `assemble`, until the town is closed."""
    edge, sides = edge_of(parts), sides_of(parts, streams)
    kind = (
        edge.max_body_bytes,
        tuple(edge.cors_origins),
        *((tuple(side.controllers), frozenset(side.dependencies), frozenset(side.providers)) for side in sides),
    )
    if FREE[kind]:
        app = FREE[kind].pop()
        give(app, edge, sides)
    else:
        app = made(edge, sides)
    yield served(edge, app)
    FREE[kind].append(app)


def made(edge: Edge, sides: Sequence[Side]) -> Litestar:
    gc.disable()  # as servers do while they begin
    try:
        return create_app(edge, sides)
    finally:
        gc.enable()


def give(app: Litestar, edge: Edge, sides: Sequence[Side]) -> None:
    """Put these parts in the place of the former ones, wherever an application has them."""
    app.state.update({"authentication": edge.authentication, "positions": edge.positions})
    app.on_shutdown = list[LifespanHook](each for side in sides for each in side.ending)
    before = app.before_request
    assert isinstance(before, Before)
    before.hooks = Before(sides).hooks
    given = given_by(sides)
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for _, model in route.route_handler_map.values():
                for each in (each for batch in model.dependency_batches for each in batch):
                    each.provide.dependency, each.provide.value = given[each.key].dependency, Empty
