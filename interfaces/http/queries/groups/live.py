"""A group's progress as it happens, for those who look on."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request
from litestar.params import FromPath

from domain.groups.values import Status
from domain.values import Money, Value
from interfaces.http.caller import Caller, anyone, identify
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.groups.groups import looked_at, stored
from interfaces.http.queries.groups.watch import Watch
from interfaces.http.queries.together import Together
from interfaces.http.requests import Given, header
from interfaces.http.routes import get
from interfaces.http.streams import EVENT_STREAM, EventStream, Streams, follow, message
from interfaces.http.waiting import caught_up
from projections.groups.page import view
from projections.groups.shown import (
    NextPrice,
    Progress,
)
from projections.ports import Documents, Found, Unavailable


class LiveGroup(Value, frozen=True):
    """What of a group changes while people join."""

    id: UUID
    status: Status
    price: Money
    next_price: NextPrice | None
    progress: Progress
    deadline: datetime
    changed_at: datetime


live = msgspec.json.Decoder(LiveGroup)


class GroupLive(Controller):
    path = "/v1/groups/{group_id:uuid}/live"
    tags = ("groups",)

    @get("/", guards=[anyone], opt={"feed": True}, responses=problems("group_not_found", "too_many_followers"))
    async def live(
        self,
        group_id: FromPath[UUID],
        request: Request[Any, Any, Any],
        caller: Given[Caller],
        group_rows: Given[Together],
        group_watch: Given[Watch],
        documents: Given[Documents],
        streams: Given[Streams],
    ) -> LiveGroup:
        """Progress, price and status; with `Accept: text/event-stream` a `progress` event at every change.

        Changes that come close together are told as one. An event's id is the group's version; a client that comes back with it as
        `Last-Event-ID` is told nothing that it has already.
        """
        await caught_up(request, view.name)
        found = await looked_at(await group_rows.one(group_id), caller.actor, documents)
        if EVENT_STREAM not in request.headers.get("accept", ""):
            return progress(found)
        group_watch.require_room()
        last = header(request, "last-event-id", int) or 0
        answer: Any = EventStream(events(group_id, found, last, request, group_watch, streams))
        return answer


async def events(
    group_id: UUID, found: Found, last: int, request: Request[Any, Any, Any], watch: Watch, streams: Streams
) -> AsyncIterator[bytes]:
    newest = found

    async def grown(version: int, seconds: float) -> bool:
        nonlocal newest
        row = await watch.newer(group_id, version, seconds)
        newest = newest if row is None else row
        return row is not None

    async def messages(behind: int) -> tuple[list[bytes], int]:
        return ([told(newest)], newest.version) if newest.version > behind else ([], behind)

    async def allowed() -> bool:
        try:
            await identify(request)
        except (Problem, Unavailable):
            return False
        return True

    with watch.following():
        async for each in follow(streams, await messages(last), messages, grown, allowed):
            yield each


def progress(found: Found) -> LiveGroup:
    return live.decode(stored.decode(found.document).page)


def told(found: Found) -> bytes:
    return message(found.version, "progress", msgspec.json.encode(progress(found)))
