"""Codes for people who sign in with their telephone number."""

from litestar import Controller
from litestar.params import JSONBody

from application.commands.people.phones import AskCode
from interfaces.http.caller import anyone
from interfaces.http.commands.users.bodies import LIMITED, PhoneNumber, address
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post


class PhoneCodeCommands(Controller):
    path = "/v1/phone-codes"
    tags = ("sessions",)
    exception_handlers = LIMITED

    @post("/", status_code=204, guards=[anyone], sync_to_thread=True, responses=problems("too_many_attempts"))
    def send(self, data: JSONBody[PhoneNumber], run: Given[Dispatch], ask_code: Given[AskCode]) -> None:
        """Have a code texted that signs in, for ten minutes; the answer is the same whoever the number belongs to. 422 `phone_invalid`."""
        ask_code(data.phone, address(run.request), run.new_id(), run.now, run.meta)
