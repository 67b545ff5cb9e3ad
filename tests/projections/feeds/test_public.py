"""What the feeds tell, and what they never do."""

from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID

import msgspec
from msgspec.inspect import StructType, UnionType, VarTupleType, type_info

from domain.groups.values import Locking, Visibility
from domain.listings import events as listing
from domain.listings.events import ListingEvent
from domain.users import events as user
from domain.values import Money, Role, Value
from projections.feeds import groups as group_told
from projections.feeds import listings as told
from projections.feeds.catalogue import FEEDS
from projections.feeds.groups import groups
from projections.feeds.listings import listings
from projections.feeds.users import users
from projections.view import Feed
from tests.bdd import erased, personal_fields
from tests.domain.groups.traders import ANA as ANA_WHO_GATHERS
from tests.domain.groups.traders import BEN, CLEO, GROUP, after, closes, opened, taken

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SLOOP, ANA, ADMIN = UUID(int=1), UUID(int=2), UUID(int=3)
EUR = Money(1_000_000, "EUR")

drafted = listing.ListingDrafted(SLOOP, ANA, "classified", "boats", "Sloop", "Dry", {"maker": "Hallberg"}, EUR, None, NOON)
edited = listing.ListingEdited(SLOOP, "boats", "Sloop, dry", "Very dry", {"maker": "Hallberg"}, None, NOON)
priced = listing.ListingPriced(SLOOP, Money(900_000, "EUR"), NOON)
submitted = listing.ListingSubmitted(SLOOP, NOON)
approved = listing.ListingApproved(SLOOP, ADMIN, NOON)
published = listing.ListingPublished(SLOOP, NOON)
sold = listing.ListingSold(SLOOP, NOON)
offer = told.ListingPublished(SLOOP, ANA, "classified", "boats", "Sloop", "Dry", {"maker": "Hallberg"}, EUR, None)


def heard(feed: Feed[Any], *history: Value) -> list[Value]:
    known: dict[Any, Any] = {}
    payloads: list[Value] = []
    for event in history:
        if type(event) not in feed.events:
            continue
        key = feed.key(event)
        payload = feed.public(known.get(key), event)
        if payload is not None:
            payloads.append(payload)
        known[key] = feed.evolve(known.get(key), event)
    return payloads


def test_a_draft_is_nobodys_business():
    assert heard(listings, drafted, edited, priced, submitted, approved, listing.ListingArchived(SLOOP, NOON)) == []


def test_publication_tells_the_whole_offer():
    assert heard(listings, drafted, submitted, approved, published) == [offer]


def test_a_price_is_told_while_people_see_the_listing():
    assert heard(listings, drafted, submitted, approved, published, priced) == [offer, told.ListingPriced(SLOOP, priced.price)]


def test_an_edit_withdraws_the_listing_until_it_is_published_again():
    later = told.ListingPublished(SLOOP, ANA, "classified", "boats", "Sloop, dry", "Very dry", {"maker": "Hallberg"}, priced.price, None)
    history = [drafted, submitted, approved, published, edited, submitted, priced, approved, published]
    assert heard(listings, *history) == [offer, told.ListingWithdrawn(SLOOP), later]


def test_a_sale_and_its_end_are_told():
    history = [drafted, submitted, approved, published, listing.ListingPaused(SLOOP, NOON), listing.ListingResumed(SLOOP, NOON), sold]
    ends = [told.ListingPaused(SLOOP), told.ListingResumed(SLOOP), told.ListingSold(SLOOP)]
    assert heard(listings, *history, listing.ListingArchived(SLOOP, NOON)) == [offer, *ends, told.ListingArchived(SLOOP)]


def test_people_appear_by_id_and_role_alone():
    secret = "private words"
    history = [
        user.UserRegistered(ANA, secret, secret, NOON),
        user.RoleGranted(ANA, Role.SELLER, ADMIN, NOON),
        user.UserSuspended(ANA, secret, ADMIN, NOON),
    ]
    words = msgspec.json.encode(heard(users, *history)).decode()
    assert words == f'[{{"userId":"{ANA}"}},{{"userId":"{ANA}","role":"seller"}},{{"userId":"{ANA}"}}]'


def test_a_feed_reads_the_same_when_everyone_is_forgotten():
    history = [user.UserRegistered(ANA, "ana@sea.example", "Ana", NOON), user.UserSuspended(ANA, "rude", ADMIN, NOON)]
    assert heard(users, *(erased(event) for event in history)) == heard(users, *history)


def test_no_payload_has_a_field_declared_personal():
    payloads = [payload for feed in FEEDS.values() for payload in feed.payloads]
    assert payloads
    assert [payload for payload in payloads if personal_fields(payload)] == []


def test_no_payload_holds_an_address_a_spot_or_the_id_of_a_buyer_payer_or_courier():
    kept = [feed for feed in FEEDS.values() if feed is not users]
    found = {name for feed in kept for payload in feed.payloads for name in reached(payload)}
    private = {"buyer_id", "payer_id", "customer_id", "courier_id", "organiser_id", "by", "address", "spot", "contact", "note", "method"}
    assert "order_id" in found
    assert found & private == set()


def reached(payload: type[Any]) -> set[str]:
    """The names of all its fields, those of its parts included."""
    found, left = set[str](), [type_info(payload)]
    while left:
        match left.pop():
            case StructType(cls=cls) as struct if f".{cls.__name__}" not in found:
                found |= {f".{cls.__name__}", *(each.name for each in struct.fields)}
                left += [each.type for each in struct.fields]
            case UnionType(types=types):
                left += types
            case VarTupleType(item_type=item):
                left.append(item)
            case _:
                pass
    return found


def test_every_public_event_is_declared_with_its_schema():
    spoken = {type(payload) for payload in heard(listings, drafted, published, priced, sold)}
    assert spoken <= set(listings.payloads)
    assert set(listings.events) < set(get_args(ListingEvent))


def test_a_public_group_is_told_by_numbers_and_never_by_people():
    history = after(opened(), *taken(BEN, 7), *taken(CLEO, 4), closes())
    payloads = heard(groups, *history)
    assert [type(each).__name__ for each in payloads] == [
        "GroupOpened",
        "ReservationsChanged",
        "ContributionsChanged",
        "ReservationsChanged",
        "ContributionsChanged",
        "MinimumReached",
        "GroupLocked",
    ]
    assert payloads[-1] == group_told.GroupLocked(GROUP, 11, 900, Locking.DEADLINE)
    text = msgspec.json.encode(payloads).decode()
    assert not any(str(each.id) in text for each in (ANA_WHO_GATHERS, BEN, CLEO))


def test_groups_by_link_and_by_invitation_are_not_told_of():
    for hidden in (opened(visibility=Visibility.LINK), opened(visibility=Visibility.INVITED, invited=(BEN.id,))):
        assert heard(groups, *after(hidden, *taken(BEN, 10), closes())) == []
