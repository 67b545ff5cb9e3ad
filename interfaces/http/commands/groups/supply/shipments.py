"""Shipments: a group's goods on their way in parts, and what staff find wanting in them."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.groups.supply import Supply
from domain.groups.supply import commands as c
from domain.values import Role
from interfaces.http.answers import Accepted
from interfaces.http.caller import requires, signed_in
from interfaces.http.commands.groups.supply.bodies import PartArrived, PartSent, QualityComplaint, QualitySettlement
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.requests import Given

step = steps("/{shipment_id:uuid}", "not_yours", "shipment_not_found")

INSPECTING = requires(Role.STAFF, Role.ADMIN)


class ShipmentCommands(Controller):
    path = "/v1/shipments"
    tags = ("shipments",)

    @step("ship", signed_in, "shipment_ended", "over_shipped", "eta_invalid", "issue_not_found")
    def ship(
        self, shipment_id: FromPath[UUID], data: JSONBody[PartSent], run: Given[Dispatch], supply: Given[Supply]
    ) -> Response[Accepted]:
        """The supplier's members or staff: send everything or a part of it, or what replaces the pieces of a quality issue."""
        return run.answer(supply(data.command(shipment_id, run.by, run.now), run.meta, run.expected))

    @step("arrive", signed_in, "nothing_under_way", "part_not_found", "proof_required")
    def arrive(
        self, shipment_id: FromPath[UUID], data: JSONBody[PartArrived], run: Given[Dispatch], supply: Given[Supply]
    ) -> Response[Accepted]:
        """A part is there; with the last one pick-up opens. The supplier has to say who took it in."""
        return run.answer(supply(data.command(shipment_id, run.by, run.now), run.meta, run.expected))

    @step("issue", INSPECTING, "nothing_arrived", "quantity_invalid", "too_many")
    def complain(
        self, shipment_id: FromPath[UUID], data: JSONBody[QualityComplaint], run: Given[Dispatch], supply: Given[Supply]
    ) -> Response[Accepted]:
        """Staff found pieces wanting; the issue is listed with the shipment, under an id of its own."""
        command = c.RaiseQualityIssue(shipment_id, run.new_id(), data.quantity, data.description, run.by, run.now, data.photos)
        return run.answer(supply(command, run.meta, run.expected))

    @step("resolve", INSPECTING, "nothing_arrived", "issue_not_found", "issue_resolved", "amount_invalid", "group_settled", keyed=True)
    def resolve(
        self, shipment_id: FromPath[UUID], data: JSONBody[QualitySettlement], run: Given[Dispatch], supply: Given[Supply]
    ) -> Response[Accepted]:
        """Staff settle an issue: the supplier sends other pieces, or the members get an amount back, each by his part."""
        command = c.ResolveQualityIssue(shipment_id, data.issue_id, data.way, data.amount, run.by, run.now)
        return run.answer(supply.resolve(command, run.meta, run.expected))
