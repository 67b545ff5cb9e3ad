"""Everything that signs people and services in, put together."""

from collections.abc import Mapping
from typing import Any

from psycopg_pool import ConnectionPool

from application.attempts import Attempts
from application.commands.api_keys import MakeKey, RevokeKey
from application.commands.emails import ChangeEmail, RedeemLink, SendLink
from application.commands.passwords import ChangeOwnPassword, NewPassword, RedeemReset
from application.commands.people.phones import AddPhone, AskCode, SignInByPhone
from application.commands.people.proof import Proof
from application.commands.sessions import LeaveSession, Refresh, SignIn
from application.commands.users import ChangeStanding, Register
from application.credentials import RateLimit
from application.handler import Handler
from infrastructure.security.api_keys import DerivedApiKeys
from infrastructure.security.authentication import Authentication
from infrastructure.security.codes import DeliveryCodes
from infrastructure.security.concealed import Concealed
from infrastructure.security.links import SignedLinks
from infrastructure.security.passwords import Argon2Passwords
from infrastructure.security.phone_codes import PostgresPhoneCodes
from infrastructure.security.store import PostgresAccounts, PostgresRefreshTokens
from infrastructure.security.tokens import SessionTokens
from infrastructure.settings import Settings


def session_tokens(settings: Settings) -> SessionTokens:
    return SessionTokens(
        settings.key("access-tokens"),
        settings.key("refresh-tokens"),
        access_seconds=settings.access_token_seconds,
        refresh_days=settings.refresh_token_days,
    )


class SigningIn:
    """`authentication` is asked on every request and closed at the end; `commands` are what routes are given, by name."""

    def __init__(
        self, settings: Settings, pool: ConnectionPool[Any], handle: Handler, limits: RateLimit, passwords: Argon2Passwords
    ) -> None:
        tokens = session_tokens(settings)
        conceal = Concealed(settings.key("reservations"))
        self.attempts = attempts = Attempts(limits)
        self.links = SignedLinks(settings.key("links"))
        self.accounts = PostgresAccounts(pool)
        self.authentication = Authentication(pool, tokens)
        self.conceal = conceal
        self.phone_codes = PostgresPhoneCodes(pool, DeliveryCodes(settings.key("phone-codes")), conceal, settings.key("phone-numbers"))
        self.register = Register(handle, passwords, conceal)
        proof = Proof(handle, self.accounts, passwords, self.phone_codes, attempts)
        leave = LeaveSession(handle, self.authentication)
        new_password = NewPassword(handle, self.accounts, passwords, self.authentication)
        self.commands: Mapping[str, Any] = {
            "attempts": attempts,
            "register": self.register,
            "change_standing": ChangeStanding(handle, self.accounts, self.authentication),
            "sign_in": SignIn(handle, self.accounts, passwords, conceal, tokens, attempts),
            "ask_code": AskCode(self.phone_codes, conceal, attempts),
            "sign_in_by_phone": SignInByPhone(handle, self.accounts, self.phone_codes, conceal, tokens, attempts),
            "leave_session": leave,
            "refresh": Refresh(PostgresRefreshTokens(pool, tokens), tokens, leave),
            "send_link": SendLink(handle, self.accounts, conceal, attempts),
            "redeem_link": RedeemLink(handle, self.links, conceal),
            "change_email": ChangeEmail(handle, self.accounts, proof, conceal),
            "add_phone": AddPhone(handle, self.phone_codes, proof, conceal),
            "change_password": ChangeOwnPassword(handle, self.accounts, passwords, new_password, attempts),
            "redeem_reset": RedeemReset(self.links, new_password),
            "make_key": MakeKey(handle, DerivedApiKeys(settings.key("api-keys"))),
            "revoke_key": RevokeKey(handle, self.authentication),
        }

    def close(self) -> None:
        self.authentication.close()
