"""The tokens of a session: an access token that proves itself, and refresh tokens that follow from each other."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from msgspec import Struct

from application.credentials import FirstToken

ISSUER = "tradewind"
ALGORITHM = "HS256"
REQUIRED = ["iss", "aud", "sub", "sid", "exp", "iat"]


class Access(Struct, frozen=True):
    """What an access token says; `expires` is in seconds since 1970."""

    user_id: UUID
    session_id: UUID
    expires: int


class SessionTokens:
    """Access tokens are JWTs (RFC 7519) signed by HS256, refresh tokens are opaque.

    The first refresh token is an HMAC of its session, each next one an HMAC of the one before: a token that is presented twice
    leads to the same successor without that being stored.
    """

    def __init__(self, access_key: bytes, refresh_key: bytes, *, access_seconds: int, refresh_days: int) -> None:
        self.access_seconds = access_seconds
        self.refresh_lasts = timedelta(days=refresh_days)
        self._access_key = access_key
        self._refresh_key = refresh_key
        self._key_id = hashlib.sha256(access_key).hexdigest()[:16]

    def access(self, user_id: UUID, session_id: UUID, now: datetime) -> str:
        issued = int(now.timestamp())
        claims = {
            "iss": ISSUER,
            "aud": ISSUER,
            "sub": str(user_id),
            "sid": str(session_id),
            "iat": issued,
            "exp": issued + self.access_seconds,
        }
        return jwt.encode(claims, self._access_key, ALGORITHM, headers={"kid": self._key_id})

    def read(self, token: str) -> Access | None:
        """What a token says that was signed here and is still good."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token, self._access_key, algorithms=[ALGORITHM], audience=ISSUER, issuer=ISSUER, options={"require": REQUIRED}
            )
            return Access(UUID(claims["sub"]), UUID(claims["sid"]), int(claims["exp"]))
        except (jwt.InvalidTokenError, ValueError):
            return None

    def first(self, session_id: UUID, now: datetime) -> FirstToken:
        token = self._derive(b"first:" + session_id.bytes)
        return FirstToken(token, hashed(token), now + self.refresh_lasts)

    def successor(self, token: str) -> str:
        return self._derive(b"after:" + token.encode())

    def _derive(self, source: bytes) -> str:
        return urlsafe_b64encode(hmac.digest(self._refresh_key, source, hashlib.sha256)).rstrip(b"=").decode()


def hashed(token: str) -> bytes:
    """Tokens are as random as keys, so a plain hash keeps them."""
    return hashlib.sha256(token.encode()).digest()
