"""What stock may be promised, sold, given back and counted, and who is told."""

from uuid import UUID

import msgspec
import pytest

from domain.stock.state import COMMITS_KEPT, MOST, Stocked, Unstocked, evolve
from domain.stock.stock import stock_id, stocks
from tests.bdd import Given
from tests.domain.stock.shelf import (
    ADA,
    ANA,
    BEN,
    CLEOS,
    MILK,
    adjust,
    adjusted,
    came_back,
    commit,
    committed,
    count,
    counted,
    give_back,
    level,
    ran_low,
    receive,
    received,
    released,
    reserve,
    reserved,
    returned,
    ten,
    three_for_ben,
    three_sold,
    watch,
    watched,
)


def test_the_first_receipt_opens_the_stock():
    Given(stocks).when(receive(10)).then(ten, came_back(10))


def test_more_may_be_received_at_any_time():
    Given(stocks, ten).when(receive(5)).then(received(5, level(15, 0, 2)))


def test_the_same_article_is_meant_however_it_is_written():
    assert stock_id(ANA.id, "milk-1l") == MILK
    assert stock_id(ANA.id, "MILK-1L", "cellar") != MILK
    assert stock_id(BEN.id, "MILK-1L") != MILK


@pytest.mark.parametrize("quantity", [0, -1, MOST + 1, 10**12])
def test_senseless_quantities_are_refused(quantity: int):
    Given(stocks, ten).when(receive(quantity)).rejected("quantity_invalid", pointer="/quantity")
    Given(stocks, ten).when(reserve(quantity)).rejected("quantity_invalid", pointer="/quantity")
    Given(stocks, ten).when(give_back(quantity)).rejected("quantity_invalid", pointer="/quantity")


def test_there_is_a_limit_to_what_can_be_on_hand():
    full = received(MOST, level(MOST, 0, 1))
    Given(stocks, full).when(receive(1)).rejected("quantity_invalid", pointer="/quantity")
    Given(stocks, full).when(adjust(1, "found")).rejected("quantity_invalid", pointer="/difference")


@pytest.mark.parametrize("sku", ["", "-A", "A B", "A/B", "Ä", "A" * 65])
def test_an_article_has_a_name_that_fits_in_an_address(sku: str):
    Given(stocks).when(receive(1, sku=sku)).rejected("sku_invalid")


def test_a_location_has_a_name_that_fits_in_an_address():
    Given(stocks).when(receive(1, location="The Cellar")).rejected("location_invalid", pointer="/location")


def test_only_its_seller_and_the_staff_touch_a_stock():
    for command in (receive(1, BEN), adjust(1, "found", BEN), count(1, BEN), watch(1, BEN)):
        Given(stocks, ten).when(command).rejected("not_yours")
    Given(stocks).when(receive(1, BEN)).rejected("not_yours")
    Given(stocks, ten).offers(BEN)
    Given(stocks, ten).offers(ANA, "receive", "adjust", "count", "watch")
    Given(stocks, ten).offers(ADA, "receive", "adjust", "count", "watch")


def test_an_order_reserves_what_is_there():
    Given(stocks, ten).when(reserve(3)).then(three_for_ben)
    Given(stocks, ten).when(reserve(10)).then(reserved(10, level(10, 10, 2)))


def test_nothing_is_promised_twice():
    Given(stocks, ten, three_for_ben).when(reserve(8, CLEOS)).rejected("out_of_stock")
    Given(stocks, ten, three_for_ben).when(reserve(7, CLEOS)).then(reserved(7, level(10, 10, 3), CLEOS))


def test_what_was_never_stocked_is_out_of_stock():
    Given(stocks).when(reserve(1)).rejected("out_of_stock")


def test_an_order_that_reserves_again_has_it_already():
    Given(stocks, ten, three_for_ben).when(reserve(3)).then()
    Given(stocks, ten, three_for_ben, three_sold).when(reserve(3)).then()


def test_a_paid_order_takes_what_it_reserved():
    Given(stocks, ten, three_for_ben).when(commit()).then(three_sold)
    Given(stocks, ten, three_for_ben, three_sold).when(commit()).then()


def test_what_was_not_reserved_is_not_sold():
    Given(stocks, ten).when(commit()).rejected("not_reserved")
    Given(stocks).when(commit()).rejected("stock_not_found")


def test_an_order_called_off_before_word_of_its_payment_came_sells_nothing_and_is_no_fault():
    """The two are heard of by jobs of their own, in either order: the shelf is the same after both."""
    Given(stocks, ten, three_for_ben, released(3, level(10, 0, 3))).when(commit()).then()
    paid_first = stocks.fold([ten, three_for_ben, three_sold, *stocks.decide(give_back(3), stocks.fold([ten, three_for_ben, three_sold]))])
    called_off_first = stocks.fold([ten, three_for_ben, released(3, level(10, 0, 3))])
    assert isinstance(paid_first, Stocked)
    assert isinstance(called_off_first, Stocked)
    assert (paid_first.on_hand, paid_first.held) == (called_off_first.on_hand, called_off_first.held) == (10, 0)


def test_a_reservation_goes_back_once():
    Given(stocks, ten, three_for_ben).when(give_back(3)).then(released(3, level(10, 0, 3)))
    Given(stocks, ten, three_for_ben, released(3, level(10, 0, 3))).when(give_back(3)).then()


