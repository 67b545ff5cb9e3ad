"""When a delivery that failed is tried again: ten times in three days, later where the other side asks for it, never all at once."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from application.webhooks.ports import Answer, Outcome

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first try, the second, and so on; behind the last there is none. Three days and some hours in all."""

JITTER = 0.2
"""By how much of itself a pause is longer at most: deliveries that failed together part."""

LONGEST_WISH = timedelta(hours=1)
"""How far the other side may put us off by `Retry-After`."""

HOLDS = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
"""Where `Retry-After` comes with these, it is meant for everything, not for the one message."""


def judged(answer: Answer, tries: int, at: datetime, spread: float) -> Outcome:
    """What becomes of a delivery after its n-th try (`tries` counts those before); `spread` is from 0 to 1."""
    if answer.taken:
        return Outcome("delivered", answer, at)
    if answer.fault == "payload_too_large":
        return Outcome("failed", answer, at, ours=True)
    wished = wish(answer.retry_after, at)
    hold_until = at + wished if wished and answer.status in HOLDS else None
    if tries >= len(PAUSES):
        return Outcome("failed", answer, at, hold_until=hold_until)
    pause = max(PAUSES[tries], wished)
    return Outcome("pending", answer, at, at + pause * (1 + JITTER * spread), hold_until)


def wish(retry_after: str, at: datetime) -> timedelta:
    """`Retry-After` (RFC 9110, 10.2.3): seconds, or a moment; nothing for what is neither, and no more than we put up with."""
    said = retry_after.strip()
    if said.isascii() and said.isdigit():
        seconds = int(said[:9])
        return min(timedelta(seconds=seconds), LONGEST_WISH)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return timedelta(0)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - at, timedelta(0)), LONGEST_WISH)
