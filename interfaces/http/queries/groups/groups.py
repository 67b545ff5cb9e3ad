"""Groups that buy together, as everybody sees them, and as their members and organisers do."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from anyio import to_thread
from litestar import Controller, Request, Response
from litestar.params import FromPath
from msgspec import Struct

from domain.groups import lifecycle
from domain.groups.ids import contribution_id
from domain.groups.lifecycle import next_actions, outsider
from domain.groups.values import Status, Visibility
from domain.values import Actor, Value
from interfaces.http.answers import JSON, with_fields
from interfaces.http.caller import Caller, anyone
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.queries.together import Together
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.waiting import caught_up
from projections.groups import members, timeline
from projections.groups.members import Membership, Standing
from projections.groups.page import (
    OPEN,
    seen_by,
    view,
)
from projections.groups.shown import (
    GroupPage,
    StoredGroup,
)
from projections.groups.supply.seats import supplier_of
from projections.groups.timeline import GroupStep
from projections.ports import Clock, Documents, Found, Journals

Part = lifecycle.Membership

PARTS = {Standing.QUEUED: Part.QUEUED, Standing.RESERVED: Part.JOINED, Standing.PAID: Part.PAID}

stored = msgspec.json.Decoder(StoredGroup)


class Brief(Value, frozen=True):
    """What of a group its caller's next steps depend on."""

    id: UUID
    organiser_id: UUID
    seller_id: UUID
    visibility: Visibility
    status: Status
    deadline: datetime
    extended: bool


brief = msgspec.json.Decoder(Brief)


class ShownGroup(GroupPage, frozen=True, kw_only=True):
    """`secondsLeft` counts down to the deadline while people may join; null otherwise. `membership` is the caller's own, if any."""

    seconds_left: int | None
    actions: list[str]
    membership: Membership | None


class GroupTimeline(Struct, frozen=True):
    items: list[GroupStep]
    next: str | None


class GroupQueries(Controller):
    path = "/v1/groups"
    tags = ("groups",)

    @get("/{group_id:uuid}", guards=[anyone], opt={"projection": view.name}, responses=problems("group_not_found"))
    async def one(
        self,
        group_id: FromPath[UUID],
        request: Request[Any, Any, Any],
        caller: Given[Caller],
        group_rows: Given[Together],
        memberships: Given[Together],
        documents: Given[Documents],
        clock: Given[Clock],
    ) -> Response[ShownGroup]:
        """Terms, progress, price and the next price step, with what the caller may do next; 404 also for what he is not invited to.

        Only what is paid for counts towards the minimum and lowers the price. `conditions` are what one agrees to by joining.
        """
        part: Found | None = None
        if caller.known:
            await caught_up(request, members.view.name)
            found, part = await asyncio.gather(group_rows.one(group_id), memberships.one(contribution_id(group_id, caller.id)))
        else:
            found = await group_rows.one(group_id)
        group = await looked_at(found, caller.actor, documents)
        answer: Any = Response(shown(group, part, caller, clock()), media_type=JSON, headers={"ETag": f'"{group.version}"'})
        return answer

    @get(
        "/{group_id:uuid}/timeline",
        guards=[anyone],
        sync_to_thread=True,
        opt={"projection": timeline.journal.name},
        responses=problems("group_not_found", "bad_cursor"),
    )
    def timeline(
        self,
        group_id: FromPath[UUID],
        caller: Given[Caller],
        documents: Given[Documents],
        journals: Given[Journals],
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> GroupTimeline:
        """What has happened to a group, the latest first; who did it is not told."""
        visible(documents.one(view, group_id), caller.actor, documents)
        found = journals.page(timeline.journal, timeline.steps_of(group_id), limit=limit, cursor=cursor)
        return GroupTimeline([each.row for each in found.items], found.next)


def visible(found: Found | None, by: Actor, documents: Documents) -> Found:
    """404 where there is no such group, or none that may be seen; all who act for its supplier see it."""
    if found is None or not (seen_by(found.columns, by) or found.columns["page_supplier_id"] == supplier_of(documents, by.id)):
        raise Problem(404, "group_not_found")
    return found


async def looked_at(found: Found | None, by: Actor, documents: Documents) -> Found:
    """As `visible`, without holding others up in the seldom case that something must be looked up for it."""
    if found is None or seen_by(found.columns, by):
        return visible(found, by, documents)
    return await to_thread.run_sync(visible, found, by, documents)


def shown(found: Found, part: Found | None, caller: Caller, now: datetime) -> bytes:
    """The page as it is stored, and what depends on who asks and when."""
    row = stored.decode(found.document)
    return with_fields(row.page, beside(row, part, caller, now))


def beside(row: StoredGroup, part: Found | None, caller: Caller, now: datetime) -> dict[str, Any]:
    group = brief.decode(row.page)
    left = max(0, int((group.deadline - now).total_seconds())) if group.status in OPEN else None
    actions = actions_of(group, row, part, caller) if caller.known else []
    return {"secondsLeft": left, "actions": actions, "membership": part and part.document}


def actions_of(group: Brief, row: StoredGroup, part: Found | None, caller: Caller) -> list[str]:
    """Who never had a part stands as one who has left."""
    standing = Standing(part.columns["standing"]) if part else Standing.LEFT
    removed = standing is Standing.REMOVED
    own = PARTS.get(standing) or outsider(caller.id, group.organiser_id, group.seller_id, group.visibility, row.invited, removed=removed)
    return next_actions(group.organiser_id, group.status, own, caller.actor, extended=group.extended, stuck=bool(row.failing))
