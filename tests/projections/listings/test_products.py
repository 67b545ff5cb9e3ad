"""What page, search, counts and feed show of products and their variants."""

from msgspec.structs import replace

from domain.listings.events import ListingEdited, ListingPaused, ListingResumed
from projections.feeds import listings as feed
from projections.listings import counts, index, page
from projections.listings.counts import published_in
from projections.listings.criteria import Criteria
from projections.listings.page import in_category
from projections.listings.prices import Prices
from projections.listings.request import query
from projections.rates import Rates
from tests.bdd import Shown, counted
from tests.domain.listings.boats import NOON
from tests.domain.listings.boats import drafted as boat
from tests.domain.listings.boats import on_sale as boat_on_sale
from tests.domain.listings.groceries import BOTH, HALF, LITRE, MILK, dearer, drafted, offered, on_sale, submitted


def test_a_page_shows_the_variants_and_the_lowest_price():
    shown = Shown(page.view, *on_sale).one
    assert (shown.variants, shown.price, shown.status) == (BOTH, HALF.price, "published")
    again = Shown(page.view, *on_sale, offered(dearer(LITRE, 50), HALF)).one
    assert (again.price, again.status) == (dearer(LITRE, 50).price, "published")


def test_a_product_is_found_by_what_its_variants_are_called():
    shown = Shown(index.index, *on_sale).one
    assert (shown.articles, shown.price) == (("MILK-1L", "One litre", "1 l", "MILK-05", "Half a litre", "½ l"), HALF.price)


def test_a_category_stands_for_all_below_it():
    asked = query(Criteria("CHF", category="drinks"), Prices(Rates.load(), "CHF", NOON.date()))
    assert {"terms": {"category": ("drinks", "soft-drinks", "coffee-tea", "beer-wine-spirits")}} in asked["bool"]["filter"]
    assert in_category("drinks").values == {"categories": ["drinks", "soft-drinks", "coffee-tea", "beer-wine-spirits"]}
    assert in_category("boats").values == {"category": "boats"}


def test_what_is_published_is_counted_by_category_and_above():
    assert counted(counts.by_category, drafted) == {"draft dairy-eggs": 1}
    both = counted(counts.by_category, *on_sale, boat(), *boat_on_sale)
    found = published_in(both)
    assert (found["dairy-eggs"], found["groceries"], found["boats"], found["drinks"]) == (1, 1, 1, 0)
    assert published_in(counted(counts.by_category, *on_sale, ListingPaused(MILK, NOON)))["groceries"] == 0
    moved = ListingEdited(MILK, "drinks", "Milk", "", {}, None, NOON)
    assert counted(counts.by_category, *on_sale, moved, submitted) == {"submitted drinks": 1}
    assert counted(counts.by_category, *on_sale, ListingPaused(MILK, NOON), ListingResumed(MILK, NOON)) == {"published dairy-eggs": 1}


def test_consumers_read_variants_with_the_publication_and_when_they_change():
    known = None
    told = []
    for event in (*on_sale, offered(LITRE)):
        told.append(feed.public(known, event))
        known = feed.evolve(known, event)
    assert [type(each).__name__ for each in told if each] == ["ListingPublished", "VariantsOffered"]
    publication = next(each for each in told if isinstance(each, feed.ListingPublished))
    assert publication == replace(publication, variants=BOTH, price=HALF.price)
    assert told[-1] == feed.VariantsOffered(MILK, (LITRE,), LITRE.price)
