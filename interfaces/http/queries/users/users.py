"""Users, as admins see all of them and everyone sees himself."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.users.standing import Kind, Status, next_actions
from domain.values import Role
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, requires, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.users.me import ProfilePage
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.ports import Documents, Found
from projections.users.profile import NEWEST_FIRST, asked_for, view, visible_to

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=500, description="`next` of the page before.")]


class UserList(Struct, frozen=True):
    items: list[ProfilePage]
    next: str | None


class UserQueries(Controller):
    path = "/v1/users"
    tags = ("users",)

    @get(
        "/",
        guards=[requires(Role.ADMIN, Role.STAFF, Role.AUDITOR)],
        sync_to_thread=True,
        opt={"projection": view.name},
        responses=problems("bad_cursor"),
    )
    def all(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        role: Annotated[Role | None, QueryParameter(description="Only who holds it.")] = None,
        status: Annotated[Status | None, QueryParameter(description="Only who stands so.")] = None,
        kind: Annotated[Kind | None, QueryParameter(description="Persons or services.")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[UserList]:
        """All users, the newest first."""
        found = documents.page(view, asked_for(role, status, kind), limit=limit, cursor=cursor, order=NEWEST_FIRST)
        answer: Any = page(found, lambda each: {"actions": actions(each, caller)})
        return answer

    @get("/{user_id:uuid}", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("user_not_found"))
    def one(self, user_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> Response[ProfilePage]:
        """One user; 404 also for those the caller may not see."""
        found = documents.one(view, user_id, visible_to(caller.actor))
        if found is None:
            raise Problem(404, "user_not_found")
        answer: Any = document(found, actions=actions(found, caller))
        return answer


def actions(found: Found, caller: Caller) -> list[str]:
    return next_actions(UUID(str(found.key)), found.columns["kind"], found.columns["status"], caller.actor)
