"""How the SDK reaches Stripe: by httpx, one connection pool for all threads. The SDK's own way through httpx uses what httpx gives up."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import stripe

from application.ports import Unavailable

NAME = "stripe"

TIMEOUT = 20
"""Seconds; the job behind a call is tried again, and its lease is renewed while it waits."""


@contextmanager
def reaching() -> Generator[None]:
    """What Stripe cannot answer now may be asked again; so may what it refuses for a wrong key, once that is put right."""
    try:
        yield
    except (
        stripe.APIConnectionError,
        stripe.RateLimitError,
        stripe.IdempotencyError,
        stripe.AuthenticationError,
        stripe.PermissionError,
    ) as error:
        raise Unavailable(NAME) from error
    except stripe.APIError as error:
        raise Unavailable(NAME) from error


class Wire(stripe.HTTPClient):
    name = "httpx"

    def __init__(self) -> None:
        super().__init__()
        self._client = httpx.Client(timeout=TIMEOUT)

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, *, _usage: Any = None
    ) -> tuple[str, int, Mapping[str, str]]:
        del _usage
        try:
            found = self._client.request(method, url, headers=dict(headers or {}), content=post_data or b"")
        except httpx.HTTPError as error:
            raise stripe.APIConnectionError(f"no answer: {type(error).__name__}", should_retry=False) from error
        return found.text, found.status_code, found.headers

    def close(self) -> None:
        self._client.close()
