"""What has to be looked up before a listing is kept in sight, and before its articles are numbered."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from application.handler import Appended, Handler
from application.ports import Meta
from application.rows import HoldArticles
from domain.decider import Rejected
from domain.listings.commands import AddFavourite, DraftListing, OfferVariants
from domain.listings.interest.favourite import favourite_id
from domain.listings.listing import Written, listings
from domain.values import Actor, Value


class KeepFavourite:
    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, listing_id: UUID, by: Actor, now: datetime, meta: Meta, expected: int | None = None) -> Appended:
        found = self.handle.state(listing_id, listings)
        status = found.status if isinstance(found, Written) else None
        command = AddFavourite(by.id, listing_id, status, now)
        return self.handle(favourite_id(by.id, listing_id), command, meta, expected)


class SetVariants:
    """No two products of a seller share an article number, which is held by rows in the append's transaction.

    Refuses with `sku_taken` where another product of the seller has one of the numbers.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, command: OfferVariants, meta: Meta, expected: int | None = None) -> Appended:
        listing = self.handle.state(command.listing_id, listings)
        held = [holding(listing, command)] if isinstance(listing, Written) else []
        return self.handle(command.listing_id, command, meta, expected, held)


class DraftProduct:
    """Begins a product, where it is wanted with its variants in the same append. Refuses `sku_taken` as `SetVariants` does."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, draft: DraftListing, offered: OfferVariants | None, meta: Meta, expected: int | None = None) -> Appended:
        given: list[tuple[UUID, Value]] = [(draft.listing_id, draft)]
        held: list[HoldArticles] = []
        if offered is not None:
            given.append((draft.listing_id, offered))
            held.append(HoldArticles(draft.listing_id, articles(draft.seller_id, (each.sku for each in offered.variants))))
        try:
            return self.handle.together(given, meta, expected, held)[0]
        except Rejected as refused:
            if refused.code != "kind_invalid":
                raise
            raise Rejected(refused.code, refused.detail, pointer="/category") from None  # of a product no kind is told


def holding(listing: Written, command: OfferVariants) -> HoldArticles:
    return HoldArticles(listing.listing_id, articles(listing.seller_id, (each.sku for each in command.variants)))


def articles(seller_id: UUID, skus: Iterable[str]) -> list[bytes]:
    """What the numbers are kept under: the same, whether written in capitals or not."""
    return [hashlib.sha256(f"{seller_id}\n{sku.upper()}".encode()).digest() for sku in skus]
