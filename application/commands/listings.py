"""Keeping a listing in sight: whether it is there to be seen has to be looked up first."""

from datetime import datetime
from uuid import UUID

from application.handler import Appended, Handler
from application.ports import Meta
from domain.listings.commands import AddFavourite
from domain.listings.favourite import favourite_id
from domain.listings.listing import Written, listings
from domain.values import Actor


class KeepFavourite:
    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, listing_id: UUID, by: Actor, now: datetime, meta: Meta, expected: int | None = None) -> Appended:
        found = self.handle.state(listing_id, listings)
        status = found.status if isinstance(found, Written) else None
        command = AddFavourite(by.id, listing_id, status, now)
        return self.handle(favourite_id(by.id, listing_id), command, meta, expected)
