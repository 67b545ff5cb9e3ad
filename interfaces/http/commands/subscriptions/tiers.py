"""What members do with their tier."""

from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from application.commands.tiers import AskTier
from domain.subscriptions.tiers.commands import CancelTier, ResumeTier
from domain.subscriptions.tiers.membership import membership_id
from domain.subscriptions.tiers.offers import Period, Tier
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import signed_in
from interfaces.http.dispatch import KEYED, Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post


class TierWish(Body, frozen=True):
    tier: Annotated[Tier, Meta(description="Any but the free one.", examples=["premium"])]
    period: Annotated[Period, Meta(examples=["monthly"])]


class TierCommands(Controller):
    path = "/v1/subscriptions"
    tags = ("subscriptions",)

    @post(
        "/",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        opt={KEYED: True},
        responses=problems("tier_invalid", "tier_held", "tier_not_changeable", "provider_unknown", "not_yours"),
    )
    def request(self, data: JSONBody[TierWish], run: Given[Dispatch], ask_tier: Given[AskTier]) -> Response[Accepted]:
        """Ask for a tier. Where it is paid for stands in `/v1/subscriptions/me` as `checkoutUrl`, as soon as the provider has made it.

        Who holds another tier changes to this one, at the provider and without a checkout; the difference is charged or set off there.
        """
        return run.answer(ask_tier(data.tier, data.period, run.by, run.meta, run.now))

    @post(
        "/cancel",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("tier_not_held", "not_yours"),
    )
    def cancel(self, run: Given[Dispatch]) -> Response[Accepted]:
        """Let the tier end with the period that is paid."""
        return run(membership_id(run.by.id), CancelTier(run.by.id, run.by, run.now))

    @post(
        "/resume",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("tier_not_ending", "not_yours"),
    )
    def resume(self, run: Given[Dispatch]) -> Response[Accepted]:
        """Keep the tier after all, before its period is over."""
        return run(membership_id(run.by.id), ResumeTier(run.by.id, run.by, run.now))
