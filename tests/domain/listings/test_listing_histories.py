"""Whatever people do with a listing, in whatever order: its history folds, and the actions shown are those allowed."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.decider import Rejected
from domain.goods import Variant
from domain.listings import commands as c
from domain.listings.events import ListingApproved, ListingEvent
from domain.listings.lifecycle import (
    LIFECYCLE,
    SELLER,
    relations,
)
from domain.listings.listing import (
    Written,
    listings,
)
from domain.values import Actor, Money
from tests.bdd import erased
from tests.domain.listings.boats import ADA, ANA, BEN, BOAT, CRUISER, DECK, MO, NOON
from tests.domain.listings.groceries import HALF, LITRE, dearer

OF_CONTENT = {"title_required", "price_required", "attribute_required", "variant_required", "unknown_attribute"}
"""What is allowed, but is refused for what it says, or for what the listing does not say yet."""

ALREADY = {"promote", "demote"}
"""Asked for what is so already, nothing happens."""

actors = st.sampled_from([ANA, BEN, MO, ADA])


def command_of(step: type[Any], by: Actor, **fields: Any) -> Any:
    """The command of a lifecycle's step, with content where it takes some."""
    content = {
        c.EditListing: {"title": "Edited", "attributes": CRUISER},
        c.PriceListing: {"price": Money(77, "CHF")},
        c.OfferVariants: {"variants": [LITRE]},
        c.BringProduct: {"variants": [HALF], "title": "Milk"},
        c.IllustrateListing: {"images": [DECK], "limit": None},
        c.RejectListing: {"reason": "Not a boat."},
        c.RequestChanges: {"reason": "Which engine?"},
    }
    return step(listing_id=BOAT, by=by, now=NOON, **{**content.get(step, {}), **fields})


def complete_draft(by: Actor, kind: str) -> c.DraftListing:
    if kind == "product":
        return c.DraftListing(BOAT, by.id, kind, "dairy-eggs", by, NOON, "Milk")
    return c.DraftListing(BOAT, by.id, kind, "boats", by, NOON, "Bavaria", "", CRUISER, Money(1, "EUR"))


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[ListingEvent] = []
        self.state = listings.initial

    def give(self, command: Any) -> str | None:
        try:
            events = listings.decide(command, self.state)
        except Rejected as refusal:
            return refusal.code
        self.events += events
        self.state = listings.fold(events, self.state)
        return None

    @initialize(seller=st.sampled_from([ANA, MO]), begun=st.integers(0, 4), kind=st.sampled_from(["classified", "product"]))
    def begin(self, seller: Actor, begun: int, kind: str) -> None:
        """Most runs begin with a listing that is complete, but that a product has no variants yet; few with none."""
        if begun:
            self.give(complete_draft(seller, kind))

    @rule(by=actors, seller=st.sampled_from([ANA, MO]), bare=st.booleans())
    def draft(self, by: Actor, seller: Actor, bare: bool) -> None:
        content: dict[str, Any] = {} if bare else {"title": "Bavaria", "attributes": CRUISER, "price": Money(1, "EUR")}
        self.give(c.DraftListing(BOAT, seller.id, "classified", "boats", by, NOON, **content))

    @rule(step=st.sampled_from(LIFECYCLE.steps), by=actors)
    def act(self, step: Any, by: Actor) -> None:
        self.give(command_of(step.command, by))

    @rule(by=actors, data=st.data())
    def proceed(self, by: Actor, data: st.DataObject) -> None:
        """What is shown as allowed, short of the end, so that runs get far."""
        shown = listings.actions(self.state, by)
        steps = [each for each in LIFECYCLE.steps if each.action in shown and each.action != "archive"]
        if steps:
            self.give(command_of(data.draw(st.sampled_from(steps)).command, by))

    @rule(by=actors, title=st.sampled_from(["", "Bavaria", "<b>"]), attributes=st.sampled_from([{}, CRUISER, {"wings": 2}]))
    def edit(self, by: Actor, title: str, attributes: dict[str, Any]) -> None:
        self.give(command_of(c.EditListing, by, title=title, attributes=attributes))

    @rule(by=actors, variant=st.sampled_from([LITRE, HALF, dearer(LITRE, 190), dearer(LITRE, 0)]))
    def offer(self, by: Actor, variant: Variant) -> None:
        self.give(command_of(c.OfferVariants, by, variants=[variant]))

    @rule(by=actors, amount=st.sampled_from([0, 1, 10**12, 10**12 + 1]))
    def price(self, by: Actor, amount: int) -> None:
        self.give(command_of(c.PriceListing, by, price=Money(amount, "EUR")))

    @invariant()
    def history_folds_also_when_everyone_in_it_is_forgotten(self) -> None:
        assert listings.fold(self.events) == self.state
        listings.fold(erased(event) for event in self.events)

    @invariant()
    def the_actions_shown_are_those_allowed(self) -> None:
        for by in (ANA, BEN, MO, ADA):
            shown = listings.actions(self.state, by)
            for step in filter(lambda each: each.action, LIFECYCLE.steps):
                refusal = self.refusal(command_of(step.command, by))
                if step.action in shown:
                    assert refusal in {None, *OF_CONTENT} or (step.command is c.OfferVariants and refusal == "listing_not_editable")
                elif step.action not in ALREADY or refusal is not None:
                    assert refusal in {step.refused, "not_yours", "own_listing", "listing_not_found", "not_for_kind"}

    @invariant()
    def what_is_offered_was_judged_by_another_and_is_complete(self) -> None:
        if isinstance(self.state, Written) and self.state.status in {"approved", "published", "paused"}:
            assert self.state.title
            assert self.state.price is not None
            judges = [event.by for event in self.events if isinstance(event, ListingApproved)]
            assert judges
            assert SELLER not in relations(self.state.seller_id, Actor(judges[-1]))

    @invariant()
    def what_is_promoted_is_on_offer(self) -> None:
        if isinstance(self.state, Written) and self.state.promoted_at:
            assert self.state.on_offer

    def refusal(self, command: Any) -> str | None:
        try:
            listings.decide(command, self.state)
        except Rejected as refused:
            return refused.code
        return None


TestHistories = History.TestCase
TestHistories.settings = settings(max_examples=100, stateful_step_count=20, deadline=None)
