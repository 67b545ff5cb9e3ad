"""How a step in a thing's life is declared as a route: a verb below the thing's address, the same for every family."""

from collections.abc import Callable

from litestar.types import Guard

from interfaces.http.dispatch import KEYED
from interfaces.http.errors import problems
from interfaces.http.routes import Route, post


def steps(thing: str, *always: str) -> Callable[..., Route]:
    """The steps of what the path parameter `thing` names (empty: the controller's own path does); `always` are the refusals of all."""

    def step(name: str, who: Guard, *refusals: str, keyed: bool = False) -> Route:
        """`refusals` are the step's own; `keyed` where money moves."""
        return post(
            f"{thing}/{name}",
            status_code=200,
            guards=[who],
            sync_to_thread=True,
            opt={KEYED: True} if keyed else {},
            responses=problems(*always, *refusals),
        )

    return step
