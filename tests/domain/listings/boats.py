"""Ana sells a boat, Mo moderates, Ben looks on; events and commands with what does not matter filled in."""

from datetime import UTC, datetime
from uuid import UUID

from domain.listings import commands as c
from domain.listings import events as e
from domain.listings.attributes import Attributes
from domain.listings.images import Image
from domain.values import Actor, Money, Place, Role

ANA = Actor(UUID("018f0000-0000-7000-8000-00000000a0a0"), frozenset({Role.CUSTOMER}))
BEN = Actor(UUID("018f0000-0000-7000-8000-00000000be00"), frozenset({Role.CUSTOMER}))
MO = Actor(UUID("018f0000-0000-7000-8000-000000000200"), frozenset({Role.MODERATOR}))
ADA = Actor(UUID("018f0000-0000-7000-8000-00000000ada0"), frozenset({Role.ADMIN}))
BOAT = UUID("018f0000-0000-7000-8000-0000000b0a70")
DINGHY = UUID("018f0000-0000-7000-8000-000000d19000")

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 6, 1, 18, tzinfo=UTC)

CRUISER: Attributes = {"type": ("motor-yacht",), "maker": "Bavaria", "year": 2005, "length": 11.3}
PRICE = Money(4_500_000, "EUR")
DECK = Image("https://img.example/deck.jpg", "The deck", 1600, 1200)
STERN = Image("https://img.example/stern.jpg")
STAEFA = Place("CH", "Zürich", "Stäfa", 47.24, 8.72)


def drafted(
    id: UUID = BOAT,
    *,
    seller: Actor = ANA,
    title: str = "Bavaria 38",
    attributes: Attributes = CRUISER,
    price: Money | None = PRICE,
    place: Place | None = STAEFA,
) -> e.ListingDrafted:
    return e.ListingDrafted(id, seller.id, "classified", "boats", title, "Well kept.", attributes, price, place, NOON)


def edited(title: str = "Bavaria 38 Sport", at: datetime = NOON) -> e.ListingEdited:
    return e.ListingEdited(BOAT, "boats", title, "Well kept.", CRUISER, STAEFA, at)


submitted = e.ListingSubmitted(BOAT, NOON)
approved = e.ListingApproved(BOAT, MO.id, NOON)
rejected = e.ListingRejected(BOAT, MO.id, "Not a boat.", NOON)
changes_requested = e.ChangesRequested(BOAT, MO.id, "Which engine?", NOON)
published = e.ListingPublished(BOAT, NOON)
paused = e.ListingPaused(BOAT, NOON)
resumed = e.ListingResumed(BOAT, NOON)
sold = e.ListingSold(BOAT, NOON)
archived = e.ListingArchived(BOAT, NOON)
promoted = e.ListingPromoted(BOAT, NOON)
demoted = e.ListingDemoted(BOAT, NOON)

on_sale = (drafted(), submitted, approved, published)


def draft(
    by: Actor = ANA, seller: Actor = ANA, *, title: str = "Bavaria 38", kind: str = "classified", category: str = "boats"
) -> c.DraftListing:
    return c.DraftListing(BOAT, seller.id, kind, category, by, NOON, title, "Well kept.", CRUISER, PRICE, STAEFA)


def price(amount: int = 1, currency: str = "EUR", by: Actor = ANA) -> c.PriceListing:
    return c.PriceListing(BOAT, Money(amount, currency), by, NOON)


def submit(by: Actor = ANA) -> c.SubmitListing:
    return c.SubmitListing(BOAT, by, NOON)


def approve(by: Actor = MO) -> c.ApproveListing:
    return c.ApproveListing(BOAT, by, NOON)
