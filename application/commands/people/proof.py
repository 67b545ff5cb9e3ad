"""Who changes the way he signs in shows once more that it is he: a session alone, which may be stolen, is not enough."""

from datetime import datetime
from uuid import UUID

from application.attempts import Attempts
from application.credentials import Accounts, Passwords, PhoneCodes
from application.handler import Handler
from domain.decider import Rejected
from domain.users.user import Registered, users
from domain.values import clear


class Proof:
    """Refuses `wrong_password`; of somebody without a password, who gives a code, `code_invalid`."""

    def __init__(self, handle: Handler, accounts: Accounts, passwords: Passwords, codes: PhoneCodes, attempts: Attempts) -> None:
        self.handle = handle
        self.accounts = accounts
        self.passwords = passwords
        self.codes = codes
        self.attempts = attempts

    def __call__(self, user_id: UUID, password: str, code: str, now: datetime) -> None:
        """`code` is one that was texted to the number he signs in with."""
        self.attempts("password", str(user_id))
        login = self.accounts.by_id(user_id)
        known = login.password_hash if login else None
        if known is None and code:
            user = self.handle.state(user_id, users)
            number = clear(user.proven_phone) if isinstance(user, Registered) else ""
            if not number or not self.codes.spend(number, code, now):
                raise Rejected("code_invalid", "Ask for a new code where this one does not help.", pointer="/code")
        elif not self.passwords.matches(password, known):
            raise Rejected("wrong_password", "The present password is another.")
