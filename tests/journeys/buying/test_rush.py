"""Sixty-four buyers at once: exactly as much is sold as there is, of goods, of a slot and of a code, and nobody meets a fault."""

from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.journeys.live import Live
from tests.journeys.market import APPROVED, HOME, Market

BUYERS = 64


@pytest.fixture
def server(market: Market, database: str) -> Generator[Live]:
    """The same shop, served by a process of its own."""
    assert market.milk
    live = Live(database)
    live.start("serve")
    try:
        live.await_serving()
        yield live
    finally:
        live.stop("serve")


def rush(server: Live, listing: str, total: int, **more: Any) -> Counter[str]:
    """Everyone has one piece in the cart, and all buy at once; how it ended for how many."""
    limits = httpx.Limits(max_connections=BUYERS)
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60, limits=limits) as http, ThreadPoolExecutor(BUYERS) as threads:

        def fill(_: int) -> str:
            return http.put(f"/v1/cart/items/{listing}", json={"quantity": 1}).headers["Cart-Token"]

        def buy(token: str) -> str:
            body = {
                "address": HOME,
                "payment": APPROVED,
                "expectedTotal": {"amount": total, "currency": "CHF"},
                "contact": "guest@example.org",
                **more,
            }
            answer = http.post("/v1/checkouts", json=body, headers={"Cart-Token": token, "Idempotency-Key": str(uuid4())})
            return "sold" if answer.status_code == 201 else f"{answer.status_code} {answer.json()['code']}"

        return Counter(threads.map(buy, list(threads.map(fill, range(BUYERS)))))


def test_what_there_is_is_sold_and_no_more(market: Market, server: Live):
    market.bea.post("/v1/stock/LOAF/receive", {"quantity": 100})
    assert rush(server, market.milk, 180) == {"sold": 24, "409 out_of_stock": 40}
    assert market.left() == (24, 24)
    assert rush(server, market.bread, 840, slot=market.slot) == {"sold": 2, "409 slot_full": 62}
    market.admin().post("/v1/discount-codes", {"code": "FIRST5", "amount": 50, "currency": "CHF", "limit": 5}, 201)
    assert rush(server, market.bread, 400, code="FIRST5") == {"sold": 5, "409 code_exhausted": 59}
    assert market.left("LOAF") == (110, 7)
    assert len(market.admin().get("/v1/orders?limit=100")["items"]) == 24 + 2 + 5
