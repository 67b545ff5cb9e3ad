"""The caller's own groups: those he takes part in, those he organises and those that buy from him."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Raw, Struct

from domain.groups.ids import contribution_id
from interfaces.http.answers import JSON
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import problems
from interfaces.http.queries.groups.groups import ShownGroup, shown
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.groups import members, page
from projections.groups.page import NEWEST_FIRST, organised_by, supplied_by
from projections.groups.supply.seats import supplier_of
from projections.ports import Clock, Documents, Found
from projections.sql import among
from projections.view import Key, View


class Mine(StrEnum):
    JOINED = "joined"
    ORGANISED = "organised"
    SUPPLIED = "supplied"


Side = Annotated[
    Mine,
    QueryParameter(description="Those one takes part in or waits for, organises, or supplies, also for a company."),
]


class GroupList(Struct, frozen=True):
    items: list[ShownGroup]
    next: str | None


class MyGroupQueries(Controller):
    path = "/v1/me/groups"
    tags = ("groups",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": members.view.name}, responses=problems("bad_cursor"))
    def mine(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        clock: Given[Clock],
        side: Side = Mine.JOINED,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[GroupList]:
        """The caller's groups with his own part in them, the newest first."""
        pairs, following = joined(caller, documents, limit, cursor) if side is Mine.JOINED else run(side, caller, documents, limit, cursor)
        items = [Raw(shown(group, part, caller, clock())) for group, part in pairs]
        answer: Any = Response(msgspec.json.encode({"items": items, "next": following}), media_type=JSON)
        return answer


Pairs = Sequence[tuple[Found, Found | None]]


def joined(caller: Caller, documents: Documents, limit: int, cursor: str | None) -> tuple[Pairs, str | None]:
    parts = documents.page(members.view, members.parts_of(caller.id), limit=limit, cursor=cursor, order=members.NEWEST_FIRST)
    groups = rows(documents, page.view, [each.columns["group_id"] for each in parts.items])
    # The page may be a moment behind the members.
    return [(groups[id], each) for each in parts.items if (id := each.columns["group_id"]) in groups], parts.next


def run(side: Mine, caller: Caller, documents: Documents, limit: int, cursor: str | None) -> tuple[Pairs, str | None]:
    where = organised_by(caller.id) if side is Mine.ORGANISED else supplied_by(caller.id, supplier_of(documents, caller.id))
    groups = documents.page(page.view, where, limit=limit, cursor=cursor, order=NEWEST_FIRST)
    return with_parts(groups.items, caller, documents), groups.next


def with_parts(groups: Sequence[Found], caller: Caller, documents: Documents) -> Pairs:
    """Each group with the caller's own part in it; one statement for all."""
    if not caller.known or not groups:
        return [(each, None) for each in groups]
    parts = rows(documents, members.view, [contribution_id(own(each.key), caller.id) for each in groups])
    return [(each, parts.get(contribution_id(own(each.key), caller.id))) for each in groups]


def own(key: Key) -> UUID:
    return key if isinstance(key, UUID) else UUID(key)


def rows(documents: Documents, view: View[Any], keys: Sequence[UUID]) -> Mapping[Key, Found]:
    found = documents.page(view, among(view, keys), limit=max(1, len(keys)))
    return {each.key: each for each in found.items}
