"""How read models stand: how far behind, what is parked, and what is being built beside them."""

from typing import Annotated

from litestar import Controller
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.values import Role
from interfaces.http.caller import requires
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.operations import Building, Maintenance, Operations, ParkedEvent, ReadModel

OPERATORS = requires(Role.ADMIN, Role.AUDITOR)

After = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="Only behind this position: `next` of the page before.")]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="How many at most.")]
BUILDINGS = 20
"""How many of the latest buildings are shown."""


class ReadModels(Struct, frozen=True):
    items: list[ReadModel]


class ReadModelPage(ReadModel, frozen=True, kw_only=True):
    """With its latest buildings, rebuilds and checks alike."""

    buildings: list[Building]


class ParkedList(Struct, frozen=True):
    """`next` is what to ask for as `after`, or null where nothing followed."""

    items: list[ParkedEvent]
    next: int | None


class ProjectionQueries(Controller):
    path = "/v1/admin/projections"
    tags = ("operations",)

    @get("/", guards=[OPERATORS], sync_to_thread=True)
    def read_models(self, operations: Given[Operations]) -> ReadModels:
        """Every read model that is served: how far it is, its lag, its rate, what is parked and what is being built."""
        return ReadModels(list(operations.read_models()))

    @get("/{name:str}", guards=[OPERATORS], sync_to_thread=True, responses=problems("projection_not_found"))
    def read_model(self, name: FromPath[str], operations: Given[Operations]) -> ReadModelPage:
        """One read model, with its rebuilds and checks, the latest first."""
        found = named(operations, name)
        fields = {field: getattr(found, field) for field in ReadModel.__struct_fields__}
        return ReadModelPage(**fields, buildings=list(operations.buildings(name, BUILDINGS)))

    @get("/{name:str}/parked", guards=[OPERATORS], sync_to_thread=True, responses=problems("projection_not_found"))
    def parked_events(self, name: FromPath[str], operations: Given[Operations], after: After = 0, limit: Limit = 100) -> ParkedList:
        """The events that it could not take, and those that wait behind them, in order."""
        named(operations, name)
        found = operations.parked(name, after, limit + 1)
        return ParkedList(list(found[:limit]), found[limit - 1].position if len(found) > limit else None)


class MaintenanceQueries(Controller):
    path = "/v1/admin/maintenance"
    tags = ("operations",)

    @get("/", guards=[OPERATORS], sync_to_thread=True)
    def maintenance(self, operations: Given[Operations]) -> Maintenance:
        """Whether only operators' commands are taken, why, and since when it is as it is."""
        return operations.maintenance()


def named(operations: Operations, name: str) -> ReadModel:
    found = operations.read_model(name)
    if found is None:
        raise Problem(404, "projection_not_found", "See /v1/admin/projections for those there are.")
    return found
