"""A group's conversation for those who have a say in it, and what moderators are to look at."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.conversations.events import Status, Voice
from domain.conversations.lifecycle import moderating, next_actions
from domain.groups.ids import contribution_id
from domain.values import Actor, Role
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, requires, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.conversations import messages, reports
from projections.conversations.messages import Message, status_of
from projections.conversations.reports import ReportedMessage
from projections.groups import members
from projections.groups import page as groups
from projections.groups.supply.seats import supplier_of
from projections.ports import Clock, Documents, Found

PRESENT = frozenset({members.Standing.RESERVED, members.Standing.PAID})


class Direction(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"


ORDERS = {Direction.NEWEST: messages.NEWEST_FIRST, Direction.OLDEST: messages.OLDEST_FIRST}


class ShownMessage(Message, frozen=True, kw_only=True):
    actions: list[str]


class ShownReport(ReportedMessage, frozen=True, kw_only=True):
    actions: list[str]


class MessageList(Struct, frozen=True):
    items: list[ShownMessage]
    next: str | None


class ReportedMessageList(Struct, frozen=True):
    items: list[ShownReport]
    next: str | None


def voices(documents: Documents, group_id: UUID, by: Actor) -> frozenset[Voice]:
    """What gives the caller a say in the group. 404 `group_not_found`, 403 `not_yours` where nothing does."""
    group = documents.one(groups.view, group_id)
    if group is None:
        raise Problem(404, "group_not_found")
    found = set(moderating(by))
    if group.columns["page_organiser_id"] == by.id:
        found.add(Voice.ORGANISER)
    member = documents.one(members.view, contribution_id(group_id, by.id))
    if member is not None and member.columns["standing"] in PRESENT:
        found.add(Voice.MEMBER)
    if supplier_of(documents, by.id) == group.columns["page_supplier_id"]:
        found.add(Voice.SUPPLIER)
    if not found:
        raise Problem(403, "not_yours", "Only people of the group read here.")
    return frozenset(found)


def offered(found: Found, status: Status, heard: frozenset[Voice], by: Actor, now: datetime) -> list[str]:
    return next_actions(found.columns["author_id"], status, found.columns["posted_at"], heard, by, now)


class MessageQueries(Controller):
    path = "/v1/groups/{group_id:uuid}/messages"
    tags = ("conversations",)

    @get(
        "/",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": messages.view.name},
        responses=problems("group_not_found", "not_yours", "bad_cursor"),
    )
    def said(
        self,
        group_id: FromPath[UUID],
        caller: Given[Caller],
        documents: Given[Documents],
        clock: Given[Clock],
        order: Annotated[Direction, QueryParameter(description="From the newest back, or from the oldest on.")] = Direction.NEWEST,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[MessageList]:
        """What was said in a group, announcements among it: for members, organiser, the supplier's people and moderators."""
        heard, now = voices(documents, group_id, caller.actor), clock()

        def shown(each: Found) -> dict[str, Any]:
            return {"actions": offered(each, status_of(gone=each.columns["gone"]), heard, caller.actor, now)}

        found = documents.page(messages.view, messages.said_in(group_id), limit=limit, cursor=cursor, order=ORDERS[order])
        answer: Any = page(found, shown)
        return answer

    @get(
        "/{message_id:uuid}",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": messages.view.name},
        responses=problems("group_not_found", "message_not_found", "not_yours"),
    )
    def one_message(
        self,
        group_id: FromPath[UUID],
        message_id: FromPath[UUID],
        caller: Given[Caller],
        documents: Given[Documents],
        clock: Given[Clock],
    ) -> Response[ShownMessage]:
        """One message, for the same people."""
        heard = voices(documents, group_id, caller.actor)
        found = documents.one(messages.view, message_id, messages.said_in(group_id))
        if found is None:
            raise Problem(404, "message_not_found")
        answer: Any = document(found, actions=offered(found, status_of(gone=found.columns["gone"]), heard, caller.actor, clock()))
        return answer


class MessageModeration(Controller):
    path = "/v1/moderation/messages"
    tags = ("moderation",)

    @get(
        "/",
        guards=[requires(Role.MODERATOR, Role.ADMIN)],
        sync_to_thread=True,
        opt={"projection": reports.view.name},
        responses=problems("bad_cursor"),
    )
    def reported(
        self, caller: Given[Caller], documents: Given[Documents], clock: Given[Clock], limit: Limit = 20, cursor: Cursor = None
    ) -> Response[ReportedMessageList]:
        """Reported messages that nobody has kept or removed yet, the longest wait first."""
        found = documents.page(reports.view, reports.WAITING, limit=limit, cursor=cursor, order=reports.LONGEST_WAIT_FIRST)
        by, now = caller.actor, clock()
        answer: Any = page(found, lambda each: {"actions": offered(each, Status.REPORTED, moderating(by), by, now)})
        return answer
