"""The tiers there are, the one that somebody holds, and what he was charged for it."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from domain.subscriptions.tiers.events import Standing
from domain.subscriptions.tiers.membership import next_actions
from domain.subscriptions.tiers.offers import CURRENCY, GRACE, OFFERS, RETRIES, Limits, Period, Tier
from domain.values import Role
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, anyone, requires, signed_in
from interfaces.http.errors import problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.ports import Clock, Documents, Found
from projections.subscriptions import tiers
from projections.subscriptions.tiers import LATEST_FIRST, NEWEST_FIRST, Charge, CheckoutDesk, MembershipPage


class Price(Struct, frozen=True):
    amount: Annotated[int, Meta(ge=0)]
    currency: str


class ShownTier(Struct, frozen=True, rename="camel"):
    """Without prices it costs nothing. A limit of null is no limit; `images` are those of one listing."""

    tier: Tier
    prices: dict[Period, Price]
    limits: Limits


class TierList(Struct, frozen=True, rename="camel"):
    """A missed payment is tried again on `retryDays`, counted from when it was due, and ends the tier after `graceDays`."""

    items: list[ShownTier]
    retry_days: list[int]
    grace_days: int


class ShownMembership(MembershipPage, frozen=True, kw_only=True):
    """`checkoutUrl` is where what was asked for is paid, while it may be; null until the provider has made it."""

    limits: Limits
    checkout_url: str | None
    actions: list[str]


class MembershipList(Struct, frozen=True):
    items: list[MembershipPage]
    next: str | None


class ChargeList(Struct, frozen=True):
    items: list[Charge]
    next: str | None


TIERS = TierList(
    [
        ShownTier(each.tier, {period: Price(amount, CURRENCY) for period, amount in each.prices.items()}, each.limits)
        for each in OFFERS.values()
    ],
    [each.days for each in RETRIES],
    GRACE.days,
)

Stands = Annotated[Standing | None, QueryParameter(description="Only those that stand so.")]
Held = Annotated[Tier | None, QueryParameter(description="Only those who hold this tier.")]


class TierQueries(Controller):
    path = "/v1/subscriptions"
    tags = ("subscriptions",)

    @get("/tiers", guards=[anyone], sync_to_thread=False)
    def offered(self) -> TierList:
        """What each tier costs and allows."""
        return TIERS

    @get("/me", guards=[signed_in], sync_to_thread=True, opt={"projection": tiers.view.name})
    def mine(
        self, caller: Given[Caller], documents: Given[Documents], checkout_desk: Given[CheckoutDesk], clock: Given[Clock]
    ) -> Response[ShownMembership]:
        """The caller's own membership: the free tier where he never asked for another."""
        found = documents.one(tiers.view, caller.id) or nothing(caller)
        held = msgspec.json.decode(found.document, type=MembershipPage)
        url = address(held, checkout_desk, clock())
        actions = next_actions(caller.id, held.standing, caller.actor)
        answer: Any = document(found, limits=OFFERS[held.tier].limits, checkoutUrl=url, actions=actions)
        return answer

    @get("/me/charges", guards=[signed_in], sync_to_thread=True, opt={"projection": tiers.charges.name}, responses=problems("bad_cursor"))
    def charged(self, caller: Given[Caller], documents: Given[Documents], limit: Limit = 20, cursor: Cursor = None) -> Response[ChargeList]:
        """What the caller was charged for his tiers, the latest first."""
        found = documents.page(tiers.charges, tiers.of(caller.id), limit=limit, cursor=cursor, order=LATEST_FIRST)
        answer: Any = page(found)
        return answer

    @get(
        "/",
        guards=[requires(Role.ADMIN, Role.STAFF, Role.AUDITOR)],
        sync_to_thread=True,
        opt={"projection": tiers.view.name},
        responses=problems("bad_cursor"),
    )
    def all(
        self, documents: Given[Documents], standing: Stands = None, tier: Held = None, limit: Limit = 20, cursor: Cursor = None
    ) -> Response[MembershipList]:
        """Everyone who ever asked for a tier, the latest change first."""
        found = documents.page(tiers.view, tiers.listed(standing, tier), limit=limit, cursor=cursor, order=NEWEST_FIRST)
        answer: Any = page(found)
        return answer


def nothing(caller: Caller) -> Found:
    free = MembershipPage(caller.id, caller.id, Standing.FREE, Tier.FREE)
    return Found(str(caller.id), 0, msgspec.Raw(msgspec.json.encode(free)), {})


def address(held: MembershipPage, desk: CheckoutDesk, now: datetime) -> str | None:
    asked = held.requested
    if asked is None or asked.expires_at is None or asked.expires_at <= now:
        return None
    return desk.checkout_url(held.user_id, asked.revision) or None
