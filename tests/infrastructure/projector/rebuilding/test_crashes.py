"""A builder killed between any two steps of a switch, or of a rebuild: what is served is right, and another ends what was begun."""

import os
import signal
from collections.abc import Callable
from itertools import count
from typing import Any, cast

import psycopg
import pytest
from opensearchpy import Transport
from redis import Redis

from infrastructure.projector.rebuilding.opensearch import OpenSearchSite
from infrastructure.projector.rebuilding.postgres import PostgresSite
from infrastructure.projector.rebuilding.redis import RedisSite
from tests.fakes.boats import Moored, Painted, boat
from tests.infrastructure.projector.rebuilding.yard import Yard

SITES: tuple[type[Any], ...] = (PostgresSite, RedisSite, OpenSearchSite)
CALLS = ((psycopg.Connection, "execute"), (Redis, "execute_command"), (Transport, "perform_request"))


def killed(yard: Yard, method: str, step: int) -> bool:
    """Build in a process of its own, which dies after so many requests to any engine within a method of the site; whether it did."""
    child = os.fork()
    if child == 0:
        with pytest.MonkeyPatch.context() as patch:
            arm(patch, method, step)
            builder = yard.another(batch=7)
            while builder.turn():
                pass
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def arm(patch: pytest.MonkeyPatch, method: str, step: int) -> None:
    within: list[int] = []

    def counting(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            answer = original(*args, **kwargs)
            if within:
                within[0] += 1
                if within[0] > step:
                    os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return call

    def watched(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            within[:] = [0]
            try:
                return original(*args)
            finally:
                within.clear()

        return call

    for target, name in CALLS:
        patch.setattr(target, name, counting(cast("Callable[..., Any]", getattr(target, name))))
    for site in SITES:
        patch.setattr(site, method, watched(cast("Callable[..., Any]", getattr(site, method))))


@pytest.mark.parametrize(("method", "steps"), [("begin", 1), ("finish", 0), ("switch", 3)])
def test_whatever_moment_it_is_killed_at_another_ends_what_was_begun(yard: Yard, method: str, steps: int):
    done = 0
    for step in count():
        yard.worker.close()
        yard.builder.close()
        yard.asked_for()
        died = killed(yard, method, step)
        assert yard.right()
        number = 10 + step
        yard.log.add(boat(number), Moored(boat(number), "meanwhile"), Painted(boat(number), "red"))
        yard.caught_up()
        yard.build()
        assert yard.last.state == "switched"
        assert yard.generation() == step + 2
        assert yard.right()
        yard.log.add(boat(number), Painted(boat(number), "blue"))
        yard.caught_up()
        assert yard.right()
        if not died:
            break
        done += 1
    assert done >= steps
