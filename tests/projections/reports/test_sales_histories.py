"""However an order is cancelled and returned, what the report says was sold of it is what was paid and not given back."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.decider import Rejected
from domain.orders import commands as c
from domain.orders.events import Part, Reason, Status
from domain.orders.order import orders
from domain.trade import OrderLine
from domain.values import SYSTEM
from projections.reports import sales
from tests.domain.orders.shop import ANA, BREAD, BREAD_STOCK, CARA, MILK, MILK_STOCK, NOON, ORDER, PAYMENT, STAN, place

AWKWARD = (
    OrderLine(1, MILK, ANA.id, MILK_STOCK, "MILK", "Milk", 7, 143, 3, 971, 270, 27, 998),
    OrderLine(2, BREAD, ANA.id, BREAD_STOCK, "LOAF", "Bread", 3, 333, 0, 973, 260, 26, 999),
)
"""Prices that no number of pieces divides."""

ordered = place(
    lines=AWKWARD, goods=7 * 143 + 3 * 333, discount=3, delivery_fee=391, delivery_tax=29, tax=27 + 26 + 29, total=998 + 999 + 391
)

parts = st.lists(st.builds(Part, st.integers(1, 2), st.integers(1, 7)), min_size=1, max_size=3).map(tuple)
reasons = st.sampled_from([Reason.CHANGED_MIND, Reason.DAMAGED])
cancelling = st.builds(c.CancelLines, st.just(ORDER), parts, reasons, st.just(STAN), st.just(NOON))
returning = st.builds(c.RequestReturn, st.just(ORDER), st.one_of(st.just(()), parts), reasons, st.just(CARA), st.just(NOON))
accepting = st.builds(c.AcceptReturn, st.just(ORDER), st.booleans(), st.just(ANA), st.just(NOON))
ARRIVING = (c.PackOrder(ORDER, ANA, NOON), c.DispatchOrder(ORDER, ANA, NOON), c.DeliverOrder(ORDER, ANA, NOON))
cancelled = c.CancelOrder(ORDER, Reason.OTHER, STAN, NOON)


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    """Some pieces are cancelled, the rest arrives or is cancelled on its way, and what arrived goes back in any number of parts."""
    begun = draw(st.lists(cancelling, max_size=3))
    way = ARRIVING[: draw(st.integers(0, 3))]
    back = draw(st.lists(st.tuples(returning, accepting), max_size=4))
    ended = [cancelled] if draw(st.booleans()) else []
    return [*begun, *way, *(command for pair in back for command in pair), *ended]


@given(histories(), st.booleans())
def test_what_was_sold_is_what_was_paid_and_not_given_back(commands: list[Any], pays: bool):
    given_first: list[Any] = [ordered]
    given_first += [c.ConfirmOrder(ORDER, PAYMENT, SYSTEM, NOON)] if pays else [c.ExpireOrder(ORDER, SYSTEM, NOON + timedelta(days=1))]
    state: Any = orders.initial
    known, sold = None, []
    for command in [*given_first, *commands]:
        try:
            events = orders.decide(command, state)
        except Rejected:
            continue
        for event in events:
            state = orders.evolve(state, event)
            if isinstance(event, sales.SaleEvent):
                sold += sales.rows(known, event)
                known = sales.evolve(known, event)
    kept = state.total - state.refunded if pays else 0
    assert sum(each.total + each.delivery for each in sold) == kept
    assert all(each.net + each.tax == each.total for each in sold)
    assert sum(each.pieces for each in sold) == (sum(line.quantity - state.gone.get(line.line, 0) for line in AWKWARD) if pays else 0)
    assert sum(each.orders for each in sold) == int(pays and state.status is not Status.CANCELLED)
