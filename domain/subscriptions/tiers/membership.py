"""A membership: the tier that a person holds, as its provider's messages and its owner's wishes make it.

Messages come twice, late and in any order. Each speaks of a revision (which of the member's wishes the subscription answers), of a
period by its end, and of how that stands; they are ranked by revision, end of the subscription, period, stage and attempt, and only
one of a higher rank than any before changes how the membership stands. A missed payment is below the payment of the same period,
so whoever has paid has paid, and what has ended stays so. Money is noted once for each charge, whatever its rank.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.lifecycle import UNASKED, Lifecycle, step
from domain.subscriptions.tiers.commands import CancelTier, LapseTier, MembershipCommand, ReportTier, RequestTier, ResumeTier, Stage
from domain.subscriptions.tiers.events import (
    Held,
    MembershipEvent,
    PaymentMissed,
    Standing,
    SurplusFound,
    TierCancelled,
    TierChanged,
    TierChangeRequested,
    TierCharged,
    TierEnded,
    TierRenewed,
    TierRequested,
    TierResumed,
    TierStarted,
)
from domain.subscriptions.tiers.offers import CHECKOUT_LIFE, CURRENCY, OFFERS, Limits, Period, Tier
from domain.values import SYSTEM, Actor, Value

MEMBERSHIPS = UUID("e2d5a7c4-4b0d-5b57-8b51-0d8f6a1b93c2")
"""The namespace of the streams' ids."""

MEMBER, OURSELVES = "member", "service"


def membership_id(user_id: UUID) -> UUID:
    return uuid5(MEMBERSHIPS, str(user_id))


LIFECYCLE = Lifecycle(
    "membership",
    [
        step("request", RequestTier, {Standing.FREE, Standing.ACTIVE}, {MEMBER}, "tier_not_changeable"),
        step("cancel", CancelTier, {Standing.ACTIVE, Standing.MISSED}, {MEMBER}, "tier_not_held"),
        step("resume", ResumeTier, {Standing.ENDING}, {MEMBER}, "tier_not_ending"),
        step(UNASKED, ReportTier, Standing, {OURSELVES}, "tier_not_held"),
        step(UNASKED, LapseTier, Standing, {OURSELVES}, "tier_not_held"),
    ],
)


class Rank(Value, frozen=True, order=True):
    revision: int
    ended: bool
    period_ends: datetime
    paid: bool
    attempt: int


class Asked(Value, frozen=True):
    revision: int
    tier: Tier
    period: Period
    provider: str
    expires_at: datetime


class Membership(Value, frozen=True, tag=True):
    """`revision` is the last that was given out, `asked` a checkout that may still be paid. `held` stays known after its end.

    `charges` are the money that came, `surplus` the subscriptions that nobody needed and `over` those that ended, by the provider's names.
    """

    revision: int = 0
    asked: Asked | None = None
    held: Held | None = None
    ended: bool = True
    cancelled: bool = False
    attempt: int = 0
    due_at: datetime | None = None
    rank: Rank | None = None
    charges: frozenset[str] = frozenset()
    surplus: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()

    @property
    def standing(self) -> Standing:
        if self.held is None or self.ended:
            return Standing.FREE
        if self.attempt:
            return Standing.MISSED
        return Standing.ENDING if self.cancelled else Standing.ACTIVE

    @property
    def tier(self) -> Tier:
        return Tier.FREE if self.held is None or self.ended else self.held.tier

    @property
    def limits(self) -> Limits:
        return OFFERS[self.tier].limits


def decide(command: MembershipCommand, membership: Membership) -> list[MembershipEvent]:
    LIFECYCLE.check(command, membership.standing, relations(command.user_id, command.by))
    held, user, now = membership.held, command.user_id, command.now
    match command:
        case RequestTier():
            return request(command, membership)
        case ReportTier():
            return hear(command, membership)
        case CancelTier():
            return [TierCancelled(user, held, now)] if held and not membership.cancelled else []
        case ResumeTier():
            return [TierResumed(user, held, now)] if held else []
        case LapseTier():
            if held is None or membership.standing is not Standing.MISSED:
                return []  # paid, or ended, meanwhile
            same = (held.revision, held.period_ends) == (command.revision, command.period_ends)
            return [TierEnded(user, held, "unpaid", now)] if same else []


def request(command: RequestTier, membership: Membership) -> list[MembershipEvent]:
    price = OFFERS[command.tier].prices.get(command.period)
    if price is None:
        raise Rejected("tier_invalid", "This costs nothing: cancel what you hold.", pointer="/tier")
    wanted, number, now = (command.tier, command.period), membership.revision + 1, command.now
    held, asked = membership.held, membership.asked
    if held is not None and membership.standing is Standing.ACTIVE:
        if wanted == (held.tier, held.period):
            raise Rejected("tier_held", "It is what you hold.")
        return [TierChangeRequested(command.user_id, number, *wanted, CURRENCY, price, held, now)]
    if asked is not None and wanted == (asked.tier, asked.period) and now < asked.expires_at:
        return []  # asked twice: the same checkout
    expires_at = now + CHECKOUT_LIFE
    return [TierRequested(command.user_id, number, *wanted, CURRENCY, price, command.provider, expires_at, now)]


