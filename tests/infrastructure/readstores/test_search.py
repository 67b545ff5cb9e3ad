"""What a search finds in a real index of a few boats, and in which order."""

from asyncio import Runner
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from domain.listings.events import ListingArchived, ListingDrafted, ListingEvent, ListingIllustrated, ListingPromoted, ListingPublished
from domain.values import Money, Place
from infrastructure.readstores import bookkeeping, opensearch, search
from infrastructure.readstores.opensearch import OpenSearchStore, versioned_name
from infrastructure.readstores.search import OpenSearchEngine
from infrastructure.readstores.store import Step
from projections.listings.answer import Found, RangeCount, ValueCount, completed, results
from projections.listings.criteria import Bounds, Circle, Criteria, Sort
from projections.listings.index import index
from projections.listings.prices import Prices
from projections.listings.request import completion, search_request
from projections.ports import Unavailable
from projections.rates import Rates
from projections.search import Answer
from projections.view import Index
from tests.bdd import Shown
from tests.domain.listings.boats import ANA, DECK, NOON, STERN
from tests.fakes.log import FakeLog

TODAY = date(2026, 6, 1)
RATES = Rates.load(b"date,currency,per_eur\n2026-01-01,EUR,1\n2026-01-01,CHF,0.5\n2026-01-01,DKK,8\n")
EUROS, FRANCS = Prices(RATES, "EUR", TODAY), Prices(RATES, "CHF", TODAY)
STAEFA, ZURICH, KIEL = Place("CH", "", "Stäfa", 47.24, 8.72), Place("CH", "", "Zürich", 47.37, 8.54), Place("DE", "", "Kiel", 54.32, 10.13)

Prepared = tuple[str, str, dict[str, Any], Money, Place | None]

BOATS: dict[str, Prepared] = {
    "cruiser": (
        "Bavaria Cruiser 38",
        "Bavaria",
        {"type": ("sailing-yacht",), "year": 2005, "length": 11.4},
        Money(90_000_00, "EUR"),
        STAEFA,
    ),
    "sport": ("Bavaria Sport 30", "Bavaria", {"type": ("motor-yacht",), "year": 2012, "length": 9.1}, Money(40_000_00, "CHF"), ZURICH),
    "rib": ("Zodiac Medline", "Zodiac", {"type": ("rib",), "year": 2020}, Money(160_000_00, "DKK"), KIEL),
    "dinghy": ("<b>Laser</b>, with hull No. 7", "Laser", {"type": ("dinghy",)}, Money(1_500_00, "EUR"), None),
    "lira": ("Caïque", "", {"type": ("fishing-boat",), "year": 1971}, Money(1, "TRY"), None),
}


def id_of(name: str) -> UUID:
    return UUID(int=list(BOATS).index(name) + 1)


def history(name: str) -> list[ListingEvent]:
    """Drafted and published, each boat an hour after the one before."""
    title, maker, attributes, price, place = BOATS[name]
    id, at = id_of(name), NOON + timedelta(hours=list(BOATS).index(name))
    said = {**attributes, "maker": maker} if maker else attributes
    return [ListingDrafted(id, ANA.id, "classified", "boats", title, "", said, price, place, at), ListingPublished(id, at)]


class Asked:
    """An engine as those ask it who have no event loop: each question is answered before the next."""

    def __init__(self, url: str, prefix: str) -> None:
        self._engine = OpenSearchEngine(search.connect(url, 2), prefix)
        self._loop = Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run(self._engine.close())
        self._loop.close()

    def search(self, index: Index[Any], request: Mapping[str, Any]) -> Answer:
        return self._loop.run(self._engine.search(index, request))

    def refresh(self, index: Index[Any]) -> None:
        self._loop.run(self._engine.refresh(index))

    def values(self, index: Index[Any], field: str) -> frozenset[str]:
        return self._loop.run(self._engine.values(index, field))


@pytest.fixture(scope="module")
def market(opensearch_url: str) -> Iterator[Asked]:
    """The boats, and one more that is only a draft."""
    prefix = f"t{uuid4().hex[:12]}-"
    events = [event for name in BOATS for event in history(name)]
    draft = ListingDrafted(UUID(int=99), ANA.id, "classified", "boats", "Bavaria draft", "", {}, None, None, NOON)
    documents = Shown(index, *events, draft).documents
    lines = [line for key, each in documents.items() for line in ({"index": {"_id": str(key)}}, each)]
    with opensearch.connect(opensearch_url) as client:
        name = versioned_name(index, prefix)
        mappings = {"dynamic": "strict", "properties": index.mapping}
        client.indices.create(
            index=name, body={"settings": {"index": dict(index.settings)}, "mappings": mappings, "aliases": {f"{prefix}listings": {}}}
        )
        answer = client.bulk(index=name, body=b"\n".join((*map(msgspec.json.encode, lines), b"")), params={"refresh": "true"})
        assert not answer["errors"], answer
        with Asked(opensearch_url, prefix) as asked:
            yield asked
        client.indices.delete(index=name)