def test_a_part_of_a_reservation_goes_back_and_the_rest_is_sold():
    part = released(1, level(10, 2, 3))
    Given(stocks, ten, three_for_ben).when(give_back(1)).then(part)
    Given(stocks, ten, three_for_ben, part).when(commit()).then(committed(2, level(8, 0, 4)))


def test_what_was_sold_is_on_hand_again_once():
    Given(stocks, ten, three_for_ben, three_sold).when(give_back(2)).then(returned(2, level(9, 0, 4)))
    back = (returned(2, level(9, 0, 4)), returned(1, level(10, 0, 5)))
    Given(stocks, ten, three_for_ben, three_sold, *back).when(give_back(1)).then()


def test_no_more_goes_back_than_was_held():
    Given(stocks, ten, three_for_ben).when(give_back(4)).rejected("more_than_held")
    Given(stocks, ten, three_for_ben, three_sold).when(give_back(4)).rejected("more_than_held")
    Given(stocks).when(give_back(1)).rejected("stock_not_found")


def test_an_adjustment_says_why():
    Given(stocks, ten).when(adjust(-2, "damaged")).then(adjusted(-2, "damaged", level(8, 0, 2)))
    Given(stocks, ten).when(adjust(2, "found")).then(adjusted(2, "found", level(12, 0, 2)))
    Given(stocks, ten).when(adjust(-1, "correction")).then(adjusted(-1, "correction", level(9, 0, 2)))
    Given(stocks).when(adjust(1, "found")).rejected("stock_not_found")


@pytest.mark.parametrize(("difference", "reason"), [(1, "stolen"), (-1, "found"), (0, "correction"), (-(10**12), "lost")])
def test_an_adjustment_goes_the_way_of_its_reason(difference: int, reason: str):
    Given(stocks, ten).when(adjust(difference, reason)).rejected("quantity_invalid", pointer="/difference")


def test_less_than_nothing_there_cannot_be():
    Given(stocks, ten).when(adjust(-11, "lost")).rejected("stock_too_small")


def test_what_is_promised_is_not_adjusted_or_counted_away():
    Given(stocks, ten, three_for_ben).when(adjust(-8, "lost")).rejected("stock_promised")
    Given(stocks, ten, three_for_ben).when(count(2)).rejected("stock_promised")


def test_a_count_says_what_was_expected():
    Given(stocks, ten, three_for_ben).when(count(8)).then(counted(8, -2, level(8, 3, 3)))
    Given(stocks, ten).when(count(10)).then(counted(10, 0, level(10, 0, 2)))
    Given(stocks, ten).when(count(-1)).rejected("quantity_invalid", pointer="/counted")


def test_a_first_count_opens_the_stock():
    Given(stocks).when(count(4)).then(counted(4, 4, level(4, 0, 1)), came_back(4))


def test_the_seller_is_told_once_that_little_is_left():
    few = Given(stocks, ten, watched(7))
    few.when(reserve(2)).then(reserved(2, level(10, 2, 2)))
    few.when(reserve(3)).then(three_for_ben, ran_low(7, 7))
    Given(stocks, ten, watched(7), three_for_ben, ran_low(7, 7)).when(reserve(1, CLEOS)).then(reserved(1, level(10, 4, 3), CLEOS))


def test_who_begins_to_watch_is_told_at_once_if_there_is_little():
    Given(stocks, ten).when(watch(10)).then(watched(10), ran_low(10, 10))
    Given(stocks, ten).when(watch(9)).then(watched(9))
    Given(stocks, ten, watched(10), ran_low(10, 10)).when(watch(11)).then(watched(11))
    Given(stocks, ten, watched(9)).when(watch(9)).then()
    Given(stocks, ten, watched(9)).when(watch(None)).then(watched(None))
    Given(stocks, ten).when(watch(-1)).rejected("quantity_invalid", pointer="/lowAt")


def test_what_was_sold_out_is_said_to_be_back():
    all_for_ben = reserved(10, level(10, 10, 2))
    Given(stocks, ten, all_for_ben).when(give_back(1)).then(released(1, level(10, 9, 3)), came_back(1))
    Given(stocks, ten, all_for_ben).when(receive(5)).then(received(5, level(15, 10, 3)), came_back(5))


def test_the_oldest_sales_are_forgotten_and_a_person_is_asked_about_them():
    state = stocks.fold([received(MOST, level(MOST, 0, 1))])
    for number in range(COMMITS_KEPT + 1):
        order = UUID(int=number)
        for command in (reserve(1, order), commit(order)):
            state = stocks.fold(stocks.decide(command, state), state)
    assert isinstance(state, Stocked)
    assert len(state.committed) == COMMITS_KEPT
    with pytest.raises(Exception, match="sale_forgotten"):
        stocks.decide(give_back(1, UUID(int=0)), state)
    assert stocks.decide(give_back(1, UUID(int=1)), state)


def test_history_without_a_beginning_is_no_stock():
    assert evolve(Unstocked(), three_for_ben) == Unstocked()


def test_a_state_is_kept_as_json_and_read_back_as_it_was():
    """As snapshots keep it."""
    for history in ([], [ten, three_for_ben], [ten, watched(7), three_for_ben, three_sold, reserved(1, level(7, 1, 4), CLEOS)]):
        state = stocks.fold(history)
        assert msgspec.json.decode(msgspec.json.encode(state), type=stocks.state) == state
