"""What a person asks about himself: his profile and where he is signed in."""

from typing import Any

from litestar import Controller, Response
from msgspec import Struct

from domain.users.standing import next_actions
from interfaces.http.answers import document
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.ports import Clock, Documents
from projections.users.access import Access, SeenSession
from projections.users.profile import UserProfile, view


class ProfilePage(UserProfile, frozen=True, kw_only=True):
    actions: list[str]


class OpenSession(SeenSession, frozen=True, kw_only=True):
    """`current` marks the session that asks."""

    current: bool


class OpenSessions(Struct, frozen=True):
    items: list[OpenSession]
    next: str | None = None


class MeQueries(Controller):
    path = "/v1/me"
    tags = ("me",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("user_not_found"))
    def profile(self, caller: Given[Caller], documents: Given[Documents]) -> Response[ProfilePage]:
        """The caller's own profile, roles and standing, and what he may change."""
        found = documents.one(view, caller.id)
        if found is None:
            raise Problem(404, "user_not_found", "Not projected yet: ask again with Min-Position.")
        actions = next_actions(caller.id, found.columns["kind"], found.columns["status"], caller.actor)
        answer: Any = document(found, actions=actions)
        return answer

    @get("/sessions", guards=[signed_in], sync_to_thread=True)
    def sessions(self, caller: Given[Caller], access: Given[Access], clock: Given[Clock]) -> OpenSessions:
        """Where the caller is signed in, the newest first."""
        seen = access.sessions(caller.id, clock())
        return OpenSessions([shown(each, caller) for each in seen])


def shown(seen: SeenSession, caller: Caller) -> OpenSession:
    return OpenSession(
        id=seen.id,
        agent=seen.agent,
        address=seen.address,
        started_at=seen.started_at,
        seen_at=seen.seen_at,
        expires_at=seen.expires_at,
        current=seen.id == caller.session_id,
    )