def find(market: Asked, prices: Prices = EUROS, cursor: str | None = None, **wanted: Any) -> Found:
    criteria = Criteria(prices.currency, **wanted)
    return results(market.search(index, search_request(criteria, prices, cursor)), criteria, prices)


def names(found: Found) -> list[str]:
    return [list(BOATS)[each.listing.id.int - 1] for each in found.items]


def test_only_published_listings_are_found_the_newest_first(market: Asked):
    found = find(market)
    assert names(found) == ["lira", "dinghy", "rib", "sport", "cruiser"]
    assert (found.total.count, found.total.exact, found.next) == (5, True, None)


@pytest.mark.parametrize(
    ("words", "boats"),
    [
        ("bavaria", {"cruiser", "sport"}),
        ("bavria", {"cruiser", "sport"}),
        ("bavaria cruisr", {"cruiser"}),
        ("BAVARIA zurich", {"sport"}),
        ("sailing yacht stafa", {"cruiser"}),
        ("caique", {"lira"}),
        ("laser", {"dinghy"}),
        ("bavaria zodiac", set[str]()),
    ],
)
def test_words_are_found_with_typos_and_without_accents(market: Asked, words: str, boats: set[str]):
    assert set(names(find(market, words=words, sort=Sort.RELEVANCE))) == boats


def test_what_was_typed_ranks_above_what_was_meant(market: Asked):
    assert names(find(market, words="bavaria sport", sort=Sort.RELEVANCE)) == ["sport"]
    assert names(find(market, words="2005 bavaria", sort=Sort.RELEVANCE)) == []


def test_bounds_of_a_price_hold_in_every_currency(market: Asked):
    # 40,000 CHF are 80,000 EUR, 160,000 DKK are 20,000 EUR
    assert set(names(find(market, price=Bounds(20_000_00, 80_000_00)))) == {"sport", "rib"}
    assert set(names(find(market, price=Bounds(20_000_01, 79_999_99)))) == set()
    assert set(names(find(market, FRANCS, price=Bounds(None, 10_000_00)))) == {"rib", "dinghy"}


def test_prices_are_shown_and_sorted_in_one_currency(market: Asked):
    cheapest, dearest = find(market, FRANCS, sort=Sort.CHEAPEST), find(market, FRANCS, sort=Sort.DEAREST)
    assert names(cheapest) == ["dinghy", "rib", "sport", "cruiser", "lira"]
    assert names(dearest) == ["cruiser", "sport", "rib", "dinghy", "lira"]
    assert [each.price_shown and each.price_shown.amount for each in cheapest.items] == [750_00, 10_000_00, 40_000_00, 45_000_00, None]


def test_values_and_ranges_are_chosen(market: Asked):
    assert set(names(find(market, values={"maker": ("bavaria", "LASER")}))) == {"cruiser", "sport", "dinghy"}
    assert set(names(find(market, values={"type": ("rib",)}))) == {"rib"}
    assert set(names(find(market, ranges={"year": Bounds(2005, 2012)}))) == {"cruiser", "sport"}
    assert set(names(find(market, ranges={"length": Bounds(None, 9.1)}))) == {"sport"}
    assert set(names(find(market, country=("DE", "AT")))) == {"rib"}
    assert set(names(find(market, kind="auction"))) == set()


def test_a_facet_counts_by_all_choices_but_its_own(market: Asked):
    found = find(market, values={"maker": ("Bavaria",)}, ranges={"year": Bounds(2010, None)})
    assert names(found) == ["sport"]
    assert found.total.count == 1
    assert found.facets["maker"] == [ValueCount("Bavaria", 1), ValueCount("Zodiac", 1)]
    assert found.facets["year"] == [RangeCount(1, 2005, 2010), RangeCount(1, 2010, 2015)]
    assert found.facets["type"] == [ValueCount("motor-yacht", 1)]
    assert found.facets["price"] == [RangeCount(1, 50_000_00, 100_000_00)]


def test_price_ranges_count_every_currency(market: Asked):
    assert find(market).facets["price"] == [
        RangeCount(1, 1_000_00, 2_500_00),
        RangeCount(1, 10_000_00, 25_000_00),
        RangeCount(2, 50_000_00, 100_000_00),
    ]


