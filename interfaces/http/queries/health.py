"""Whether the process lives and whether it can serve: for operators and their machines."""

from typing import Literal

from litestar import Controller, Response
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.health import Component, Health, Status


class Alive(Struct, frozen=True):
    status: Literal["ok"] = "ok"


class Readiness(Struct, frozen=True):
    """`ok` when everything is, `degraded` when some queries cannot be answered, `down` when no command can be taken."""

    status: Status
    components: list[Component]


DOWN = ResponseSpec(Readiness, generate_examples=False, description="No command can be taken: Postgres does not answer.")


class HealthQueries(Controller):
    tags = ("health",)

    @get("/health/live", sync_to_thread=False)
    def live(self) -> Alive:
        """The process runs. Nothing else is asked."""
        return Alive()

    @get("/health/ready", sync_to_thread=True, responses={503: DOWN})
    def ready(self, health: Given[Health]) -> Response[Readiness]:
        """How each component is. 200 while Postgres answers, since commands need nothing else; 503 otherwise."""
        components = list(health.components())
        states = {each.name: each.status for each in components}
        overall: Status = "ok" if set(states.values()) == {"ok"} else "degraded"
        if states["postgres"] == "down":
            overall = "down"
        return Response(Readiness(overall, components), status_code=503 if overall == "down" else 200)
