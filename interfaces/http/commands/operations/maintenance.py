"""The switch by which operators let the service only read."""

from litestar import Controller, Response
from litestar.params import JSONBody

from application.commands.operations.tend import Tend
from domain.operations import commands as c
from interfaces.http.answers import Accepted
from interfaces.http.commands.operations.bodies import ADMINS, Why
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.maintenance import ALWAYS
from interfaces.http.requests import Given

step = steps("", "not_yours")


class MaintenanceCommands(Controller):
    path = "/v1/admin/maintenance"
    tags = ("operations",)
    opt = {ALWAYS: True}  # noqa: RUF012 - as Litestar reads it

    @step("begin", ADMINS, "already_read_only")
    def begin_maintenance(self, data: JSONBody[Why], run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """From within a second on every other command is answered 503 `read_only`, and no job is begun.

        Queries, read models, feeds and signing in go on. Messages of payment providers are refused too; they come again.
        """
        return run.answer(tend.service(c.BeginMaintenance(data.reason, run.by, run.now), run.meta, run.expected))

    @step("end", ADMINS, "not_read_only")
    def end_maintenance(self, run: Given[Dispatch], tend: Given[Tend]) -> Response[Accepted]:
        """Take commands again, and begin the jobs that have fallen due."""
        return run.answer(tend.service(c.EndMaintenance(run.by, run.now), run.meta, run.expected))
