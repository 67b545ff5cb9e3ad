from datetime import date

import pytest

from domain.groups.values import Status
from projections.groups.request import Sort, Wanted, cursor_at, request
from projections.listings.prices import Prices
from projections.ports import BadCursor
from projections.rates import Rates

RATES = Rates.load(b"date,currency,per_eur\n2026-01-01,EUR,1\n2026-01-01,USD,1.1\n2026-01-01,ZWL,400\n")
DOLLARS = Prices(RATES, "USD", date(2026, 6, 1), frozenset({"USD"}))
BOTH = Prices(RATES, "USD", date(2026, 6, 1), frozenset({"USD", "ZWL"}))
CHEAPEST = Wanted("USD", (Status.GATHERING,), sort=Sort.PRICE)
PLACE = [1_900, 4_611_686_018_427_387_904]


@pytest.mark.parametrize("prices", [DOLLARS, BOTH])
@pytest.mark.parametrize("sort", Sort)
def test_every_order_is_total(prices: Prices, sort: Sort):
    assert request(Wanted("USD", (Status.GATHERING,), sort=sort), prices, None)["sort"][-1] == {"tie": "asc"}


def test_a_cursor_goes_on_where_the_page_ended():
    assert request(CHEAPEST, DOLLARS, cursor_at(PLACE, CHEAPEST, DOLLARS))["search_after"] == PLACE


def test_a_cursor_by_amounts_does_not_go_on_once_there_is_a_second_currency():
    with pytest.raises(BadCursor):
        request(CHEAPEST, BOTH, cursor_at(PLACE, CHEAPEST, DOLLARS))
