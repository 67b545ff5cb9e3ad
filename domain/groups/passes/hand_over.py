"""A pass: what a member shows to be handed the goods that were paid for, each piece once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.groups.passes.commands import (
    ChangePass,
    IssuePass,
    PassCommand,
    ReconcileHandOver,
    RedeemPass,
    ReplacePass,
    VoidPass,
)
from domain.groups.passes.events import (
    Clash,
    HandOverClashed,
    PassEvent,
    PassIssued,
    PassRedeemed,
    PassStatus,
    PassVoided,
    Voiding,
)
from domain.lifecycle import UNASKED, Lifecycle, step
from domain.values import Actor, Role, Value

MEMBER = "member"
ORGANISER = "organiser"
STAFF = "staff"
COUNTER = {ORGANISER, STAFF}
"""Who hands goods out."""

S = PassStatus
OPEN = frozenset({S.ISSUED, S.PARTLY_REDEEMED})
GONE = frozenset({S.VOID, S.WITHDRAWN})

LIFECYCLE = Lifecycle(
    "pass",
    [
        step("redeem", RedeemPass, OPEN, COUNTER, "pass_used"),
        step(UNASKED, ReconcileHandOver, S, COUNTER, "pass_used"),
        step("replace", ReplacePass, OPEN, {MEMBER}, "pass_used"),
        step("replace", ReplacePass, {*OPEN, S.WITHDRAWN}, {STAFF}, "pass_used"),
        step("void", VoidPass, OPEN, COUNTER, "pass_used"),
    ],
)


class Unissued(Value, frozen=True, tag=True):
    pass


class Issued(Value, frozen=True, tag=True):
    """A pass at any point of its life. `redemptions` says how much each hand-over was of; `clashes` are those of them that clashed."""

    issued: PassIssued
    status: PassStatus
    left: int
    redemptions: Mapping[UUID, int] = {}
    clashes: Mapping[UUID, Clash] = {}


Pass = Unissued | Issued


def decide(command: PassCommand, held: Pass) -> list[PassEvent]:
    match command, held:
        case IssuePass(), Unissued():
            return [issued(command)]
        case IssuePass(), Issued():
            return []  # asked twice: already so
        case _, Unissued():
            raise Rejected("pass_not_found")
        case _, Issued():
            return change(command, held)


def issued(command: IssuePass) -> PassIssued:
    if not command.by.is_any(Role.STAFF, Role.ADMIN):
        raise Rejected("not_yours")
    return PassIssued(
        command.pass_id,
        command.group_id,
        command.member_id,
        command.pickup_id,
        command.quantity,
        command.number,
        command.expires_at,
        command.now,
        command.organiser_id,
        command.title,
        command.sku,
        command.unit,
        command.pickup,
    )


def change(command: ChangePass, held: Issued) -> list[PassEvent]:
    own = relations_to(held, command.by)
    if isinstance(command, RedeemPass | ReconcileHandOver) and not own.isdisjoint(COUNTER) and repeated(command, held):
        return []
    if isinstance(command, VoidPass) and not own.isdisjoint(COUNTER) and held.status in GONE:
        return []
    check(command, held, own)
    match command:
        case RedeemPass():
            return [redeemed(command, held)]
        case ReconcileHandOver():
            return reconciled(command, held)
        case ReplacePass():
            if command.left != held.left:
                raise Rejected("pass_changed", "Something was handed out for it at this moment.")
            return [voided(command, held, Voiding.REPLACED, command.replacement_id)]
        case VoidPass():
            return [voided(command, held, Voiding.WITHDRAWN)]


def check(command: ChangePass, held: Issued, own: frozenset[str]) -> None:
    """Of the refusals of a pass that is no longer open, the one that says why."""
    try:
        LIFECYCLE.check(command, held.status, own)
    except Rejected as refused:
        if refused.code == "pass_used" and held.status in GONE:
            raise Rejected("pass_void", "Another pass counts instead, if any.") from None
        raise
    if isinstance(command, RedeemPass | ReplacePass) and command.now >= held.issued.expires_at:
        raise Rejected("pass_expired", "The time to pick up is over.")


def repeated(command: RedeemPass | ReconcileHandOver, held: Issued) -> bool:
    """Whether this hand-over is known already; what is known under its id must be the same."""
    known = held.redemptions.get(command.redemption_id)
    if known is None:
        return False
    if command.quantity not in {None, known}:
        raise Rejected("redemption_reused", f"This hand-over was of {known}.", pointer="/redemptionId")
    return True


def redeemed(command: RedeemPass, held: Issued) -> PassRedeemed:
    of = held.issued
    if command.pickup_id not in {None, of.pickup_id}:
        raise Rejected("pass_elsewhere", "The goods lie at another place.", pointer="/pickupId")
    quantity = held.left if command.quantity is None else command.quantity
    positive(quantity)
    if quantity > held.left:
        raise Rejected("pass_used", f"{held.left} of {of.quantity} are left.", pointer="/quantity")
    return PassRedeemed(
        of.pass_id,
        of.group_id,
        of.member_id,
        quantity,
        held.left - quantity,
        command.redemption_id,
        command.by.id,
        command.now,
        of.pickup_id,
        command.now,
    )


def reconciled(command: ReconcileHandOver, held: Issued) -> list[PassEvent]:
    """The goods are gone: what was left of them is taken off the pass, and what was not is recorded as a clash."""
    of = held.issued
    if command.group_id != of.group_id:
        raise Rejected("pass_not_found", "It is another group's.")
    positive(command.quantity)
    handed_at = min(command.handed_at, command.now)
    clash = clashing(command, held)
    due = 0 if clash else min(command.quantity, held.left)
    events: list[PassEvent] = []
    if due:
        left = held.left - due
        id, by = command.redemption_id, command.by.id
        events.append(PassRedeemed(of.pass_id, of.group_id, of.member_id, due, left, id, by, command.now, of.pickup_id, handed_at))
    if due < command.quantity:
        events.append(
            HandOverClashed(
                of.pass_id,
                of.group_id,
                of.member_id,
                command.pickup_id,
                command.quantity,
                command.quantity - due,
                clash or Clash.USED,
                command.redemption_id,
                command.by.id,
                handed_at,
                command.now,
            )
        )
    return events


def clashing(command: ReconcileHandOver, held: Issued) -> Clash | None:
    if held.status in GONE:
        return Clash.VOID
    if command.pickup_id != held.issued.pickup_id:
        return Clash.ELSEWHERE
    return Clash.EXPIRED if min(command.handed_at, command.now) >= held.issued.expires_at else None


def positive(quantity: int) -> None:
    if quantity < 1:
        raise Rejected("quantity_invalid", "At least one piece.", pointer="/quantity")


def voided(command: ReplacePass | VoidPass, held: Issued, reason: Voiding, replaced_by: UUID | None = None) -> PassVoided:
    of = held.issued
    return PassVoided(of.pass_id, of.group_id, of.member_id, reason, command.now, command.by.id, held.left, replaced_by)


def relations(member_id: UUID, organiser_id: UUID | None, by: Actor) -> frozenset[str]:
    """What `by` is to a pass; one person may be several."""
    held = {MEMBER: by.id == member_id, ORGANISER: by.id == organiser_id, STAFF: by.is_any(Role.STAFF, Role.ADMIN)}
    return frozenset(relation for relation, holds in held.items() if holds)


def relations_to(held: Issued, by: Actor) -> frozenset[str]:
    return relations(held.issued.member_id, held.issued.organiser_id, by)


def evolve(held: Pass, event: PassEvent) -> Pass:
    match event, held:
        case PassIssued(), _:
            return Issued(event, S.ISSUED, event.quantity)
        case PassRedeemed(), Issued():
            return replace(held, status=status_after(event.left), left=event.left, redemptions=handed(held, event, event.quantity))
        case HandOverClashed(), Issued():
            clashes = {**held.clashes, event.redemption_id: event.reason}
            return replace(held, redemptions=handed(held, event, event.quantity), clashes=clashes)
        case PassVoided(), Issued():
            return replace(held, status=status_after_voiding(event))
        case _:
            return held


def handed(held: Issued, event: PassRedeemed | HandOverClashed, quantity: int) -> Mapping[UUID, int]:
    return {**held.redemptions, event.redemption_id: quantity}


def status_after(left: int) -> PassStatus:
    return S.PARTLY_REDEEMED if left else S.REDEEMED


def status_after_voiding(event: PassVoided) -> PassStatus:
    return S.VOID if event.reason is Voiding.REPLACED else S.WITHDRAWN


def actions(held: Any, by: Actor) -> list[str]:
    return LIFECYCLE.actions(held.status, relations_to(held, by)) if isinstance(held, Issued) else []


passes = Decider("pass", Unissued(), decide, evolve, actions=actions)