def test_boats_are_found_around_a_place(market: Asked):
    lake = Circle(47.24, 8.72, 30)
    assert names(find(market, near=lake, sort=Sort.DISTANCE)) == ["cruiser", "sport"]
    everywhere = find(market, near=lake._replace(radius=None), sort=Sort.DISTANCE)
    assert names(everywhere) == ["cruiser", "sport", "rib"]
    assert [round(each.distance or 0) for each in everywhere.items] == [0, 20, 793]
    assert set(names(find(market, near=lake._replace(radius=None)))) == set(BOATS)


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("words", ["", "bavaria"])
def test_pages_follow_one_another_without_gap_or_repetition(market: Asked, sort: Sort, words: str):
    wanted: dict[str, Any] = {"sort": sort, "near": Circle(47, 8, None), "words": words}
    whole = names(find(market, **wanted))
    paged: list[str] = []
    cursor: str | None = None
    while True:
        found = find(market, cursor=cursor, limit=1, **wanted)
        paged += names(found)
        cursor = found.next
        if cursor is None:
            break
    assert paged == whole
    assert len(set(paged)) == len(paged) > 0


def test_titles_and_makers_are_completed_each_listing_once(market: Asked):
    found = completed(market.search(index, completion("bav")))
    assert "Bavaria" in found
    assert [each.startswith("Bavaria ") for each in found if each != "Bavaria"] == [True]
    assert completed(market.search(index, completion("cai"))) == ["Caïque"]


def test_the_values_of_a_field_are_told(market: Asked):
    assert market.values(index, "price.currency") == {"EUR", "CHF", "DKK", "TRY"}


def test_without_an_engine_or_an_index_a_search_is_unavailable(opensearch_url: str):
    for url, prefix in (("http://127.0.0.1:9", ""), (opensearch_url, "nothing-")):
        with Asked(url, prefix) as asked, pytest.raises(Unavailable) as found:
            asked.search(index, completion("x"))
        assert found.value.component == "search"


def test_what_was_indexed_is_found_after_a_refresh_and_no_more_once_archived(database: str, opensearch_url: str, index_prefix: str):
    log = FakeLog()
    log.add(id_of("rib"), *history("rib"))
    with (
        psycopg.connect(database, autocommit=True) as connection,
        opensearch.connect(opensearch_url) as client,
        Asked(opensearch_url, index_prefix) as engine,
    ):
        bookkeeping.enrol(connection, [index])
        store = OpenSearchStore(connection, client, index_prefix)
        store.prepare(index)
        client.indices.put_settings(index=versioned_name(index, index_prefix), body={"index.refresh_interval": "-1"})
        take(store, log, 0)
        assert names(find(engine)) == []  # indexed, and not yet to be found
        engine.refresh(index)
        assert names(find(engine)) == ["rib"]
        before = log.stable()
        log.add(id_of("rib"), ListingArchived(id_of("rib"), NOON))
        take(store, log, before)
        engine.refresh(index)
        assert names(find(engine)) == []
        assert completed(engine.search(index, completion("zod"))) == []


def test_promoted_listings_come_first_but_not_where_another_order_is_asked_for(database: str, opensearch_url: str, index_prefix: str):
    log = FakeLog()
    for name in BOATS:
        log.add(id_of(name), *history(name))
    cruiser = id_of("cruiser")
    log.add(cruiser, ListingIllustrated(cruiser, (DECK, STERN), NOON), ListingPromoted(cruiser, NOON))
    with (
        psycopg.connect(database, autocommit=True) as connection,
        opensearch.connect(opensearch_url) as client,
        Asked(opensearch_url, index_prefix) as engine,
    ):
        bookkeeping.enrol(connection, [index])
        store = OpenSearchStore(connection, client, index_prefix)
        store.prepare(index)
        take(store, log, 0)
        engine.refresh(index)
        newest = find(engine)
        assert names(newest) == ["cruiser", "lira", "dinghy", "rib", "sport"]
        assert [(each.listing.promoted, each.listing.image) for each in newest.items[:2]] == [(True, DECK), (False, None)]
        first = find(engine, limit=2)
        assert names(find(engine, limit=3, cursor=first.next)) == ["dinghy", "rib", "sport"]
        assert names(find(engine, words="bavaria", sort=Sort.RELEVANCE))[0] == "cruiser"
        assert names(find(engine, sort=Sort.CHEAPEST))[0] == "dinghy"


def take(store: OpenSearchStore, log: FakeLog, after: int) -> None:
    batch = log.read(after, 100, index.events)
    assert not store.apply(index, Step(after, batch.upto, batch.events))
