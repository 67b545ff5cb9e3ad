"""Proving an address of mail, and changing it."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from application import rows
from application.attempts import Attempts
from application.commands.people.proof import Proof
from application.credentials import Accounts, Conceal, Links
from application.handler import Appended, Handler
from application.ports import Meta, Row
from domain.decider import Rejected
from domain.users.commands import ConfirmEmailChange, RequestEmailChange, RequestEmailVerification, RequestPasswordReset, VerifyEmail
from domain.users.links import Link, Purpose
from domain.users.text import comparable
from domain.users.user import Registered, users
from domain.values import SYSTEM, Actor, clear


class SendLink:
    """Has a link sent to whom an address belongs; what comes of it is nobody's business, so nothing is answered."""

    def __init__(self, handle: Handler, accounts: Accounts, conceal: Conceal, attempts: Attempts) -> None:
        self.handle = handle
        self.accounts = accounts
        self.conceal = conceal
        self.attempts = attempts

    def __call__(
        self,
        kind: type[RequestEmailVerification | RequestPasswordReset],
        email: str,
        address: str,
        request_id: UUID,
        now: datetime,
        meta: Meta,
    ) -> None:
        """`address` is the network's; raises `TooManyAttempts` for known and unknown addresses alike."""
        concealed = self.conceal(comparable(email))
        self.attempts("mail_from", address)
        self.attempts("mail", concealed.hex())
        login = self.accounts.by_email(concealed)
        if login is None:
            return
        try:
            self.handle(login.user_id, kind(login.user_id, request_id, SYSTEM, now), meta)
        except Rejected:
            return  # already verified, or suspended


class RedeemLink:
    """Follows a link that proves an address, the first or a new one. Refuses `code_invalid`, `code_used`, `code_expired`."""

    def __init__(self, handle: Handler, links: Links, conceal: Conceal) -> None:
        self.handle = handle
        self.links = links
        self.conceal = conceal

    def __call__(self, token: str, now: datetime, meta: Meta) -> Appended:
        link = self.links.read(token)
        meta = replace(meta, actor=link.user_id)
        match link.purpose:
            case Purpose.EMAIL_VERIFICATION:
                command = VerifyEmail(link.user_id, link.request_id, link.expires_at, Actor(link.user_id), now)
                return self.handle(link.user_id, command, meta)
            case Purpose.EMAIL_CHANGE:
                return self._change(link, now, meta)
            case Purpose.PASSWORD_RESET:
                raise Rejected("code_invalid", "This link resets a password.", pointer="/token")

    def _change(self, link: Link, now: datetime, meta: Meta) -> Appended:
        """The old address is free for others in the same append that takes the new one."""
        user_id = link.user_id
        user = self.handle.state(user_id, users)
        written: list[Row] = []
        if isinstance(user, Registered):
            written = [
                rows.Release("email", self.conceal(comparable(clear(user.email))), user_id),
                rows.Reserve("email", self.conceal(comparable(clear(user.new_email))), user_id),
            ]
        command = ConfirmEmailChange(user_id, link.request_id, link.expires_at, Actor(user_id), now)
        return self.handle(user_id, command, meta, rows=written)


class ChangeEmail:
    """Asks for another address, or for the first one. Refuses `email_taken`, and as `Proof` does."""

    def __init__(self, handle: Handler, accounts: Accounts, prove: Proof, conceal: Conceal) -> None:
        self.handle = handle
        self.accounts = accounts
        self.prove = prove
        self.conceal = conceal

    def __call__(self, command: RequestEmailChange, password: str, code: str, meta: Meta, expected: int | None) -> Appended:
        if before := self.handle.before(meta, users):
            return before[0]  # what proved it may be used up, or another, by now
        self.prove(command.user_id, password, code, command.now)
        holder = self.accounts.by_email(self.conceal(comparable(command.email)))
        if holder is not None and holder.user_id != command.user_id:
            raise Rejected("email_taken")
        return self.handle(command.user_id, command, meta, expected)
