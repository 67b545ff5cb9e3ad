"""Discount codes, as those who run the market declare them."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from domain.orders.codes.code import code_id
from domain.orders.commands import DeclareCode, WithdrawCode
from domain.values import Role
from interfaces.http.answers import Accepted
from interfaces.http.caller import requires
from interfaces.http.commands.orders.bodies import DiscountCode
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post

STAFF = requires(Role.STAFF, Role.ADMIN)


class CodeCommands(Controller):
    path = "/v1/discount-codes"
    tags = ("discount codes",)

    @post("/", guards=[STAFF], sync_to_thread=True, responses=problems("not_yours"))
    def declare(self, data: JSONBody[DiscountCode], run: Given[Dispatch]) -> Response[Accepted]:
        """Declare a code; declared again, its terms replace those before. 422 with a pointer where they cannot hold."""
        id = code_id(data.code)
        return run.created("/v1/discount-codes", id, DeclareCode(id, data.code, data.terms(), run.by, run.now))

    @post("/{code_id:uuid}/withdraw", status_code=200, guards=[STAFF], sync_to_thread=True, responses=problems("discount_code_not_found"))
    def withdraw(self, code_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Let nobody use a code any more; who has used it keeps what it took off."""
        return run(code_id, WithdrawCode(code_id, run.by, run.now))
