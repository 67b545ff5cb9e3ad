"""What a checkout costs Postgres: the same few statements, however many products, zones and codes there are."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from infrastructure.postgres import Direct
from tests.journeys.listings.test_products import LITRE, published
from tests.journeys.market import ZONE, Basket, Market

STATEMENTS = 7
"""As README says: two looks, then in one transaction the locks, the look that is decided on, a guest's new key (two), and the append.

Not among them are the transaction's own beginning and end, and the word to those who wait for news, which another thread may give.
"""
NEWS = "SELECT pg_notify"


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Generator[list[str]]:
    """What is asked of Postgres meanwhile, by this process; of a statement for many rows each time."""
    asked: list[str] = []
    execute, many, run = psycopg.Cursor.execute, psycopg.Cursor.executemany, Direct.rows

    def executing(cursor: Any, query: Any, *more: Any, **named: Any) -> Any:
        asked.append(str(query))
        return execute(cursor, query, *more, **named)

    def repeating(cursor: Any, query: Any, params: Any, **named: Any) -> Any:
        rows = list(params)
        asked.extend([str(query)] * len(rows))
        return many(cursor, query, rows, **named)

    def prepared(statement: Direct, *more: Any) -> Any:
        asked.append(statement.name.decode())
        return run(statement, *more)

    with monkeypatch.context() as patched:
        patched.setattr(Direct, "rows", prepared)
        patched.setattr(psycopg.Cursor, "execute", executing)
        patched.setattr(psycopg.Cursor, "executemany", repeating)
        yield asked
    asked[:] = [each for each in asked if NEWS not in each]


def bought(market: Market, monkeypatch: pytest.MonkeyPatch, listings: list[str], code: str) -> list[str]:
    cart = Basket(market.guest())
    for listing in listings:
        cart.put(listing, 1)
    total = cart.preview(slot=market.slot, code=code)["total"]["amount"]
    with counted(monkeypatch) as asked:
        cart.buy(total, slot=market.slot, code=code, contact="guest@example.org")
    return asked


def test_a_checkout_is_the_same_statements_whatever_is_bought_and_however_much_there_is(market: Market, monkeypatch: pytest.MonkeyPatch):
    market.admin().post("/v1/discount-codes", {"code": "FIRST", "amount": 50, "currency": "CHF", "limit": 5}, 201)
    few = bought(market, monkeypatch, [market.milk], "FIRST")
    products = [published(market.ana, market.mo, {**LITRE, "sku": f"MILK-{number}"}) for number in range(8)]
    for number in range(8):
        market.ana.post(f"/v1/stock/MILK-{number}/receive", {"quantity": 5})
        market.admin().post("/v1/zones", {**ZONE, "name": f"Zone {number}"}, 201)
        market.admin().post("/v1/discount-codes", {"code": f"CODE{number}", "basisPoints": 1_000}, 201)
    many = bought(market, monkeypatch, [market.milk, *products], "CODE3")
    assert len(few) == STATEMENTS, "\n".join(few)
    assert len(many) == STATEMENTS, "\n".join(many)
