"""Shipments, as suppliers, organisers, members and staff see them."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath

from domain.groups.ids import contribution_id
from domain.groups.supply.events import ShipmentStatus
from domain.groups.supply.standing import offered
from interfaces.http.answers import document
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.groups.supply.quotes import held
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.groups import members
from projections.groups.supply.quotes import visible_to
from projections.groups.supply.seats import supplier_of
from projections.groups.supply.shipments import ShipmentPage, view
from projections.ports import Documents, Found


class ShownShipment(ShipmentPage, frozen=True, kw_only=True):
    actions: list[str]


class ShipmentQueries(Controller):
    path = "/v1/shipments"
    tags = ("shipments",)

    @get(
        "/{shipment_id:uuid}",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": view.name},
        responses=problems("shipment_not_found"),
    )
    def one(self, shipment_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> Response[ShownShipment]:
        """One shipment with what the caller may do next, also for the group's members; 404 where it is none of the caller's business."""
        company = supplier_of(documents, caller.id)
        found = documents.one(view, shipment_id, visible_to(caller.actor, company)) or for_member(documents, shipment_id, caller.id)
        if found is None:
            raise Problem(404, "shipment_not_found")
        columns = found.columns
        actions = offered(
            ShipmentStatus(columns["status"]),
            held(found, caller.actor, company),
            owed=columns["owed"],
            under_way=columns["under_way"],
            unquestioned=columns["unquestioned"],
            open_issues=columns["open_issues"],
        )
        answer: Any = document(found, actions=actions)
        return answer


def for_member(documents: Documents, shipment_id: UUID, member_id: UUID) -> Found | None:
    """The shipment, for somebody who has paid for a part of it."""
    found = documents.one(view, shipment_id)
    if found is None:
        return None
    member = documents.one(members.view, contribution_id(found.columns["group_id"], member_id))
    return found if member is not None and member.columns["standing"] == members.Standing.PAID else None
