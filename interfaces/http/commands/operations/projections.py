"""What operators do with read models: pause them, build them anew, and deal with the events that they could not take."""

from typing import Annotated

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from application.commands.operations.tend import Tend
from domain.operations import commands as c
from interfaces.http.answers import Accepted
from interfaces.http.commands.operations.bodies import ADMINS, Why
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.maintenance import ALWAYS
from interfaces.http.requests import Given

Name = Annotated[
    str, Meta(max_length=100, description="A read model's name, as `/v1/admin/projections` lists it.", examples=["listing_page"])
]

step = steps("/{name:str}", "projection_not_found", "not_yours")
parked = steps("/{name:str}/parked/{position:int}", "projection_not_found", "not_parked", "not_yours")


class ProjectionCommands(Controller):
    path = "/v1/admin/projections"
    tags = ("operations",)
    opt = {ALWAYS: True}  # noqa: RUF012 - as Litestar reads it

    @step("pause", ADMINS, "already_paused")
    def pause_read_model(self, name: FromPath[Name], data: JSONBody[Why], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Let it stand still; queries go on answering with what it was, and its lag grows."""
        return run.answer(tend.projection(c.PauseProjection(name, data.reason, run.by, run.now), run.meta, run.expected))

    @step("resume", ADMINS, "not_paused")
    def resume_read_model(self, name: FromPath[Name], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Let it follow the log again, from where it stood."""
        return run.answer(tend.projection(c.ResumeProjection(name, run.by, run.now), run.meta, run.expected))

    @step("rebuild", ADMINS, "rebuild_running")
    def rebuild_read_model(self, name: FromPath[Name], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Build it from zero beside the served one, which it replaces when it has caught up; what it replaced is kept until dropped."""
        return run.answer(tend.build(c.RequestRebuild, name, run.by, run.now, run.meta))

    @step("check", ADMINS, "rebuild_running")
    def check_read_model(self, name: FromPath[Name], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Build it from zero beside the served one and report where the two differ; nothing is replaced."""
        return run.answer(tend.build(c.RequestCheck, name, run.by, run.now, run.meta))

    @step("cancel-rebuild", ADMINS, "no_rebuild")
    def cancel_rebuild(self, name: FromPath[Name], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Give up a rebuild or a check under way; the served one is as it was."""
        return run.answer(tend.projection(c.CancelRebuild(name, run.by, run.now), run.meta))

    @step("drop-old", ADMINS, "nothing_to_drop")
    def drop_old(self, name: FromPath[Name], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Drop what the last rebuild has replaced, for good."""
        return run.answer(tend.projection(c.DropOldGeneration(name, run.by, run.now), run.meta))

    @parked("retry", ADMINS)
    def retry_parked(self, name: FromPath[Name], position: FromPath[int], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Try a parked event again, and what waits behind it; one that fails again is parked again."""
        return run.answer(tend.projection(c.RetryParkedEvent(name, position, run.by, run.now), run.meta))

    @parked("skip", ADMINS)
    def skip_parked(
        self, name: FromPath[Name], position: FromPath[int], data: JSONBody[Why], run: Given[Dispatch], tend: Given[Tend]
    ) -> Response[Accepted]:
        """Let the read model go on without a parked event, for good; what waits behind it is tried."""
        return run.answer(tend.projection(c.SkipParkedEvent(name, position, data.reason, run.by, run.now), run.meta))
