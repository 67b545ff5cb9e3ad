"""What operators do with events that could not be reacted to, and with jobs that were given up."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.operations.tend import Tend
from domain.operations import commands as c
from interfaces.http.answers import Accepted
from interfaces.http.commands.operations.bodies import ADMINS, Why
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.maintenance import ALWAYS
from interfaces.http.requests import Given

of_reaction = steps("/{position:int}", "not_parked", "not_yours")
of_job = steps("/{job_id:uuid}", "job_not_found", "job_not_dead", "not_yours")


class ReactionCommands(Controller):
    path = "/v1/admin/reactions/parked"
    tags = ("operations",)
    opt = {ALWAYS: True}  # noqa: RUF012 - as Litestar reads it

    @of_reaction("retry", ADMINS)
    def retry_reaction(self, position: FromPath[int], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Try again to say what follows from the event; it is parked again where that fails."""
        return run.answer(tend.reaction(c.RetryReaction(position, run.by, run.now), run.meta))

    @of_reaction("skip", ADMINS)
    def skip_reaction(self, position: FromPath[int], data: JSONBody[Why], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Let nothing follow from the event, for good."""
        return run.answer(tend.reaction(c.SkipReaction(position, data.reason, run.by, run.now), run.meta))


class JobCommands(Controller):
    path = "/v1/admin/jobs"
    tags = ("operations",)
    opt = {ALWAYS: True}  # noqa: RUF012 - as Litestar reads it

    @of_job("retry", ADMINS)
    def retry_job(self, job_id: FromPath[UUID], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Do a job that was given up again, as if for the first time."""
        return run.answer(tend.job(c.RetryJob(job_id, run.by, run.now), run.meta))

    @of_job("discard", ADMINS)
    def discard_job(self, job_id: FromPath[UUID], data: JSONBody[Why], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Let a job that was given up go for good."""
        return run.answer(tend.job(c.DiscardJob(job_id, data.reason, run.by, run.now), run.meta))
