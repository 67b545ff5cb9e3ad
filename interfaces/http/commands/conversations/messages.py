"""Saying something in a group, and what becomes of it."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from application.commands.conversations.converse import Converse
from domain.conversations import commands as c
from domain.conversations.events import Attachment
from domain.conversations.message import ATTACHMENTS, NAME_LIMIT, REASON_LIMIT, TEXT_LIMIT
from domain.groups.ids import channel_id
from domain.values import Role
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import requires, signed_in
from interfaces.http.commands.steps import steps
from interfaces.http.commands.users.bodies import LIMITED
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import delete, post

MessageText = Annotated[str, Meta(min_length=1, max_length=TEXT_LIMIT, examples=["Who can bring a lorry on Saturday?"])]
SAYING = ("group_not_found", "not_yours", "muted", "too_many_attempts")
MODERATING = requires(Role.MODERATOR, Role.ADMIN)

step = steps("/{message_id:uuid}", "group_not_found", "message_not_found", "not_yours", "message_removed")


class AttachmentReference(Body, frozen=True):
    """Something that lies elsewhere: at an https `url`, or a listing."""

    name: Annotated[str, Meta(max_length=NAME_LIMIT, examples=["The lorry"])]
    media_type: Annotated[str, Meta(max_length=100, examples=["image/jpeg"])]
    url: Annotated[str, Meta(max_length=500, examples=["https://example.org/lorry.jpg"])] = ""
    listing_id: UUID | None = None

    def value(self) -> Attachment:
        return Attachment(self.name, self.media_type, self.url, self.listing_id)


class MessageBody(Body, frozen=True):
    text: MessageText
    attachments: Annotated[tuple[AttachmentReference, ...], Meta(max_length=ATTACHMENTS)] = ()

    def attached(self) -> tuple[Attachment, ...]:
        return tuple(each.value() for each in self.attachments)


class MessageEdit(Body, frozen=True):
    text: MessageText


class MessageRemoval(Body, frozen=True):
    """Whoever removes what another has said tells why."""

    reason: Annotated[str, Meta(max_length=REASON_LIMIT, examples=["An advertisement."])] = ""


class MessageReport(Body, frozen=True):
    reason: Annotated[str, Meta(min_length=1, max_length=REASON_LIMIT, examples=["He asks for money outside of the group."])]


class MutedMember(Body, frozen=True):
    member_id: UUID


class MessageCommands(Controller):
    path = "/v1/groups/{group_id:uuid}/messages"
    tags = ("conversations",)
    exception_handlers = LIMITED

    @post("/", guards=[signed_in], sync_to_thread=True, responses=problems(*SAYING))
    def say(
        self, group_id: FromPath[UUID], data: JSONBody[MessageBody], run: Given[Dispatch], converse: Given[Converse]
    ) -> Response[Accepted]:
        """Say something to members, organiser and supplier: one of these or a moderator may, 20 times a minute.

        409 `muted` where organiser or moderators have told one to be silent. 422 `text_invalid` or `attachment_invalid`.
        """
        id = run.new_id()
        command = c.PostMessage(id, channel_id(group_id), group_id, data.text, data.attached(), run.by, run.now)
        return run.answer(converse(id, command, run.meta), f"/v1/groups/{group_id}/messages")

    @step("edit", signed_in, "muted", "message_too_old", "too_many_attempts")
    def edit(
        self,
        group_id: FromPath[UUID],
        message_id: FromPath[UUID],
        data: JSONBody[MessageEdit],
        run: Given[Dispatch],
        converse: Given[Converse],
    ) -> Response[Accepted]:
        """Say it in other words, for 15 minutes; then 409 `message_too_old`. Attachments stay. 422 `text_invalid`."""
        command = c.EditMessage(message_id, group_id, data.text, run.by, run.now)
        return run.answer(converse(message_id, command, run.meta, run.expected))

    @step("remove", signed_in)
    def remove(
        self,
        group_id: FromPath[UUID],
        message_id: FromPath[UUID],
        data: JSONBody[MessageRemoval],
        run: Given[Dispatch],
        converse: Given[Converse],
    ) -> Response[Accepted]:
        """Take it away, as its author, the organiser or a moderator; of the latter two 422 `text_invalid` without a reason."""
        command = c.RemoveMessage(message_id, group_id, data.reason, run.by, run.now)
        return run.answer(converse(message_id, command, run.meta, run.expected))

    @step("report", signed_in)
    def report(
        self,
        group_id: FromPath[UUID],
        message_id: FromPath[UUID],
        data: JSONBody[MessageReport],
        run: Given[Dispatch],
        converse: Given[Converse],
    ) -> Response[Accepted]:
        """Have moderators look at what somebody else has said. 422 `text_invalid`."""
        command = c.ReportMessage(message_id, group_id, data.reason, run.by, run.now)
        return run.answer(converse(message_id, command, run.meta, run.expected))

    @step("keep", MODERATING, "message_not_reported")
    def keep(
        self, group_id: FromPath[UUID], message_id: FromPath[UUID], run: Given[Dispatch], converse: Given[Converse]
    ) -> Response[Accepted]:
        """Find nothing wrong with a reported message: it is no longer in the moderators' list."""
        command = c.KeepMessage(message_id, group_id, run.by, run.now)
        return run.answer(converse(message_id, command, run.meta, run.expected))


class AnnouncementCommands(Controller):
    path = "/v1/groups/{group_id:uuid}/announcements"
    tags = ("conversations",)
    exception_handlers = LIMITED

    @post("/", guards=[signed_in], sync_to_thread=True, responses=problems(*SAYING))
    def announce(
        self, group_id: FromPath[UUID], data: JSONBody[MessageBody], run: Given[Dispatch], converse: Given[Converse]
    ) -> Response[Accepted]:
        """As the organiser: a message that every member is told of at once. 422 `text_invalid` or `attachment_invalid`."""
        id = run.new_id()
        command = c.Announce(id, channel_id(group_id), group_id, data.text, data.attached(), run.by, run.now)
        return run.answer(converse(id, command, run.meta), f"/v1/groups/{group_id}/messages")


class MuteCommands(Controller):
    path = "/v1/groups/{group_id:uuid}/mutes"
    tags = ("conversations",)
    exception_handlers = LIMITED

    @post("/", status_code=200, guards=[signed_in], sync_to_thread=True, responses=problems("group_not_found", "not_yours", "own_account"))
    def mute(
        self, group_id: FromPath[UUID], data: JSONBody[MutedMember], run: Given[Dispatch], converse: Given[Converse]
    ) -> Response[Accepted]:
        """As organiser or moderator: somebody reads on, and writes no more in this group."""
        channel = channel_id(group_id)
        return run.answer(converse(channel, c.MuteMember(channel, group_id, data.member_id, run.by, run.now), run.meta, run.expected))

    @delete(
        "/{member_id:uuid}",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("group_not_found", "not_yours", "own_account"),
    )
    def unmute(
        self, group_id: FromPath[UUID], member_id: FromPath[UUID], run: Given[Dispatch], converse: Given[Converse]
    ) -> Response[Accepted]:
        """Let somebody write again."""
        channel = channel_id(group_id)
        return run.answer(converse(channel, c.UnmuteMember(channel, group_id, member_id, run.by, run.now), run.meta, run.expected))
