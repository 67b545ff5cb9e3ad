"""Who takes part in a group: by first name for everybody who may see it, wholly for its organiser and for staff."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.values import Actor, Role, Value
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import problems
from interfaces.http.queries.groups.groups import visible
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.groups import page
from projections.groups.members import OLDEST_FIRST, Membership, Standing, members_of, view
from projections.ports import Documents
from projections.sql import among
from projections.users import profile

Stand = Annotated[Standing | None, QueryParameter(description="Only those who stand so; else all who take part or wait to.")]


class Named(Value, frozen=True):
    name: str


class GroupMember(Value, frozen=True):
    """`name` is the first name with the initial of the last, or nothing of somebody forgotten.

    For the organiser, staff and the member himself it is the whole name, and `membership` says the rest; null for others.
    """

    name: str
    quantity: int
    standing: Standing
    joined_at: datetime
    membership: Membership | None


class GroupMemberList(Struct, frozen=True):
    items: list[GroupMember]
    next: str | None


member = msgspec.json.Decoder(Membership)
named = msgspec.json.Decoder(Named)


class GroupMemberQueries(Controller):
    path = "/v1/groups/{group_id:uuid}/members"
    tags = ("groups",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("group_not_found", "bad_cursor"))
    def members(
        self,
        group_id: FromPath[UUID],
        caller: Given[Caller],
        documents: Given[Documents],
        standing: Stand = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> GroupMemberList:
        """The members of a group and who waits for a place, in the order in which they joined."""
        group = visible(documents.one(page.view, group_id), caller.actor, documents)
        found = documents.page(view, members_of(group_id, standing), limit=limit, cursor=cursor, order=OLDEST_FIRST)
        rows = [member.decode(each.document) for each in found.items]
        names = names_of(documents, [each.member_id for each in rows])
        wholly = runs(group.columns["page_organiser_id"], caller.actor)
        return GroupMemberList([listed(each, names, wholly=wholly or each.member_id == caller.id) for each in rows], found.next)


def runs(organiser_id: UUID, by: Actor) -> bool:
    return by.id == organiser_id or by.is_any(Role.STAFF, Role.MODERATOR, Role.ADMIN)


def names_of(documents: Documents, people: Sequence[UUID]) -> Mapping[UUID | str, str]:
    found = documents.page(profile.view, among(profile.view, people), limit=max(1, len(people)))
    return {each.key: named.decode(each.document).name for each in found.items}


def listed(row: Membership, names: Mapping[UUID | str, str], *, wholly: bool) -> GroupMember:
    name = names.get(row.member_id, "")
    return GroupMember(name if wholly else short(name), row.quantity, row.standing, row.joined_at, row if wholly else None)


def short(name: str) -> str:
    """The first name with the initial of the last: «Ana S.» of Ana Maria Sousa."""
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0]}." if others else first
