"""Goods of a group are handed out for passes, at a counter with a network or without."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from application.commands.counters.passes import Reconciled, ReconcileHandOvers, ReplaceLostPass
from domain.groups.passes import commands as c
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import signed_in
from interfaces.http.commands.deliveries.bodies import Moment
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post

step = steps("/{pass_id:uuid}", "not_yours", "pass_not_found", "pass_void", "pass_used")

AT_ONCE = 500
"""Hand-overs of one request."""

Pieces = Annotated[int, Meta(ge=1, le=1_000_000_000, examples=[2])]


class Redemption(Body, frozen=True):
    """What is handed out: `quantity`, or all that is left. `pickupId` is the place at which the counter stands, to be held to it.

    `redemptionId` is the hand-over's own; left out, the `Idempotency-Key` stands for it.
    """

    quantity: Pieces | None = None
    redemption_id: UUID | None = None
    pickup_id: UUID | None = None


class HandOverOffline(Body, frozen=True):
    """What was handed out where there was no network; `redemptionId` was made up there, one for each hand-over."""

    pass_id: UUID
    redemption_id: UUID
    quantity: Pieces
    handed_at: Moment


class HandOversOffline(Body, frozen=True):
    redemptions: Annotated[list[HandOverOffline], Meta(min_length=1, max_length=AT_ONCE)]


class Reconciliation(Struct, frozen=True):
    """What became of each, in the order in which they came."""

    results: list[Reconciled]


class PassCommands(Controller):
    path = "/v1/passes"
    tags = ("passes",)

    @step("redeem", signed_in, "pass_expired", "pass_elsewhere", keyed=True)
    def redeem(self, pass_id: FromPath[UUID], data: JSONBody[Redemption], run: Given[Dispatch]) -> Response[Accepted]:
        """Hand goods out for a pass: for the group's organiser and staff.

        Of two counters that do so at the same moment one does it, the other is told `pass_used`. Said again with the same key, or
        the same `redemptionId`, it is done once. 422 `pass_used` where more is asked for than is left, `pass_elsewhere` where the
        goods lie at another place, `redemption_reused` where the id was another hand-over's.
        """
        redemption = data.redemption_id or run.meta.command_id
        return run(pass_id, c.RedeemPass(pass_id, data.quantity, redemption, run.by, run.now, data.pickup_id))

    @post(
        "/{pass_id:uuid}/replace",
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("not_yours", "pass_not_found", "pass_void", "pass_used", "pass_expired", "pass_changed"),
    )
    def replace(self, pass_id: FromPath[UUID], run: Given[Dispatch], replace_pass: Given[ReplaceLostPass]) -> Response[Accepted]:
        """Have a pass replaced whose phone is lost: the old one is void, the new one is for what is left. For its member and staff."""
        return run.answer(replace_pass(pass_id, run.by, run.now, run.meta, run.expected), "/v1/passes")

    @step("void", signed_in)
    def void(self, pass_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Withdraw a pass that got into the wrong hands: for the organiser and staff; staff can have it replaced."""
        return run(pass_id, c.VoidPass(pass_id, run.by, run.now))


class CounterCommands(Controller):
    path = "/v1/groups/{group_id:uuid}/pickups/{pickup_id:uuid}"
    tags = ("passes",)

    @post("/reconcile", status_code=200, guards=[signed_in], sync_to_thread=True, responses=problems("not_yours"))
    def reconcile(
        self,
        group_id: FromPath[UUID],
        pickup_id: FromPath[UUID],
        data: JSONBody[HandOversOffline],
        run: Given[Dispatch],
        reconcile_passes: Given[ReconcileHandOvers],
    ) -> Response[Reconciliation]:
        """Tell what was handed out at this place where there was no network, up to 500 hand-overs at once.

        Each is `accepted`, known `already`, or a `conflict` with its code (`pass_used`, `pass_void`, `pass_expired`,
        `pass_elsewhere`): the goods are gone, so it is recorded and shown among the group's passes. `refused` is what cannot have
        been (`pass_not_found`, `redemption_reused`). Sent again, nothing is done twice.
        """
        results = reconcile_passes([command(each, group_id, pickup_id, run) for each in data.redemptions], run.meta)
        return Response(Reconciliation(list(results)), headers=told_at(results))


def command(each: HandOverOffline, group_id: UUID, pickup_id: UUID, run: Dispatch) -> c.ReconcileHandOver:
    return c.ReconcileHandOver(each.pass_id, group_id, pickup_id, each.quantity, each.redemption_id, each.handed_at, run.by, run.now)


def told_at(results: Sequence[Reconciled]) -> dict[str, str]:
    """Up to where a read model has to be to show all of it."""
    return {"Position": str(max(each.position for each in results))}
