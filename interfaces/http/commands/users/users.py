"""Registering, and what admins decide about accounts."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.attempts import Attempts
from application.commands.users import ChangeStanding, Register
from application.rows import OpenAccount
from domain.users import commands as c
from domain.values import Role
from interfaces.http.answers import Accepted
from interfaces.http.caller import anyone, requires
from interfaces.http.commands.users.bodies import LIMITED, Registration, RoleChoice, ServiceAccount, Suspension, address
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import delete, post

ADMINS = requires(Role.ADMIN)


class UserCommands(Controller):
    path = "/v1/users"
    tags = ("users",)
    exception_handlers = LIMITED

    @post("/", guards=[anyone], sync_to_thread=True, responses=problems("email_taken", "too_many_attempts"))
    def register(
        self,
        data: JSONBody[Registration],
        run: Given[Dispatch],
        attempts: Given[Attempts],
        register: Given[Register],
    ) -> Response[Accepted]:
        """Register a person, who is sent a link to prove the address. 422 `password_weak` for a password that is soon guessed."""
        attempts("register_from", address(run.request))
        command = c.RegisterUser(run.new_id(), data.email, data.name, run.new_id(), run.now)
        return run.answer(register(command, data.password, run.meta), "/v1/users")

    @post(
        "/{user_id:uuid}/roles",
        status_code=200,
        guards=[ADMINS],
        sync_to_thread=True,
        responses=problems("not_yours", "user_not_found"),
    )
    def grant(
        self,
        user_id: FromPath[UUID],
        data: JSONBody[RoleChoice],
        run: Given[Dispatch],
        change_standing: Given[ChangeStanding],
    ) -> Response[Accepted]:
        """Grant a role; it holds from the user's next request on. 422 `role_unsuitable`: consumers are services, and nothing else."""
        command = c.GrantRole(user_id, data.role, run.by, run.now)
        return run.answer(change_standing(command, run.meta, run.expected))

    @delete(
        "/{user_id:uuid}/roles/{role:str}",
        status_code=200,
        guards=[ADMINS],
        sync_to_thread=True,
        responses=problems("not_yours", "user_not_found", "own_admin_role", "last_admin"),
    )
    def revoke(
        self,
        user_id: FromPath[UUID],
        role: FromPath[Role],
        run: Given[Dispatch],
        change_standing: Given[ChangeStanding],
    ) -> Response[Accepted]:
        """Revoke a role; nobody takes his own role of admin away, and the last active admin keeps it."""
        command = c.RevokeRole(user_id, role, run.by, run.now)
        return run.answer(change_standing(command, run.meta, run.expected))

    @post(
        "/{user_id:uuid}/suspend",
        status_code=200,
        guards=[ADMINS],
        sync_to_thread=True,
        responses=problems("not_yours", "user_not_found", "already_suspended", "own_account", "last_admin"),
    )
    def suspend(
        self,
        user_id: FromPath[UUID],
        data: JSONBody[Suspension],
        run: Given[Dispatch],
        change_standing: Given[ChangeStanding],
    ) -> Response[Accepted]:
        """Suspend a user, but not the last active admin: all sessions end, and keys open nothing while it lasts."""
        command = c.SuspendUser(user_id, data.reason, run.by, run.now)
        return run.answer(change_standing(command, run.meta, run.expected))

    @post(
        "/{user_id:uuid}/reinstate",
        status_code=200,
        guards=[ADMINS],
        sync_to_thread=True,
        responses=problems("not_yours", "user_not_found", "not_suspended"),
    )
    def reinstate(self, user_id: FromPath[UUID], run: Given[Dispatch], change_standing: Given[ChangeStanding]) -> Response[Accepted]:
        """End a suspension; the user has to sign in again."""
        command = c.ReinstateUser(user_id, run.by, run.now)
        return run.answer(change_standing(command, run.meta, run.expected))


class ServiceAccountCommands(Controller):
    path = "/v1/service-accounts"
    tags = ("api-keys",)

    @post("/", guards=[ADMINS], sync_to_thread=True)
    def open(self, data: JSONBody[ServiceAccount], run: Given[Dispatch]) -> Response[Accepted]:
        """Open an account for a service, which is let in by API keys."""
        command = c.OpenServiceAccount(run.new_id(), data.name, run.by, run.now)
        rows = [OpenAccount(command.user_id, [Role.CONSUMER.value])]
        return run.created("/v1/users", command.user_id, command, rows)
