"""Signing in and out."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from application.commands.buying.carts import TakeUpCart
from application.commands.people.phones import SignInByPhone
from application.commands.sessions import LeaveSession, Refresh, SignIn
from application.credentials import Tokens
from interfaces.http.answers import Accepted
from interfaces.http.caller import anyone, signed_in
from interfaces.http.commands.users.bodies import LIMITED, Credentials, PhoneCredentials, Refreshing, SignedIn, device, signed_in_with
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import Problem, problems
from interfaces.http.maintenance import ALWAYS
from interfaces.http.requests import Given
from interfaces.http.routes import delete, post
from interfaces.http.shopper import HEADER

CURRENT = "current"
SessionName = Annotated[str, Meta(max_length=40, description="A session's id, or `current`.", examples=[CURRENT])]


class SessionCommands(Controller):
    path = "/v1/sessions"
    tags = ("sessions",)
    exception_handlers = LIMITED
    opt = {ALWAYS: True}  # noqa: RUF012 - as Litestar reads it

    @post("/", guards=[anyone], sync_to_thread=True, responses=problems("wrong_credentials", "suspended", "too_many_attempts"))
    def sign_in(
        self, data: JSONBody[Credentials], run: Given[Dispatch], sign_in: Given[SignIn], take_up_cart: Given[TakeUpCart]
    ) -> Response[SignedIn]:
        """Sign in. An unknown address and a wrong password are told apart by nothing."""
        tokens = sign_in(data.email, data.password, device(run.request), run.new_id(), run.now, run.meta)
        return with_cart(tokens, run, take_up_cart)

    @post("/phone", guards=[anyone], sync_to_thread=True, responses=problems("suspended", "too_many_attempts"))
    def sign_in_by_phone(
        self,
        data: JSONBody[PhoneCredentials],
        run: Given[Dispatch],
        sign_in_by_phone: Given[SignInByPhone],
        take_up_cart: Given[TakeUpCart],
    ) -> Response[SignedIn]:
        """Sign in with a code of `POST /v1/phone-codes`, which registers whom the number is new of.

        422 `code_invalid` for a wrong, used or expired code; each may be tried five times. 422 `phone_invalid` or `name_invalid`.
        """
        new_user, session = run.new_id(), run.new_id()
        tokens = sign_in_by_phone(data.phone, data.code, data.name or "", device(run.request), new_user, session, run.now, run.meta)
        return with_cart(tokens, run, take_up_cart)

    @post("/refresh", status_code=200, guards=[anyone], sync_to_thread=True, responses=problems("refresh_token_invalid"))
    def refresh(self, data: JSONBody[Refreshing], run: Given[Dispatch], refresh: Given[Refresh]) -> Response[SignedIn]:
        """Exchange a refresh token for the next one.

        The same token gives the same successor for 30 seconds; later it is taken for stolen, and its session ends.
        """
        return signed_in_with(refresh(data.refresh_token, run.now, run.meta), 200)

    @delete(
        "/{session:str}",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("session_not_found", "not_yours"),
    )
    def end(self, session: FromPath[SessionName], run: Given[Dispatch], leave_session: Given[LeaveSession]) -> Response[Accepted]:
        """Sign out here (`current`) or end another session of one's own; its tokens are good for nothing from then on."""
        own = run.caller.session_id
        id = own if session == CURRENT else session_id(session)
        if id is None:
            raise Problem(404, "session_not_found")
        reason = "signed_out" if id == own else "ended"
        return run.answer(leave_session(id, reason, run.by, run.now, run.meta, run.expected))


def with_cart(tokens: Tokens, run: Dispatch, take_up_cart: TakeUpCart) -> Response[SignedIn]:
    """Signed in, with what one has put into a cart before."""
    take_up_cart(run.request.headers.get(HEADER), tokens.user_id, tokens.session_id, run.now, run.meta)
    return signed_in_with(tokens, 201)


def session_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
