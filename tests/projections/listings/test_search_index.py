"""What the search knows of a listing."""

from domain.listings.categories import CATEGORIES
from domain.listings.events import ListingPriced, Status
from domain.listings.listing import listings
from domain.listings.units import EVERY
from domain.values import Money, Place
from projections.listings.criteria import RANGES
from projections.listings.index import MAPPING, Point, index
from projections.listings.request import BREAKS
from tests.bdd import Shown
from tests.domain.listings.boats import BOAT, LATER, NOON, STAEFA, archived, drafted, edited, on_sale, paused, resumed, sold, submitted


def test_a_published_listing_can_be_found_and_completed():
    found = Shown(index, *on_sale).one
    assert (found.status, found.published_at, found.location) == (Status.PUBLISHED, NOON, Point(47.24, 8.72))
    assert found.suggest == ("Bavaria 38", "Bavaria")


def test_nothing_else_is_completed():
    for history in ((), (submitted,)):
        assert Shown(index, drafted(), *history).one.suggest == ()
    for then in (paused, sold):
        assert Shown(index, *on_sale, then).one.suggest == ()
    assert Shown(index, *on_sale, paused, resumed).one.suggest == ("Bavaria 38", "Bavaria")


def test_the_index_follows_content_and_price():
    assert Shown(index, *on_sale, edited(), submitted).one.title == "Bavaria 38 Sport"
    assert Shown(index, *on_sale, ListingPriced(BOAT, Money(7, "CHF"), LATER)).one.price == Money(7, "CHF")


def test_a_place_without_coordinates_is_no_point():
    assert Shown(index, drafted(place=Place("CH"))).one.location is None
    assert Shown(index, drafted(place=None)).one.location is None
    assert Shown(index, drafted(place=STAEFA)).one.location == Point(47.24, 8.72)


def test_what_is_archived_is_gone():
    Shown(index, *on_sale, archived).then()


def test_every_event_and_every_attribute_is_known():
    assert set(index.events) == set(listings.events)
    assert set(MAPPING["attributes"]["properties"]) == {name for each in CATEGORIES.values() for name in each.attributes}
    assert set(BREAKS) == set(RANGES)


def test_categories_that_share_an_attribute_mean_the_same():
    for name in EVERY:
        declared = [each.attributes[name] for each in CATEGORIES.values() if name in each.attributes]
        assert len({(each.kind, each.unit) for each in declared}) == 1, name
