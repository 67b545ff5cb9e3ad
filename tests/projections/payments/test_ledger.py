"""The books are kept from payments and orders together: an order tells its tax, and its delivery what is due to the seller."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from domain.orders.events import OrderDelivered, OrderPlaced
from domain.payments.books import Books
from domain.trade import Share
from domain.values import Address
from projections.payments.ledger import Entry, evolve, payment_of, rows
from tests.domain.payments.purse import BREAD, CLEO, DUE, MILK, NOON, PAYMENT, SAM, SHARES, SUE, asked, captured

HOME = Address("Cleo", ("Rue 1",), "Genève", "1201", "CH")


def ordered(share: Share, tax: int) -> OrderPlaced:
    return OrderPlaced(
        share.order_id,
        UUID(int=1),
        CLEO.id,
        share.seller_id,
        "USD",
        (),
        share.amount,
        0,
        0,
        0,
        tax,
        share.amount,
        HOME,
        "cleo@example.com",
        PAYMENT,
        DUE,
        NOON,
        tax_place="CH",
    )


def written(*events: Any) -> list[Entry]:
    found: list[Entry] = []
    known: Books | None = None
    for event in events:
        found += rows(known, event)
        # What is remembered is kept as JSON between batches.
        known = msgspec.json.decode(msgspec.json.encode(evolve(known, event)), type=Books)
    return found


HISTORY = (
    ordered(SHARES[0], 51),
    ordered(SHARES[1], 8),
    asked,
    captured,
    OrderDelivered(MILK, CLEO.id, SAM.id, SAM.id, NOON + timedelta(days=1), PAYMENT),
)


def test_tax_is_owed_to_the_place_that_the_order_names():
    tax = [(each.account, each.credit, each.order_id) for each in written(*HISTORY) if each.chart == "tax"]
    assert tax == [("tax:CH", 51, MILK), ("tax:CH", 8, BREAD)]


def test_what_a_seller_earned_moves_on_when_his_order_is_delivered():
    moved = [(each.account, each.debit, each.credit, each.at) for each in written(*HISTORY) if each.cause == "delivery"]
    day = NOON + timedelta(days=1)
    assert moved == [(f"seller:{SAM.id}:pending", 584, 0, day), (f"seller:{SAM.id}:available", 0, 584, day)]


def test_rows_name_the_seller_on_his_own_accounts_only():
    for each in written(*HISTORY):
        assert (each.seller_id is not None) == each.chart.startswith("seller:")
        assert each.seller_id in {None, SAM.id, SUE.id}
        assert each.payment_id == PAYMENT


def test_a_delivery_from_before_payments_were_named_is_none_of_the_books():
    unnamed = OrderDelivered(MILK, CLEO.id, SAM.id, SAM.id, NOON)
    assert payment_of(unnamed) is None
    assert rows(None, unnamed) == []
