"""Signing in with a telephone number and a code texted to it: who has no account yet is registered, who has one may add a number."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from application import rows
from application.attempts import Attempts
from application.commands.people.proof import Proof
from application.credentials import Accounts, Conceal, Device, PhoneCodes, TokenIssuer, Tokens
from application.handler import Appended, Handler
from application.phones import e164
from application.ports import Meta, Row
from domain.decider import Rejected
from domain.users.commands import ProvePhone, RegisterByPhone, StartSession
from domain.users.text import named
from domain.users.user import Registered, users
from domain.values import Role, Value, clear


def number_of(phone: str) -> str:
    """The number in E.164. Refuses `phone_invalid`, also where there is none."""
    number = e164(phone)
    if not number:
        raise Rejected("phone_invalid", "Write the number with its country, such as +263 77 123 4567.", pointer="/phone")
    return number


class AskCode:
    """Has a code texted. Raises `TooManyAttempts` by number and by address of the network, for known and unknown numbers alike."""

    def __init__(self, codes: PhoneCodes, conceal: Conceal, attempts: Attempts) -> None:
        self.codes = codes
        self.conceal = conceal
        self.attempts = attempts

    def __call__(self, phone: str, address: str, code_id: UUID, now: datetime, meta: Meta) -> None:
        number = number_of(phone)
        self.attempts("code_from", address)
        self.attempts("code", self.conceal(number).hex())
        self.codes.ask(number, code_id, now, meta.correlation_id)


class AddPhone:
    """A number to sign in with, the first or in the place of another. Refuses `code_invalid`, `phone_taken`, and as `Proof` does."""

    def __init__(self, handle: Handler, codes: PhoneCodes, prove: Proof, conceal: Conceal) -> None:
        self.handle = handle
        self.codes = codes
        self.prove = prove
        self.conceal = conceal

    def __call__(self, command: ProvePhone, password: str, code: str, meta: Meta, expected: int | None) -> Appended:
        """Who signs in by telephone alone gives no password: he adds an address of mail and chooses one first."""
        number, user_id = number_of(command.phone), command.user_id
        if before := self.handle.before(meta, users):
            return before[0]  # its code is used up by now
        self.prove(user_id, password, "", command.now)
        if not self.codes.spend(number, code, command.now):
            raise Rejected("code_invalid", "Ask for a new code where this one does not help.", pointer="/code")
        user = self.handle.state(user_id, users)
        former = clear(user.proven_phone) if isinstance(user, Registered) else ""
        written: list[Row] = [rows.Release("phone", self.conceal(former), user_id), rows.Reserve("phone", self.conceal(number), user_id)]
        return self.handle(user_id, replace(command, phone=number), meta, expected, written if former != number else [])


class SignInByPhone:
    """Refuses `code_invalid` in the same words for a wrong, used or expired code, and for a number that asked for none."""

    def __init__(
        self, handle: Handler, accounts: Accounts, codes: PhoneCodes, conceal: Conceal, tokens: TokenIssuer, attempts: Attempts
    ) -> None:
        self.handle = handle
        self.accounts = accounts
        self.codes = codes
        self.conceal = conceal
        self.tokens = tokens
        self.attempts = attempts

    def __call__(
        self, phone: str, code: str, name: str, device: Device, new_user: UUID, session_id: UUID, now: datetime, meta: Meta
    ) -> Tokens:
        """`new_user` is registered where nobody signs in with the number yet, under the `name` or else the number's last digits."""
        number = number_of(phone)
        called = named(name) if name else f"Trader {number[-4:]}"
        self.attempts("redeem_from", device.address)
        if not self.codes.spend(number, code, now):
            raise Rejected("code_invalid", "Ask for a new code where this one does not help.", pointer="/code")
        concealed = self.conceal(number)
        holder = self.accounts.by_phone(concealed)
        if holder is not None and holder.suspended:
            raise Rejected("suspended", "This account is suspended.")
        user_id = holder.user_id if holder else new_user
        first = self.tokens.first(session_id, now)
        commands: list[tuple[UUID, Value]] = [(session_id, StartSession(session_id, user_id, device.agent, now))]
        written: list[Row] = [rows.OpenSessionByCode(session_id, user_id, device.agent, device.address, now, first.expires_at, first.hash)]
        if holder is None:
            commands.insert(0, (user_id, RegisterByPhone(user_id, number, called, now)))
            written = [rows.OpenAccount(user_id, [Role.CUSTOMER.value]), rows.Reserve("phone", concealed, user_id), *written]
        # Every sign-in starts a session of its own: its command is never one that came before.
        self.handle.together(commands, replace(meta, command_id=session_id, actor=user_id, fingerprint=b""), rows=written)
        access = self.tokens.access(user_id, session_id, now)
        return Tokens(access, first.token, self.tokens.access_seconds, user_id, session_id)