def hear(command: ReportTier, membership: Membership) -> list[MembershipEvent]:
    held, user, now = command.held, command.user_id, command.now
    if not 0 < held.revision <= membership.revision:
        raise Rejected("tier_not_found", "Nobody has asked for it.")
    charged: list[MembershipEvent] = []
    if command.charge and command.charge not in membership.charges:
        about = (held.provider, command.charge, held.tier, held.period, held.period_ends, command.currency, command.amount)
        charged.append(TierCharged(user, *about, now, command.fee))
    if command.stage is Stage.OPEN:
        return charged
    known = membership.held
    if membership.rank is not None and rank_of(command) <= membership.rank:
        unneeded = command.stage is Stage.PAID and known is not None and known.reference != held.reference
        surplus = unneeded and held.reference not in membership.surplus | membership.over
        return [*charged, *([SurplusFound(user, held, now)] if surplus else [])]
    if known is not None and not membership.ended and known.reference not in {held.reference, *membership.surplus}:
        charged.append(SurplusFound(user, known, now))
    return [*charged, stands(command, membership)]


def stands(command: ReportTier, membership: Membership) -> MembershipEvent:
    held, user, now, known = command.held, command.user_id, command.now, membership.held
    if command.stage is Stage.ENDED:
        return TierEnded(user, held, "cancelled" if membership.cancelled else "ended", now)
    if command.stage is Stage.MISSED:
        return PaymentMissed(user, held, max(command.attempt, 1), command.due_at or now, now)
    if known is None or membership.ended or known.reference != held.reference:
        return TierStarted(user, held, now)
    if (known.tier, known.period) != (held.tier, held.period):
        return TierChanged(user, held, now)
    return TierRenewed(user, held, now)


def rank_of(command: ReportTier) -> Rank:
    return ranked(command.held, ended=command.stage is Stage.ENDED, missed=max(command.attempt, 1) if command.stage is Stage.MISSED else 0)


def ranked(held: Held, *, ended: bool = False, missed: int = 0) -> Rank:
    """Of what has ended no period is above another."""
    if ended:
        return Rank(held.revision, True, datetime.min.replace(tzinfo=UTC), False, 0)
    return Rank(held.revision, False, held.period_ends, not missed, missed)


def relations(user_id: UUID, by: Actor) -> frozenset[str]:
    if by == SYSTEM:
        return frozenset({OURSELVES})
    return frozenset({MEMBER}) if by.id == user_id else frozenset()


def evolve(membership: Membership, event: MembershipEvent) -> Membership:
    match event:
        case TierRequested():
            asked = Asked(event.revision, event.tier, event.period, event.provider, event.expires_at)
            return replace(membership, revision=event.revision, asked=asked)
        case TierChangeRequested():
            return replace(membership, revision=event.revision)
        case TierStarted():
            return replace(holding(membership, event.held), cancelled=False)
        case TierRenewed() | TierChanged():
            return holding(membership, event.held)
        case PaymentMissed():
            rank = ranked(event.held, missed=event.attempt)
            return replace(holding(membership, event.held), attempt=event.attempt, due_at=event.due_at, rank=rank)
        case TierEnded():
            rank = ranked(event.held, ended=True)
            over = membership.over | {event.held.reference}
            return replace(holding(membership, event.held), ended=True, cancelled=False, rank=rank, over=over)
        case TierCharged():
            return replace(membership, charges=membership.charges | {event.charge})
        case TierCancelled() | TierResumed():
            return replace(membership, cancelled=isinstance(event, TierCancelled))
        case SurplusFound():
            return replace(membership, surplus=membership.surplus | {event.held.reference})


def holding(membership: Membership, held: Held) -> Membership:
    asked = membership.asked
    answered = asked is not None and asked.revision <= held.revision
    return replace(membership, asked=None if answered else asked, held=held, ended=False, attempt=0, due_at=None, rank=ranked(held))


def next_actions(user_id: UUID, standing: str, by: Actor) -> list[str]:
    """What `by` may do next with a membership that stands so: for queries, from a read model's row."""
    return LIFECYCLE.actions(standing, relations(user_id, by))


def actions(membership: Any, by: Actor) -> list[str]:
    # A membership's answers go to its member alone, who is whoever asks.
    return next_actions(by.id, membership.standing, by)


memberships = Decider("membership", Membership(), decide, evolve, actions=actions)
