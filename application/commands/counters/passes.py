"""What is asked of passes where two of them, or many at once, come into it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from msgspec.structs import replace

from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.groups.ids import pass_id
from domain.groups.passes.commands import IssuePass, ReconcileHandOver, ReplacePass
from domain.groups.passes.events import PassIssued
from domain.groups.passes.hand_over import Issued, Pass, passes
from domain.values import SYSTEM, Actor, Value

ATTEMPTS = 5
"""How often a pass is replaced anew when goods are handed out for it at the same time."""


class ReplaceLostPass:
    """Makes a pass void and issues the next one for what is left, both or neither; answers with the new one."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, lost: UUID, by: Actor, now: datetime, meta: Meta, expected: int | None = None) -> Appended:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._once(lost, by, now, meta, expected)
            except Rejected as refused:
                if refused.code != "pass_changed" or attempt == ATTEMPTS:
                    raise
        raise AssertionError

    def _once(self, lost: UUID, by: Actor, now: datetime, meta: Meta, expected: int | None) -> Appended:
        held = self.handle.state(lost, passes)
        if not isinstance(held, Issued):
            raise Rejected("pass_not_found")
        of = held.issued
        new = pass_id(of.group_id, of.member_id, of.number + 1)
        given = [(lost, ReplacePass(lost, new, held.left, by, now)), (new, successor(of, new, held.left, now))]
        return self.handle.together(given, meta, expected)[1]


def successor(of: PassIssued, id: UUID, left: int, now: datetime) -> IssuePass:
    return IssuePass(
        id,
        of.group_id,
        of.member_id,
        of.pickup_id,
        left,
        of.number + 1,
        of.expires_at,
        SYSTEM,
        now,
        of.organiser_id,
        of.title,
        of.sku,
        of.unit,
        of.pickup,
    )


class Outcome(StrEnum):
    """What became of a hand-over that happened where there was no network."""

    ACCEPTED = "accepted"
    ALREADY = "already"
    CONFLICT = "conflict"
    REFUSED = "refused"


class Reconciled(Value, frozen=True):
    """`code` says why it is a conflict, or was refused; `left` is what the pass is still good for."""

    pass_id: UUID
    redemption_id: UUID
    outcome: Outcome
    code: str = ""
    left: int | None = None
    position: int = 0


class ReconcileHandOvers:
    """Each hand-over is taken by itself: none is lost because of another, and sent again they change nothing.

    Refuses `not_yours` as a whole for whoever does not hand out this group's goods.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, commands: Sequence[ReconcileHandOver], meta: Meta) -> list[Reconciled]:
        before = self._states({each.pass_id for each in commands})
        known = {(id, redemption) for id, held in before.items() if isinstance(held, Issued) for redemption in held.redemptions}
        return [self._one(command, meta, repeated=(command.pass_id, command.redemption_id) in known) for command in commands]

    def _states(self, ids: Iterable[UUID]) -> Mapping[UUID, Pass]:
        """Those that are passes; one by one where an id is that of something else, which shall not stop the others."""
        wanted = [(id, passes) for id in ids]
        try:
            return self.handle.states(wanted)
        except Rejected:
            return {} if len(wanted) == 1 else {id: state for each, _ in wanted for id, state in self._states([each]).items()}

    def _one(self, command: ReconcileHandOver, meta: Meta, *, repeated: bool) -> Reconciled:
        id, redemption = command.pass_id, command.redemption_id
        own = replace(meta, command_id=uuid5(meta.command_id, f"{id} {redemption}"))
        try:
            appended = self.handle(id, command, own)
        except Rejected as refused:
            if refused.code == "not_yours":
                raise
            return Reconciled(id, redemption, Outcome.REFUSED, refused.code)
        held = appended.state
        if redemption in held.clashes:
            return Reconciled(id, redemption, Outcome.CONFLICT, held.clashes[redemption], held.left, appended.position)
        outcome = Outcome.ALREADY if repeated or appended.replayed else Outcome.ACCEPTED
        return Reconciled(id, redemption, outcome, "", held.left, appended.position)
