"""What workers of consumer groups fetch and say of it: they only move where their group reads, so maintenance does not stop them."""

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TypeVar

from anyio import to_thread
from litestar import Controller
from litestar.params import FromPath, JSONBody

from interfaces.http.caller import Caller
from interfaces.http.commands.integrations import bodies as b
from interfaces.http.commands.integrations.consumers import CONSUMERS
from interfaces.http.errors import problems
from interfaces.http.maintenance import ALWAYS
from interfaces.http.queries.feeds import named
from interfaces.http.requests import Given
from interfaces.http.routes import post
from interfaces.http.streams import Streams
from interfaces.http.waiting import Positions
from projections.feeds.consumers import Deliveries, Settled
from projections.feeds.envelope import cloud_event

LOOK = 1.0
"""Seconds after which a waiting worker looks for what others have put back; what is new in the feed wakes it at once."""

T = TypeVar("T")

moving = partial(post, status_code=200, guards=[CONSUMERS], opt={ALWAYS: True})
OF_GROUP = ("feed_not_found", "consumer_not_found", "not_yours")


class ConsumerDeliveries(Controller):
    path = "/v1/feeds/{name:str}/consumers/{consumer:str}"
    tags = ("consumers",)

    @moving("/pull", responses=problems(*OF_GROUP))
    async def pull(
        self,
        name: FromPath[str],
        consumer: FromPath[str],
        data: JSONBody[b.Pull],
        caller: Given[Caller],
        deliveries: Given[Deliveries],
        positions: Given[Positions],
        streams: Given[Streams],
    ) -> b.GivenEvents:
        """Fetch events, each with a lease within which to acknowledge it; of one subject never more than one at a time."""
        feed, deadline = named(name), monotonic() + data.wait_seconds
        while True:
            found = await few(streams, partial(deliveries.pull, feed, consumer, caller.actor, data.limit))
            left = deadline - monotonic()
            if found.items or left <= 0 or streams.closing:
                items = [b.Given(each.lease, each.attempt, each.ends_at, cloud_event(feed, each.told)) for each in found.items]
                return b.GivenEvents(items, found.more)
            if not found.more:
                await streams.either(positions.wait_for(feed.name, found.head + 1, min(left, LOOK)))

    @moving("/acknowledge", responses=problems(*OF_GROUP, "stale_lease"))
    async def acknowledge(
        self,
        name: FromPath[str],
        consumer: FromPath[str],
        data: JSONBody[b.Acknowledgement],
        caller: Given[Caller],
        deliveries: Given[Deliveries],
        streams: Given[Streams],
    ) -> b.Done:
        """Be done with events. Where none of the leases is good any longer: 409 `stale_lease`; others have the events, or are done."""
        return done(await few(streams, partial(deliveries.acknowledge, named(name), consumer, caller.actor, data.leases)))

    @moving("/reject", responses=problems(*OF_GROUP, "stale_lease"))
    async def reject(
        self,
        name: FromPath[str],
        consumer: FromPath[str],
        data: JSONBody[b.Rejection],
        caller: Given[Caller],
        deliveries: Given[Deliveries],
        streams: Given[Streams],
    ) -> b.Done:
        """Have events given again after a while; those given often enough are parked, and hold back what follows of their subject."""
        asked = data.leases, data.delay_seconds, data.reason
        return done(await few(streams, partial(deliveries.reject, named(name), consumer, caller.actor, *asked)))

    @moving("/extend", responses=problems(*OF_GROUP, "stale_lease"))
    async def extend(
        self,
        name: FromPath[str],
        consumer: FromPath[str],
        data: JSONBody[b.Extension],
        caller: Given[Caller],
        deliveries: Given[Deliveries],
        streams: Given[Streams],
    ) -> b.Done:
        """Keep events for longer than the lease says."""
        return done(await few(streams, partial(deliveries.extend, named(name), consumer, caller.actor, data.leases, data.seconds)))


async def few(streams: Streams, ask: Callable[[], T]) -> T:
    """In one of few threads: workers of one group wait for each other, and are not to take all connections while they do."""
    return await to_thread.run_sync(ask, limiter=streams.limiter)


def done(settled: Settled) -> b.Done:
    return b.Done(settled.settled, settled.parked, list(settled.stale))
