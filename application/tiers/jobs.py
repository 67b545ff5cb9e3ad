"""Calls to the providers of subscriptions. Each may be made twice; what is heard comes back as a command, and ranks itself."""

from datetime import datetime
from uuid import UUID, uuid5

from application.effects.calls import (
    ChangeSubscription,
    EndSubscription,
    FollowCheckout,
    FollowTier,
    OpenCheckout,
    RetryCharge,
    SettleRenewal,
    TierWork,
)
from application.handler import Handler
from application.jobs.ports import History, Refused, Skipped
from application.ports import Clock, Meta
from application.tiers.ports import CheckoutBook, SeenTier, TierProvider, TierProviders, Wanted
from domain.subscriptions.tiers.commands import ReportTier
from domain.subscriptions.tiers.events import Held, Standing, SurplusFound, TierChangeRequested, TierEnded, TierRequested
from domain.subscriptions.tiers.membership import Membership, membership_id, memberships
from domain.values import SYSTEM


class TierJobs:
    """`site` is the address that members come back to."""

    def __init__(self, handle: Handler, history: History, providers: TierProviders, book: CheckoutBook, site: str, clock: Clock) -> None:
        self._handle = handle
        self._history = history
        self._providers = providers
        self._book = book
        self._site = site
        self._clock = clock

    def __call__(self, job_id: UUID, work: TierWork, correlation_id: UUID) -> None:
        """Raises `Skipped` where nothing is left to do, `Unavailable` where it must be tried again."""
        seen = self._done(work)
        if seen is not None:
            meta = Meta(uuid5(job_id, f"{seen.stage} {seen.held.period_ends} {seen.attempt}"), SYSTEM.id, correlation_id, job_id)
            self._handle(membership_id(seen.user_id), report(seen, self._clock()), meta)

    def _done(self, work: TierWork) -> SeenTier | None:
        match work:
            case OpenCheckout(user_id, revision):
                return self._open(user_id, revision)
            case FollowCheckout(user_id, revision):
                return self._follow(user_id, revision)
            case ChangeSubscription(user_id, revision):
                return self._change(user_id, revision)
            case EndSubscription(user_id, revision):
                return self._end(user_id, revision)
            case RetryCharge(user_id, revision, attempt):
                membership, held = self._held(user_id)
                if membership.standing is not Standing.MISSED or (held.revision, membership.attempt) != (revision, attempt):
                    raise Skipped("settled_meanwhile")
                return self._provider(held.provider).retry(held.reference)
            case SettleRenewal(user_id):
                membership, held = self._held(user_id)
                self._provider(held.provider).renew(held.reference, goes_on=not membership.cancelled)
                return None
            case FollowTier(user_id):
                _, held = self._held(user_id)
                return self._provider(held.provider).look(held.reference)

    def _open(self, user_id: UUID, revision: int) -> None:
        asked = self._asked(user_id, revision)
        membership = self._membership(user_id)
        if membership.asked is None or membership.asked.revision != revision:
            raise Skipped("asked_otherwise")
        # Two pages that can be paid would be two subscriptions.
        for earlier in range(1, revision):
            if before := self._book.checkout(user_id, earlier):
                self._provider(asked.provider).close(before.reference)
        opened = self._provider(asked.provider).open(wanted(asked), asked.expires_at, f"{self._site}/v1/subscriptions/me")
        self._book.opened(user_id, revision, asked.provider, opened)

    def _follow(self, user_id: UUID, revision: int) -> SeenTier | None:
        known = self._book.checkout(user_id, revision)
        if known is None:
            raise Skipped("never_opened")
        return self._provider(self._asked(user_id, revision).provider).outcome(known.reference)

    def _change(self, user_id: UUID, revision: int) -> SeenTier | None:
        membership, held = self._held(user_id)
        if membership.revision != revision:
            raise Skipped("asked_otherwise")
        changed = next(e for e in self._told(user_id) if isinstance(e, TierChangeRequested) and e.revision == revision)
        return self._provider(held.provider).change(held.reference, wanted(changed))

    def _end(self, user_id: UUID, revision: int) -> None:
        over = [e.held for e in self._told(user_id) if isinstance(e, TierEnded | SurplusFound) and e.held.revision == revision]
        for held in over:
            self._provider(held.provider).end(held.reference)

    def _asked(self, user_id: UUID, revision: int) -> TierRequested:
        return next(e for e in self._told(user_id) if isinstance(e, TierRequested) and e.revision == revision)

    def _told(self, user_id: UUID) -> list[object]:
        return [each.event for each in self._history.stream(membership_id(user_id))]

    def _membership(self, user_id: UUID) -> Membership:
        return self._handle.state(membership_id(user_id), memberships)

    def _held(self, user_id: UUID) -> tuple[Membership, Held]:
        membership = self._membership(user_id)
        if membership.held is None or membership.ended:
            raise Skipped("tier_over")
        return membership, membership.held

    def _provider(self, name: str) -> TierProvider:
        found = self._providers.get(name)
        if found is None:
            raise Refused(f"no provider {name} is configured")
        return found


def wanted(asked: TierRequested | TierChangeRequested) -> Wanted:
    return Wanted(asked.user_id, asked.revision, asked.tier, asked.period, asked.currency, asked.price)


def report(seen: SeenTier, now: datetime) -> ReportTier:
    return ReportTier(
        seen.user_id,
        seen.held,
        seen.stage,
        SYSTEM,
        now,
        seen.charge,
        seen.currency,
        seen.amount,
        seen.attempt,
        seen.due_at,
        seen.fee,
    )
