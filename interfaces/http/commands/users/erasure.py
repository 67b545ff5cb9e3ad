"""Being forgotten: asked for, taken back, and asked for another by an admin."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from application.commands.people.erasing import Asked, AskErasure, Kept
from domain.users import commands as c
from domain.users.events import Blocking
from domain.values import Role
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import requires, signed_in
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import delete, post

ADMINS = requires(Role.ADMIN)


class Erasing(Accepted, frozen=True, kw_only=True, rename="camel"):
    """`dueAt` is when the person is forgotten. What is `blocking` by then puts it off, a day at a time: at most 20 are named.

    `kept` are the papers that the law wants kept: nobody but admins and auditors can read them after the erasure, and with the end of
    the year `until` they are destroyed.
    """

    due_at: datetime | None
    blocking: list[Blocking]
    kept: list[Kept]


class Grace(Body, frozen=True):
    grace_days: Annotated[int, Meta(ge=0, le=365, description="Instead of the installation's own time of grace.")] | None = None


class ErasureCommands(Controller):
    path = "/v1/me"
    tags = ("me",)

    @delete("/", status_code=200, guards=[signed_in], sync_to_thread=True, responses=problems("user_not_found", "not_yours", "suspended"))
    def erase(self, run: Given[Dispatch], ask_erasure: Given[AskErasure]) -> Response[Erasing]:
        """Ask to be forgotten. Until `dueAt` everything goes on as before, and `restore` takes it back.

        Then the key of all that is personal is destroyed: it reads as erased in history, and everything derived from it follows.
        """
        return erasing(run, ask_erasure(run.by.id, run.by, run.now, run.meta, run.expected))

    @post(
        "/restore",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("user_not_found", "not_yours", "erasure_not_requested"),
    )
    def restore(self, run: Given[Dispatch]) -> Response[Accepted]:
        """Take it back before it is due."""
        return run(run.by.id, c.WithdrawErasure(run.by.id, run.by, run.now))


class OthersErasureCommands(Controller):
    path = "/v1/admin/users/{user_id:uuid}"
    tags = ("users",)

    @post("/erase", status_code=200, guards=[ADMINS], sync_to_thread=True, responses=problems("user_not_found", "not_yours"))
    def erase(
        self, user_id: FromPath[UUID], data: JSONBody[Grace], run: Given[Dispatch], ask_erasure: Given[AskErasure]
    ) -> Response[Erasing]:
        """Have another person forgotten, as he asked for in another way. Asked for twice, the earlier moment counts."""
        return erasing(run, ask_erasure(user_id, run.by, run.now, run.meta, run.expected, data.grace_days))

    @post(
        "/restore",
        status_code=200,
        guards=[ADMINS],
        sync_to_thread=True,
        responses=problems("user_not_found", "not_yours", "erasure_not_requested"),
    )
    def restore(self, user_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Take it back for another before it is due."""
        return run(user_id, c.WithdrawErasure(user_id, run.by, run.now))


def erasing(run: Dispatch, asked: Asked) -> Response[Erasing]:
    answered = run.answer(asked.appended)
    done = answered.content
    content = Erasing(
        id=done.id,
        version=done.version,
        position=done.position,
        actions=done.actions,
        due_at=asked.due_at,
        blocking=list(asked.blocking),
        kept=list(asked.kept),
    )
    return Response(content, status_code=200, headers=answered.headers)
