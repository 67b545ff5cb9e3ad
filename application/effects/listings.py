"""What events of listings owe: letters to the seller, and the running of imports."""

from application.effects.effect import Errand, Notice
from application.effects.job import RunImport
from domain.listings.events import ChangesRequested, ImportRequested, InquirySent, ListingApproved, ListingRejected

NOTICES = (
    Notice(ListingApproved, "listing_approved"),
    Notice(ListingRejected, "listing_rejected"),
    Notice(ChangesRequested, "changes_requested"),
    Notice(InquirySent, "inquiry"),
)


def run_import(event: ImportRequested) -> RunImport:
    return RunImport(event.import_id)


ERRANDS = (Errand(ImportRequested, run_import),)
