"""How often someone may try what others could use to guess or to pester."""

from math import ceil
from typing import Literal

from msgspec import Struct

from application.credentials import RateLimit, TooManyAttempts

Kind = Literal[
    "sign_in", "sign_in_from", "register_from", "mail", "mail_from", "redeem_from", "password", "code", "code_from", "message", "track"
]


class Limit(Struct, frozen=True):
    attempts: int
    seconds: int


LIMITS: dict[Kind, Limit] = {
    "sign_in": Limit(10, 900),
    "sign_in_from": Limit(100, 900),
    "register_from": Limit(30, 3600),
    "mail": Limit(5, 3600),
    "mail_from": Limit(30, 3600),
    "redeem_from": Limit(60, 3600),
    "password": Limit(10, 900),
    "code": Limit(5, 3600),
    "code_from": Limit(30, 3600),
    "message": Limit(20, 60),
    "track": Limit(2, 2),
}
"""By account, number or mail address, and more generously by network address (`…_from`), which many people may share.

A delivery's position is told once a second; two at once, since networks hold one back and then let both through."""


class Attempts:
    def __init__(self, limits: RateLimit) -> None:
        self.limits = limits

    def __call__(self, kind: Kind, who: str) -> None:
        """Count one more; raises `TooManyAttempts`."""
        limit = LIMITS[kind]
        verdict = self.limits.allow(f"{kind}:{who}", limit.attempts, limit.seconds)
        if not verdict.allowed:
            raise TooManyAttempts(max(1, ceil(verdict.retry_after)))
