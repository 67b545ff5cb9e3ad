"""Links sent by mail: proving an address, and resetting a forgotten password."""

from collections.abc import Callable
from functools import partial
from time import monotonic

import anyio
from anyio import to_thread
from litestar import Controller, Response
from litestar.params import JSONBody

from application.attempts import Attempts
from application.commands.emails import RedeemLink, SendLink
from application.commands.passwords import RedeemReset
from domain.users.commands import RequestEmailVerification, RequestPasswordReset
from interfaces.http.answers import Accepted
from interfaces.http.caller import anyone
from interfaces.http.commands.users.bodies import LIMITED, LinkRedemption, Mailbox, ResetRedemption, address
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post

SECONDS = 0.25
"""What an answer takes at least, longer than an append: its time tells nobody whether an address is known."""


async def taking_equally_long(work: Callable[[], None]) -> None:
    until = monotonic() + SECONDS
    await to_thread.run_sync(work)
    await anyio.sleep(until - monotonic())


class EmailVerificationCommands(Controller):
    path = "/v1/email-verifications"
    tags = ("email-verifications",)
    exception_handlers = LIMITED

    @post("/", status_code=204, guards=[anyone], responses=problems("too_many_attempts"))
    async def send(self, data: JSONBody[Mailbox], run: Given[Dispatch], send_link: Given[SendLink]) -> None:
        """Have the link sent again; the answer is the same whether or not the address is known."""
        await taking_equally_long(
            partial(send_link, RequestEmailVerification, data.email, address(run.request), run.new_id(), run.now, run.meta)
        )

    @post(
        "/redeem",
        status_code=200,
        guards=[anyone],
        sync_to_thread=True,
        responses=problems("user_not_found", "code_used", "code_expired", "email_taken", "too_many_attempts"),
    )
    def redeem(
        self,
        data: JSONBody[LinkRedemption],
        run: Given[Dispatch],
        attempts: Given[Attempts],
        redeem_link: Given[RedeemLink],
    ) -> Response[Accepted]:
        """Follow a link that proves an address, the first or a new one. 422 `code_invalid` for a token that is none."""
        attempts("redeem_from", address(run.request))
        return run.answer(redeem_link(data.token, run.now, run.meta))


class PasswordResetCommands(Controller):
    path = "/v1/password-resets"
    tags = ("password-resets",)
    exception_handlers = LIMITED

    @post("/", status_code=204, guards=[anyone], responses=problems("too_many_attempts"))
    async def send(self, data: JSONBody[Mailbox], run: Given[Dispatch], send_link: Given[SendLink]) -> None:
        """Have a link sent that resets the password; the answer is the same whether or not the address is known."""
        await taking_equally_long(
            partial(send_link, RequestPasswordReset, data.email, address(run.request), run.new_id(), run.now, run.meta)
        )

    @post(
        "/redeem",
        status_code=200,
        guards=[anyone],
        sync_to_thread=True,
        responses=problems("user_not_found", "code_used", "code_expired", "suspended", "too_many_attempts"),
    )
    def redeem(
        self,
        data: JSONBody[ResetRedemption],
        run: Given[Dispatch],
        attempts: Given[Attempts],
        redeem_reset: Given[RedeemReset],
    ) -> Response[Accepted]:
        """Set a new password by the mailed link; all sessions end. 422 `code_invalid` or `password_weak`."""
        attempts("redeem_from", address(run.request))
        return run.answer(redeem_reset(data.token, data.password, run.now, run.meta))
