"""Asking a seller about a listing: who sells it and whether it is offered has to be looked up first."""

from datetime import datetime
from uuid import UUID

from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.listings.commands import SendInquiry
from domain.listings.listing import Written, listings
from domain.values import Actor


class AskSeller:
    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, inquiry_id: UUID, listing_id: UUID, message: str, by: Actor, now: datetime, meta: Meta) -> Appended:
        found = self.handle.state(listing_id, listings)
        if not isinstance(found, Written):
            raise Rejected("listing_not_found")
        command = SendInquiry(inquiry_id, listing_id, found.seller_id, found.status, by.id, message, now)
        return self.handle(inquiry_id, command, meta)
