"""Signatures over a raw body with the moment in it, in the form `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`."""

import hashlib
import hmac
from datetime import datetime, timedelta

from application.payments.ports import Forged

TOLERANCE = timedelta(minutes=5)


def sign(key: bytes, body: bytes, at: datetime) -> str:
    moment = int(at.timestamp())
    return f"t={moment},v1={digest(key, body, moment)}"


def check(key: bytes, header: str, body: bytes, now: datetime) -> None:
    """Raises `Forged` for another key, another body, or a moment too far from now."""
    parts = {name: value for name, _, value in (part.partition("=") for part in header.split(","))}
    try:
        moment = int(parts["t"])
    except (KeyError, ValueError):
        raise Forged from None
    if not hmac.compare_digest(digest(key, body, moment), parts.get("v1", "")):
        raise Forged
    if abs(now.timestamp() - moment) > TOLERANCE.total_seconds():
        raise Forged


def digest(key: bytes, body: bytes, moment: int) -> str:
    return hmac.new(key, b"%d.%b" % (moment, body), hashlib.sha256).hexdigest()
