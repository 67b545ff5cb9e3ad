"""The sandbox's test numbers: what each card does. Their table is in docs/payments.md."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from msgspec import Struct


class Card(Struct, frozen=True):
    """`declined` by this code; `action`: 3-D Secure; `settles` later by itself, and cannot be stopped unless `stoppable`.

    `lost`: the first answer never comes, the request having arrived or not; `down`: nothing is answered for so long. `off` and
    `currency` make what is taken differ from what was asked. `dispute` follows a minute after the money, and its ruling a day later.
    """

    about: str
    declined: str = ""
    action: bool = False
    settles: timedelta | None = None
    stoppable: bool = True
    lost: Literal["", "before", "after"] = ""
    down: timedelta | None = None
    off: int = 0
    currency: str = ""
    dispute: Literal["", "won", "lost"] = ""
    refund_fails: str = ""
    twice: bool = False


CARDS: Mapping[str, Card] = {
    "4242424242424242": Card("approved"),
    "4000000000000002": Card("declined", declined="card_declined"),
    "4000000000009995": Card("declined for want of funds", declined="insufficient_funds"),
    "4000000000000069": Card("declined as expired", declined="expired_card"),
    "4000000000003220": Card("asks for 3-D Secure", action=True),
    "4000000000000077": Card("approved a minute later", settles=timedelta(minutes=1)),
    "4000000000000085": Card("approved 30 days later, and cannot be stopped", settles=timedelta(days=30), stoppable=False),
    "4000000000000036": Card("times out; the charge is found when asked for", lost="after"),
    "4000000000000044": Card("times out before it arrives; the next try is approved", lost="before"),
    "4000000000000051": Card("the provider is down for an hour", down=timedelta(hours=1)),
    "4000000000000093": Card("takes one unit too little", off=-1),
    "4000000000000101": Card("takes one unit too much", off=1),
    "4000000000000119": Card("takes another currency", currency="XTS"),
    "4000000000000259": Card("approved; charged back and lost", dispute="lost"),
    "4000000000001976": Card("approved; disputed and won", dispute="won"),
    "4000000000005126": Card("approved; refunds fail", refund_fails="account_closed"),
    "4000000000000127": Card("approved; every message comes twice", twice=True),
}


def fee_of(amount: int) -> int:
    """2.9 % and 30 minor units, as cards cost in many places; never more than what came."""
    return min(amount, amount * 29 // 1000 + 30)
