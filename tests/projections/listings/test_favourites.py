"""What people find among their favourites and inquiries."""

from domain.listings.events import FavouriteAdded, FavouriteRemoved, InquirySent
from projections.listings import favourites, inquiries
from projections.listings.favourites import Favourite
from projections.listings.inquiries import Inquiry
from tests.bdd import Shown, erased
from tests.domain.listings.boats import ANA, BEN, BOAT, DINGHY, LATER, NOON

added = FavouriteAdded(BEN.id, BOAT, NOON)
removed = FavouriteRemoved(BEN.id, BOAT, LATER)
sent = InquirySent(DINGHY, BOAT, ANA.id, BEN.id, "Does it float?", NOON)


def test_favourites_are_each_persons_own():
    other = FavouriteAdded(ANA.id, BOAT, LATER)
    Shown(favourites.view, added, other).then(Favourite(BOAT, BEN.id, NOON), Favourite(BOAT, ANA.id, LATER))


def test_a_favourite_given_up_is_gone_and_may_come_back():
    Shown(favourites.view, added, removed).then()
    Shown(favourites.view, added, removed, FavouriteAdded(BEN.id, BOAT, LATER)).then(Favourite(BOAT, BEN.id, LATER))


def test_an_inquiry_shows_its_message_until_its_sender_is_forgotten():
    Shown(inquiries.view, sent).then(Inquiry(DINGHY, BOAT, ANA.id, BEN.id, "Does it float?", NOON))
    assert Shown(inquiries.view, erased(sent)).one.message == ""
