"""What operators say with what they ask for."""

from typing import Annotated

from msgspec import Meta

from domain.operations.rules import REASON_LIMIT
from domain.values import Role
from interfaces.http.answers import Body
from interfaces.http.caller import requires

ADMINS = requires(Role.ADMIN)


class Why(Body, frozen=True):
    """For other operators and auditors; never about a person: it stays in history."""

    reason: Annotated[str, Meta(min_length=1, max_length=REASON_LIMIT, examples=["The listing was a test of ours; support ticket 4711."])]
