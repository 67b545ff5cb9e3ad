"""Whatever is bought, the parts of its price add up to the whole, and none of them is below zero."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decider import Rejected
from domain.goods import TaxClass
from domain.orders.order import orders
from domain.orders.pricing import MOST, Priced, Wanted, parted, priced, without_tax
from domain.orders.taxes import TAXES, Taxes, split, taxes_in
from tests.domain.orders.shop import ANA, BEN, place

CH, US = taxes_in("CH"), taxes_in("US")


def wanted(quantity: int, unit_price: int, seller: UUID = ANA.id, tax_class: TaxClass = TaxClass.REDUCED) -> Wanted:
    return Wanted(UUID(int=1), seller, UUID(int=2), "MILK", "Milk", quantity, unit_price, tax_class)


carts = st.lists(
    st.builds(wanted, st.integers(1, 10**6), st.integers(1, 10**5), st.sampled_from([ANA.id, BEN.id]), st.sampled_from(TaxClass)),
    min_size=1,
    max_size=8,
)
places = st.sampled_from([*TAXES.values(), Taxes(2100, 900, included=False)])
amounts = st.integers(0, 10**9)


@given(carts, places, amounts, amounts)
def test_the_parts_add_up_to_the_whole(cart: list[Wanted], taxes: Taxes, discount: int, fee: int):
    cost = priced(cart, "CHF", taxes, discount=discount, fee=fee)
    assert cost.goods == sum(each.price for each in cart)
    assert cost.discount == min(discount, cost.goods)
    assert cost.total == sum(each.total for each in cost.orders)
    if taxes.included:
        assert cost.delivery_fee == fee
        assert cost.total == cost.goods - cost.discount + fee
    for order in cost.orders:
        assert order.total == sum(line.total for line in order.lines) + order.delivery_fee
        assert order.tax == sum(line.tax for line in order.lines) + order.delivery_tax
        assert all(line.net + line.tax == line.total and min(line.net, line.tax, line.discount) >= 0 for line in order.lines)


@given(carts, places, amounts, amounts)
def test_what_is_priced_can_be_ordered(cart: list[Wanted], taxes: Taxes, discount: int, fee: int):
    for each in priced(cart, "CHF", taxes, discount=discount, fee=fee).orders:
        order = place(
            lines=each.lines,
            goods=each.goods,
            delivery_fee=each.delivery_fee,
            delivery_tax=each.delivery_tax,
            discount=each.discount,
            tax=each.tax,
            total=each.total,
        )
        assert len(orders.decide(order, orders.initial)) == 1


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_what_is_parted_is_whole_and_each_part_within_one_of_its_due(amount: int, weights: list[int]):
    parts = parted(amount, weights)
    assert sum(parts) == amount
    whole = sum(weights)
    if whole:
        assert all(abs(part * whole - amount * weight) < whole for part, weight in zip(parts, weights, strict=True))


def test_what_is_left_goes_to_the_largest_remainders_the_first_first():
    assert parted(100, [1, 1, 1]) == [34, 33, 33]
    assert parted(10, [1, 6, 3]) == [1, 6, 3]
    assert parted(7, [5, 3]) == [4, 3]
    assert parted(3, [0, 0]) == [2, 1]
    assert parted(5, []) == []


def test_tax_is_in_the_price_or_on_top_of_it_as_the_country_has_it():
    assert split(1081, 810, included=True) == (1000, 81)
    assert split(1000, 810, included=False) == (1000, 81)
    assert split(5, 1000, included=False) == (5, 1)  # half a cent is rounded up
    milk: Priced = priced([wanted(3, 180)], "CHF", CH)
    assert (milk.total, milk.tax, milk.orders[0].lines[0].tax_rate) == (540, 14, 260)
    assert priced([wanted(3, 180, tax_class=TaxClass.EXEMPT)], "CHF", CH).tax == 0
    assert taxes_in("AQ").rate(TaxClass.STANDARD) == 0
    assert not US.included


def test_there_is_an_end_to_what_can_be_bought_at_once():
    with pytest.raises(Rejected, match="total_too_large"):
        priced([wanted(10**6, MOST // 10**6 + 1)], "CHF", CH)


def test_a_seller_who_is_relieved_of_the_tax_sells_without_it_and_others_with_it():
    milk, bread = wanted(3, 180), wanted(1, 540, BEN.id)
    cost = priced([without_tax(milk, CH), bread], "CHF", CH, fee=390, relieved=frozenset({milk.seller_id}))
    net, taxed = cost.orders
    assert (net.reverse_charge, net.tax, net.delivery_tax, [each.tax_rate for each in net.lines]) == (True, 0, 0, [0])
    assert net.total == net.goods + net.delivery_fee
    assert (taxed.reverse_charge, taxed.tax > 0) == (False, True)
