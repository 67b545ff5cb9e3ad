"""Being forgotten: asked for with what stands in its way, and carried out when the time has come."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable
from uuid import UUID, uuid5

from msgspec import Struct

from application import rows
from application.commands.users import ending
from application.credentials import Accounts, Remembered
from application.handler import Appended, Handler
from application.ports import Clock, Meta
from domain.decider import Rejected
from domain.listings.commands import ArchiveListing
from domain.users.commands import EraseUser, PostponeErasure, RequestErasure
from domain.users.events import Blocking
from domain.users.user import Registered, users
from domain.values import SYSTEM, Actor

NAMED = 20
"""So many of the things that stand in the way are named."""

AGAIN = timedelta(days=1)
"""After which it is looked again whether everything has come to its end."""

CHECKED = 16
"""So many listings are archived by one look at those that are open."""


class Kept(Struct, frozen=True, rename="camel"):
    """What the law obliges us to keep: so many papers of a kind, destroyed with the end of `until`, a year."""

    kind: str
    count: int
    until: int


@runtime_checkable
class Dealings(Protocol):
    """What a person has to do with others, as read models know it."""

    def caught_up(self) -> bool:
        """Whether the read models asked here know of everything that was on the log at this moment."""
        ...

    def blocking(self, user_id: UUID, limit: int) -> Sequence[Blocking]:
        """What is in flight: it has to come to its end before the person can be forgotten."""
        ...

    def on_offer(self, user_id: UUID, limit: int) -> Sequence[UUID]:
        """Listings that are not archived."""
        ...

    def kept(self, user_id: UUID) -> Sequence[Kept]: ...


@runtime_checkable
class Traces(Protocol):
    """What lies beside the log and can only be found by what it says."""

    def sweep(self, user_id: UUID) -> None:
        """Remove letters, texts and codes to and about the person. Asked while his key is still there."""
        ...


class Asked(Struct, frozen=True):
    """What was asked for: when it is due, what stands in its way by now, and what stays all the same."""

    appended: Appended
    due_at: datetime | None
    blocking: Sequence[Blocking]
    kept: Sequence[Kept]


class AskErasure:
    """`grace` is how long it can be taken back."""

    def __init__(self, handle: Handler, dealings: Dealings, grace: timedelta) -> None:
        self.handle = handle
        self.dealings = dealings
        self.grace = grace

    def __call__(self, user_id: UUID, by: Actor, now: datetime, meta: Meta, expected: int | None, days: int | None = None) -> Asked:
        grace = self.grace if days is None else timedelta(days=days)
        appended = self.handle(user_id, RequestErasure(user_id, now + grace, by, now), meta, expected)
        due_at = appended.state.erasure_due_at if isinstance(appended.state, Registered) else None
        return Asked(appended, due_at, self.dealings.blocking(user_id, NAMED), self.dealings.kept(user_id))


class Unsettled(Exception):
    """Read models do not know of everything yet: look again in a moment."""


class CarryOut:
    """Forgets a person whose time has come. Safe to be run again at any point: the last append is the one that counts."""

    def __init__(
        self, handle: Handler, dealings: Dealings, traces: Traces, accounts: Accounts, remembered: Remembered, clock: Clock
    ) -> None:
        self.handle = handle
        self.dealings = dealings
        self.traces = traces
        self.accounts = accounts
        self.remembered = remembered
        self.clock = clock

    def __call__(self, user_id: UUID, job: UUID, correlation: UUID, cause: UUID) -> bool:
        """Whether he is forgotten; False where something is in flight, which puts it off.

        Raises `Unsettled`; refuses `erasure_not_requested` and `erasure_not_due` where it was taken back or put off meanwhile.
        """
        now = self.clock()
        person = self.handle.state(user_id, users)
        if not isinstance(person, Registered):
            return True
        if person.erasure_due_at is None or now < person.erasure_due_at:
            raise Rejected("erasure_not_due")
        if not self.dealings.caught_up():
            raise Unsettled
        # One command for each moment that it is due at: a repeated job finds it done, a later one does not.
        meta = Meta(uuid5(job, person.erasure_due_at.isoformat()), SYSTEM.id, correlation, cause)
        if blocking := tuple(self.dealings.blocking(user_id, NAMED)):
            self.handle(user_id, PostponeErasure(user_id, now + AGAIN, blocking, now), meta)
            return False
        self._withdraw_from_sale(user_id, meta, now)
        self.traces.sweep(user_id)
        ended = ending(self.accounts, user_id, "erased", SYSTEM, now)
        written = [rows.DestroyKey(user_id), rows.ForgetAccount(user_id), rows.NoteErasure(user_id)]
        self.handle.together([(user_id, EraseUser(user_id, now)), *ended], meta, rows=written)
        self.remembered.forget(user_id)
        self.handle.memory.clear()
        return True

    def _withdraw_from_sale(self, user_id: UUID, meta: Meta, now: datetime) -> None:
        for listing in self.dealings.on_offer(user_id, CHECKED):
            own = Meta(uuid5(meta.command_id, str(listing)), SYSTEM.id, meta.correlation_id, meta.causation_id)
            with suppress(Rejected):  # he was quicker
                self.handle(listing, ArchiveListing(listing, SYSTEM, now), own)
        if len(self.dealings.on_offer(user_id, CHECKED)) == CHECKED:
            raise Unsettled
