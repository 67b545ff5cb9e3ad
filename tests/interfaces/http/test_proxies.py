"""Limits by network address, with a proxy between."""

from collections.abc import Generator
from typing import Any

import anyio
import httpx
import pytest

from application.attempts import LIMITS
from infrastructure import settings
from infrastructure.container import Container
from interfaces.http.assembly import assemble
from interfaces.http.streams import Streams

PROXY, ANA, BEN, EVE = "10.0.0.1", "203.0.113.5", "203.0.113.6", "198.51.100.66"


@pytest.fixture
def app(database: str, redis_url: str) -> Generator[Any]:
    given = {
        "DATABASE_URL": database,
        "REDIS_URL": redis_url,
        "OPENSEARCH_URL": "http://127.0.0.1:1",
        "TRADEWIND_SECRET_KEY": "a secret that is long enough for tests",
        "TRADEWIND_KEY_ENCRYPTION_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "TRADEWIND_TRUSTED_PROXIES": "10.0.0.0/8",
    }
    with Container(settings.load(given)) as container:
        yield assemble(container, Streams())


def test_who_tries_too_often_is_stopped_and_not_the_others_behind_the_same_proxy(app: Any):
    often = LIMITS["redeem_from"].attempts + 1
    assert redeemed(app, PROXY, [ANA] * often)[-2:] == [422, 429]
    assert redeemed(app, PROXY, [BEN, f"{BEN}, 10.0.0.2", ANA]) == [422, 422, 429]


def test_who_is_no_proxy_gains_nothing_by_naming_others(app: Any):
    often = LIMITS["redeem_from"].attempts + 1
    assert redeemed(app, EVE, [f"203.0.113.{number}" for number in range(often)])[-2:] == [422, 429]
    assert redeemed(app, PROXY, [f"{BEN}, {EVE}"]) == [429]


def redeemed(app: Any, peer: str, forwarded: list[str]) -> list[int]:
    """The status of one attempt for each."""

    async def attempts() -> list[int]:
        transport = httpx.ASGITransport(app, client=(peer, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://tradewind.example") as client:
            return [
                (await client.post("/v1/email-verifications/redeem", json={"token": "x"}, headers={"X-Forwarded-For": each})).status_code
                for each in forwarded
            ]

    return anyio.run(attempts)
