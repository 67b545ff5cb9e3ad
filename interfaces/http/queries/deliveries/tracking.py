"""Following a delivery on its way, now and then or all the time."""

import asyncio
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
from anyio import to_thread
from litestar import Controller, Request
from litestar.params import FromPath

from domain.values import Actor
from interfaces.http.caller import anyone, identify
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.shopper import Shopper, Token
from interfaces.http.streams import EVENT_STREAM, EventStream, Streams, follow, message
from interfaces.http.waiting import caught_up
from projections.deliveries import couriers, delivery
from projections.deliveries.tracking import Track, Whereabouts, carried, mark, track
from projections.ports import Clock, Documents, Unavailable

LOOKS_EVERY = 1.0
"""Seconds between two looks of a stream: couriers' devices tell more rarely than that."""

decoder = msgspec.json.Decoder(delivery.DeliveryPage)


class Following:
    """One caller's view of one delivery. A look costs two statements, and a third when there is another courier."""

    def __init__(
        self, delivery_id: UUID, by: Actor, documents: Documents, whereabouts: Whereabouts, clock: Clock, streams: Streams
    ) -> None:
        self._delivery_id = delivery_id
        self._by = by
        self._documents = documents
        self._whereabouts = whereabouts
        self._clock = clock
        self._streams = streams
        self._speeds: dict[UUID, int | None] = {}

    def now(self) -> tuple[Track, int]:
        """Where it is, with the mark of that. 404 `delivery_not_found`."""
        found = self._documents.one(delivery.view, self._delivery_id, delivery.visible_to(self._by))
        if found is None:
            raise Problem(404, "delivery_not_found")
        page = decoder.decode(found.document)
        if page.courier_id is None or not carried(page):
            return track(page, None, None, self._clock()), mark(page, None)
        seen = self._whereabouts.last([page.courier_id]).get(page.courier_id)
        return track(page, seen, self._speed(page.courier_id), self._clock()), mark(page, seen)

    def _speed(self, courier_id: UUID) -> int | None:
        if courier_id not in self._speeds:
            found = self._documents.one(couriers.view, courier_id)
            self._speeds[courier_id] = found and found.columns["speed"]
        return self._speeds[courier_id]

    async def messages(self, behind: int) -> tuple[list[bytes], int]:
        """What is told now, where that is newer than the mark."""
        found, marked = await self._look()
        return ([message(marked, "track", msgspec.json.encode(found))], marked) if marked > behind else ([], behind)

    async def grown(self, wanted: int, seconds: float) -> bool:
        """Whether there is something newer within so many seconds."""
        until = monotonic() + seconds
        while monotonic() < until:
            await asyncio.sleep(min(LOOKS_EVERY, seconds))
            if (await self._look())[1] >= wanted:
                return True
        return False

    async def _look(self) -> tuple[Track, int]:
        return await to_thread.run_sync(self.now, limiter=self._streams.limiter)


class TrackingQueries(Controller):
    path = "/v1/deliveries/{delivery_id:uuid}/track"
    tags = ("deliveries",)

    @get("/", guards=[anyone], opt={"feed": True}, responses=problems("delivery_not_found"))
    async def follow(
        self,
        delivery_id: FromPath[UUID],
        request: Request[Any, Any, Any],
        shopper: Given[Shopper],
        documents: Given[Documents],
        whereabouts: Given[Whereabouts],
        clock: Given[Clock],
        streams: Given[Streams],
        _token: Token = None,
    ) -> Track:
        """Where the delivery is and when it arrives, for those whom it concerns; with `Accept: text/event-stream` at every change."""
        await caught_up(request, delivery.view.name)
        following = Following(delivery_id, shopper.actor, documents, whereabouts, clock, streams)
        if EVENT_STREAM not in request.headers.get("accept", ""):
            return (await to_thread.run_sync(following.now))[0]

        async def allowed() -> bool:
            try:
                await identify(request)
            except (Problem, Unavailable):
                return False
            return True

        first = await following.messages(0)
        answer: Any = EventStream(follow(streams, first, following.messages, following.grown, allowed))
        return answer
