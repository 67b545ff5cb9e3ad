"""What events of listings owe: letters to the seller."""

from application.effects.notice import Notice
from domain.listings.events import ChangesRequested, InquirySent, ListingApproved, ListingRejected

NOTICES = (
    Notice(ListingApproved, "listing_approved"),
    Notice(ListingRejected, "listing_rejected"),
    Notice(ChangesRequested, "changes_requested"),
    Notice(InquirySent, "inquiry"),
)
