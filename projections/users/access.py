"""What queries ask of sessions and keys that is kept beside the log, because it is no history."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from domain.values import Value


class SeenSession(Value, frozen=True):
    """A signed-in device: `agent` as it names itself, `address` on the network at its sign-in."""

    id: UUID
    agent: str
    address: str
    started_at: datetime
    seen_at: datetime
    expires_at: datetime


@runtime_checkable
class Access(Protocol):
    def sessions(self, user_id: UUID, now: datetime) -> Sequence[SeenSession]:
        """Those that still let someone in, the newest first."""
        ...

    def last_uses(self, keys: Iterable[UUID]) -> Mapping[UUID, datetime]:
        """When each key was last used, to within a minute; keys that never were are left out."""
        ...
