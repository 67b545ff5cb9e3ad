"""A supplier asks to be verified, and staff review it, ask for more, verify or refuse it."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.suppliers.companies import Judge
from domain.suppliers import commands as c
from domain.values import Role
from interfaces.http.answers import Accepted
from interfaces.http.caller import requires, signed_in
from interfaces.http.commands.steps import steps
from interfaces.http.commands.suppliers.bodies import SupplierReason
from interfaces.http.dispatch import Dispatch
from interfaces.http.requests import Given

STAFF = requires(Role.STAFF, Role.ADMIN)

step = steps("", "not_yours", "supplier_not_found")


class VerificationCommands(Controller):
    path = "/v1/suppliers/{supplier_id:uuid}/verification"
    tags = ("suppliers",)

    @step("request", signed_in, "verification_requested", "bank_details_required", "document_required")
    def request(self, supplier_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Ask staff to verify the company, with bank details and at least one paper."""
        return run(supplier_id, c.RequestVerification(supplier_id, run.by, run.now))

    @step("review", STAFF, "verification_not_requested")
    def review(self, supplier_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Begin to review a company that one does not belong to."""
        return run(supplier_id, c.BeginReview(supplier_id, run.by, run.now))

    @step("ask", STAFF, "supplier_not_in_review")
    def ask(self, supplier_id: FromPath[UUID], data: JSONBody[SupplierReason], run: Given[Dispatch]) -> Response[Accepted]:
        """Give it back with what is missing; it may ask again."""
        return run(supplier_id, c.AskForMore(supplier_id, data.reason, run.by, run.now))

    @step("verify", STAFF, "supplier_not_in_review")
    def verify(self, supplier_id: FromPath[UUID], run: Given[Dispatch], judge_supplier: Given[Judge]) -> Response[Accepted]:
        """Let it sell: its members hold the role of a supplier from now on."""
        return run.answer(judge_supplier(c.VerifySupplier(supplier_id, run.by, run.now), run.meta, run.expected))

    @step("refuse", STAFF, "supplier_not_in_review")
    def refuse(
        self, supplier_id: FromPath[UUID], data: JSONBody[SupplierReason], run: Given[Dispatch], judge_supplier: Given[Judge]
    ) -> Response[Accepted]:
        """Turn it away for good, also after it was verified; no new group buys of it."""
        return run.answer(judge_supplier(c.RefuseSupplier(supplier_id, data.reason, run.by, run.now), run.meta, run.expected))
