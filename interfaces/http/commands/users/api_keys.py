"""Keys by which services are let in, made and revoked by admins."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.api_keys import MakeKey, RevokeKey
from domain.users.commands import CreateApiKey, RevokeApiKey
from domain.values import Role
from interfaces.http.answers import Accepted
from interfaces.http.caller import requires
from interfaces.http.commands.users.bodies import KeyRequest
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import delete, post

ADMINS = requires(Role.ADMIN)


class MadeKey(Accepted, frozen=True, kw_only=True):
    """`key` is shown this once."""

    key: str


class ApiKeyCommands(Controller):
    path = "/v1/api-keys"
    tags = ("api-keys",)

    @post("/", guards=[ADMINS], sync_to_thread=True, responses=problems("user_not_found", "not_a_service", "not_yours"))
    def make(self, data: JSONBody[KeyRequest], run: Given[Dispatch], make_key: Given[MakeKey]) -> Response[MadeKey]:
        """Make a key for a service account. Keep it: it is not shown again, but to the same Idempotency-Key."""
        command = CreateApiKey(run.new_id(), data.user_id, data.name, frozenset(data.scopes), run.by, run.now)
        appended, key = make_key(command, run.meta)
        said = run.answer(appended, "/v1/api-keys")
        done = said.content
        made = MadeKey(done.id, done.version, done.position, done.actions, key=key)
        return Response(made, status_code=201, headers={**said.headers, "Cache-Control": "no-store"})

    @delete(
        "/{key_id:uuid}",
        status_code=200,
        guards=[ADMINS],
        sync_to_thread=True,
        responses=problems("api_key_not_found", "not_yours"),
    )
    def revoke(self, key_id: FromPath[UUID], run: Given[Dispatch], revoke_key: Given[RevokeKey]) -> Response[Accepted]:
        """Revoke a key: it opens nothing from then on."""
        return run.answer(revoke_key(RevokeApiKey(key_id, run.by, run.now), run.meta, run.expected))
