"""Gives listings that were put on offer before there were tiers the places of their sellers, as if these had been there from the first."""

from collections.abc import Callable, Sequence
from itertools import groupby
from uuid import UUID, uuid5

from application.handler import Handler
from application.ports import Clock, Meta
from application.tiers.ports import OfferedListings
from domain.decider import Rejected
from domain.listings.commands import ConfirmOffer
from domain.listings.listing import Written, listings
from domain.subscriptions.tiers.commands import TakePlace
from domain.subscriptions.tiers.places import places_id
from domain.values import SYSTEM, Value

BATCH = 100
"""Listings to an append."""

NOTHING = UUID(int=0)


class HoldingPlaces:
    """The job of this name. Whoever has more on offer than his tier allows keeps it all, and has no room for more."""

    def __init__(self, handle: Handler, offered: OfferedListings, clock: Clock) -> None:
        self._handle = handle
        self._offered = offered
        self._clock = clock

    def __call__(self, job_id: UUID, correlation_id: UUID, between: Callable[[int], None]) -> None:
        """Begun again, it repeats nothing: a place that is held is held once. `between` batches may raise to leave the rest for later."""
        after, done = NOTHING, 0
        while found := self._offered.on_offer(after, BATCH):
            sellers = self._handle.states([(listing, listings) for listing in found])
            sold_by = {listing: state.seller_id for listing, state in sellers.items() if isinstance(state, Written)}
            for seller, theirs in groupby(sorted(sold_by, key=lambda each: (sold_by[each], each)), sold_by.__getitem__):
                self._hold(seller, list(theirs), job_id, correlation_id)
            after, done = found[-1], done + len(found)
            between(done)

    def _hold(self, seller: UUID, theirs: Sequence[UUID], job_id: UUID, correlation_id: UUID) -> None:
        while theirs:
            now = self._clock()
            # Whoever takes a listing down at this moment waits for the places, as we do: it is confirmed as it stands then.
            confirmed: list[tuple[UUID, Value]] = [(each, ConfirmOffer(each, SYSTEM, now)) for each in theirs]
            taken = [(places_id(seller), TakePlace(seller, each, None, now)) for each in theirs]
            meta = Meta(uuid5(job_id, " ".join(map(str, theirs))), SYSTEM.id, correlation_id, job_id)
            try:
                self._handle.together([*confirmed, *taken], meta)
            except Rejected as rejected:
                if rejected.stream not in theirs:
                    raise
                theirs = [each for each in theirs if each != rejected.stream]
                continue
            return
