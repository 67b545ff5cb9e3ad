"""Group purchases: opened for wholesale goods, joined and left until they are paid or locked, ended by their organiser."""

from datetime import UTC
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.groups.opening import StartGroup
from domain.groups import commands as c
from domain.values import Role
from interfaces.http.answers import Accepted
from interfaces.http.caller import requires, signed_in
from interfaces.http.commands.groups.bodies import GroupExtension, GroupJoining, GroupLeaving, GroupQuantity, GroupRefund, GroupTerms
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post

step = steps("/{group_id:uuid}", "group_not_found")

REPAYING = requires(Role.STAFF, Role.ADMIN)


class GroupCommands(Controller):
    path = "/v1/groups"
    tags = ("groups",)

    @post(
        "/",
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems(
            "listing_not_found",
            "not_wholesale",
            "not_on_sale",
            "sku_required",
            "supplier_not_verified",
            "own_listing",
            "minimum_below_order",
            "maximum_invalid",
            "limits_invalid",
            "deadline_invalid",
            "pickup_invalid",
            "invitations_invalid",
        ),
    )
    def open(self, data: JSONBody[GroupTerms], run: Given[Dispatch], start_group: Given[StartGroup]) -> Response[Accepted]:
        """Gather buyers for one variant of a wholesale listing until the deadline.

        Prices by quantity, and the least order that the minimum must reach, are the listing's. The price holds the platform's fee
        of 10 %. Where the minimum is not paid for in time, or the supplier does not deliver, every member gets everything back,
        the fee too. 422 with a pointer where the terms do not fit together.
        """
        return run.answer(start_group(run.new_id(), data.value(), run.by, run.now, run.meta), "/v1/groups")

    @step("join", signed_in, "group_not_gathering", "already_joined", "over_limit", "pickup_unknown", "not_invited", "own_listing")
    def join(self, group_id: FromPath[UUID], data: JSONBody[GroupJoining], run: Given[Dispatch]) -> Response[Accepted]:
        """Reserve so many pieces, and pay within half an hour; in a full group, wait for a place in turn.

        A place that gets free is given to the first who waits and whom it is large enough for; the half hour begins then.
        """
        return run(group_id, c.JoinGroup(group_id, run.by.id, data.quantity, data.pickup_id, run.by, run.now))

    @step("leave", signed_in, "group_not_gathering", "not_a_member", "already_paid", "not_yours")
    def leave(self, group_id: FromPath[UUID], data: JSONBody[GroupLeaving], run: Given[Dispatch]) -> Response[Accepted]:
        """Give the place up before it is paid; organiser and moderators may take somebody else out, who does not get in again."""
        return run(group_id, c.LeaveGroup(group_id, data.member_id or run.by.id, run.by, run.now))

    @step("quantity", signed_in, "group_not_gathering", "not_a_member", "already_paid", "over_limit", "group_full")
    def change_quantity(self, group_id: FromPath[UUID], data: JSONBody[GroupQuantity], run: Given[Dispatch]) -> Response[Accepted]:
        """Take more or less, before it is paid; the time to pay stays, and a payment begun for the former quantity goes back."""
        return run(group_id, c.ChangeQuantity(group_id, run.by.id, data.quantity, run.by, run.now))

    @step("extend", signed_in, "not_yours", "group_not_gathering", "deadline_extended_already", "deadline_invalid")
    def extend(self, group_id: FromPath[UUID], data: JSONBody[GroupExtension], run: Given[Dispatch]) -> Response[Accepted]:
        """The organiser puts the deadline off, once and by 30 days at most."""
        return run(group_id, c.ExtendDeadline(group_id, data.deadline.astimezone(UTC), run.by, run.now))

    @step("lock", signed_in, "not_yours", "group_not_gathering", "minimum_not_reached")
    def lock(self, group_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """The organiser ends the gathering once the minimum is paid: who has not paid is out, and the price reached holds for all."""
        return run(group_id, c.LockGroup(group_id, run.by, run.now))

    @step("cancel", signed_in, "not_yours", "group_not_cancellable", keyed=True)
    def cancel(self, group_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Organiser or moderators call it off before the supplier's quote is accepted: every member gets everything back."""
        return run(group_id, c.CancelGroup(group_id, run.by, run.now))

    @step("retry-refund", REPAYING, "refund_not_found", "refund_not_failed", keyed=True)
    def retry_refund(self, group_id: FromPath[UUID], data: JSONBody[GroupRefund], run: Given[Dispatch]) -> Response[Accepted]:
        """Pay a refund again that failed."""
        return run(group_id, c.RetryRefund(group_id, data.refund_id, run.by, run.now))
