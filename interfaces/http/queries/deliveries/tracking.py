"""Following a delivery on its way, now and then or all the time."""

import asyncio
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
from anyio import to_thread
from litestar import Controller, Request
from litestar.params import FromPath

from interfaces.http.caller import Caller, identify, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.streams import EVENT_STREAM, EventStream, Streams, follow, message
from interfaces.http.waiting import caught_up
from projections.deliveries import couriers, delivery
from projections.deliveries.tracking import Track, Whereabouts, carried, mark, track
from projections.ports import Clock, Documents, Unavailable

LOOKS_EVERY = 1.0
"""Seconds between two looks of a stream: couriers' devices tell more rarely than that."""

decoder = msgspec.json.Decoder(delivery.DeliveryPage)


class Following:
    """One caller's view of one delivery."""

    def __init__(self, delivery_id: UUID, caller: Caller, documents: Documents, whereabouts: Whereabouts, clock: Clock) -> None:
        self._delivery_id = delivery_id
        self._caller = caller
        self._documents = documents
        self._whereabouts = whereabouts
        self._clock = clock

    def now(self) -> tuple[Track, int]:
        """Where it is, with the mark of that."""
        found = self._documents.one(delivery.view, self._delivery_id, delivery.visible_to(self._caller.actor))
        if found is None:
            raise Problem(404, "delivery_not_found")
        page = decoder.decode(found.document)
        if page.courier_id is None or not carried(page):
            return track(page, None, None, self._clock()), mark(page, None)
        seen = self._whereabouts.last([page.courier_id]).get(page.courier_id)
        roster = self._documents.one(couriers.view, page.courier_id)
        return track(page, seen, roster and roster.columns["speed"], self._clock()), mark(page, seen)


class TrackingQueries(Controller):
    path = "/v1/deliveries/{delivery_id:uuid}/track"
    tags = ("deliveries",)

    @get("/", guards=[signed_in], opt={"feed": True}, responses=problems("delivery_not_found"))
    async def follow(
        self,
        delivery_id: FromPath[UUID],
        request: Request[Any, Any, Any],
        caller: Given[Caller],
        documents: Given[Documents],
        whereabouts: Given[Whereabouts],
        clock: Given[Clock],
        streams: Given[Streams],
    ) -> Track:
        """Where the delivery is and when it arrives, for those whom it concerns; with `Accept: text/event-stream` at every change."""
        await caught_up(request, delivery.view.name)
        following = Following(delivery_id, caller, documents, whereabouts, clock)
        if EVENT_STREAM not in request.headers.get("accept", ""):
            return (await to_thread.run_sync(following.now))[0]

        async def look() -> tuple[Track, int]:
            return await to_thread.run_sync(following.now, limiter=streams.limiter)

        async def messages(behind: int) -> tuple[list[bytes], int]:
            found, marked = await look()
            return ([message(marked, "track", msgspec.json.encode(found))], marked) if marked > behind else ([], behind)

        async def grown(wanted: int, seconds: float) -> bool:
            until = monotonic() + seconds
            while monotonic() < until:
                await asyncio.sleep(LOOKS_EVERY)
                if (await look())[1] >= wanted:
                    return True
            return False

        async def allowed() -> bool:
            try:
                await identify(request)
            except (Problem, Unavailable):
                return False
            return True

        answer: Any = EventStream(follow(streams, await messages(0), messages, grown, allowed))
        return answer
