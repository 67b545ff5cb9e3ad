"""Who acts for a supplier: owners invite, change and remove, and whoever is invited accepts."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.suppliers.companies import ChangeStaffing, Invite
from domain.suppliers import commands as c
from interfaces.http.answers import Accepted
from interfaces.http.caller import signed_in
from interfaces.http.commands.suppliers.bodies import Invitation, MemberRoleChoice
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import delete, post, put

ALWAYS = ("not_yours", "supplier_not_found", "supplier_refused")


class SupplierMemberCommands(Controller):
    path = "/v1/suppliers/{supplier_id:uuid}/members"
    tags = ("suppliers",)

    @post(
        "/",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems(*ALWAYS, "user_not_found", "already_member", "members_full"),
    )
    def invite(
        self, supplier_id: FromPath[UUID], data: JSONBody[Invitation], run: Given[Dispatch], invite_colleague: Given[Invite]
    ) -> Response[Accepted]:
        """Invite somebody to act for the company, or change what he is invited as."""
        command = c.InviteColleague(supplier_id, data.user_id, data.role, run.by, run.now)
        return run.answer(invite_colleague(command, run.meta, run.expected))

    @post("/accept", status_code=200, guards=[signed_in], sync_to_thread=True, responses=problems(*ALWAYS, "seat_taken"))
    def accept(self, supplier_id: FromPath[UUID], run: Given[Dispatch], change_staffing: Given[ChangeStaffing]) -> Response[Accepted]:
        """Accept an invitation; nobody acts for two companies."""
        return run.answer(change_staffing.join(c.AcceptInvitation(supplier_id, run.by, run.now), run.meta, run.expected))

    @put("/{user_id:uuid}", guards=[signed_in], sync_to_thread=True, responses=problems(*ALWAYS, "member_not_found", "last_owner"))
    def change(
        self, supplier_id: FromPath[UUID], user_id: FromPath[UUID], data: JSONBody[MemberRoleChoice], run: Given[Dispatch]
    ) -> Response[Accepted]:
        """Change what a member is; the last owner stays one."""
        return run(supplier_id, c.ChangeColleague(supplier_id, user_id, data.role, run.by, run.now))

    @delete(
        "/{user_id:uuid}",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems(*ALWAYS, "member_not_found", "last_owner"),
    )
    def remove(
        self, supplier_id: FromPath[UUID], user_id: FromPath[UUID], run: Given[Dispatch], change_staffing: Given[ChangeStaffing]
    ) -> Response[Accepted]:
        """Remove a member or take an invitation back; anybody may leave by himself, but not the last owner."""
        return run.answer(change_staffing.leave(c.RemoveColleague(supplier_id, user_id, run.by, run.now), run.meta, run.expected))
