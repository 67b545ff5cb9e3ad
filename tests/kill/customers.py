"""People who use the service while its processes die: whatever gets no answer is asked again, under the same key."""

import threading
import time
from random import Random
from typing import Any
from uuid import UUID, uuid5

import httpx
from msgspec import Struct

from tests.benchmarks.checkout import bill

KEYS = UUID("5d6f2c1e-8c0b-5f7e-9a43-3f0a4b0f7e21")
PASSWORD = "Mazowe-orange-7-crates"
PATIENCE = 120.0
"""Seconds within which every command is taken, whatever dies meanwhile."""

RETRIED = {500, 502, 503, 504, 429}


class Acknowledged(Struct, frozen=True):
    """A command as it was given, and what was answered first."""

    key: str
    path: str
    body: Any
    headers: dict[str, str]
    status: int
    answer: Any


class Customer:
    """Registers, then sells a little and buys a little for as long as it is let; `done` is all that was acknowledged."""

    def __init__(self, url: str, seed: int, number: int, goods: list[str]) -> None:
        self.random = Random(f"{seed} {number}")  # noqa: S311 - the same people do the same things
        self.name = f"{seed}-{number}"
        self.goods = goods
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=15.0)
        self.done: list[Acknowledged] = []
        self.failure: Exception | None = None
        self.visits = 0

    @property
    def email(self) -> str:
        return f"kill-{self.name}@example.org"

    def live(self, stop: threading.Event) -> None:
        try:
            headers = self.arrive()
            while not stop.is_set():
                self.random.choice([self.sell, self.buy])(headers)
                self.visits += 1
        except Exception as error:  # noqa: BLE001 - told by the test when it has ended
            self.failure = error

    def close(self) -> None:
        self.http.close()

    def arrive(self) -> dict[str, str]:
        self.give("/v1/users", {"email": self.email, "name": "Customer", "password": PASSWORD})
        signed_in = self.asked(lambda: self.http.post("/v1/sessions", json={"email": self.email, "password": PASSWORD}))
        return {"Authorization": f"Bearer {signed_in.raise_for_status().json()['accessToken']}"}

    def sell(self, headers: dict[str, str]) -> None:
        self.give("/v1/listings", {"category": "boats", "title": f"Sloop {len(self.done)}"}, headers)

    def buy(self, _headers: dict[str, str]) -> None:
        """As a guest with a new cart: two lines of one piece."""
        chosen = self.random.sample(self.goods, 2)
        token = ""
        for listing in chosen:
            cart = {"Cart-Token": token} if token else {}
            answer = self.asked(lambda item=listing, own=cart: self.http.put(f"/v1/cart/items/{item}", json={"quantity": 1}, headers=own))
            answer.raise_for_status()
            token = token or answer.headers["Cart-Token"]
        self.give("/v1/checkouts", {**bill(2, None), "contact": self.email}, {"Cart-Token": token})

    def give(self, path: str, body: Any, headers: dict[str, str] | None = None) -> None:
        """Ask until there is an answer; every answer but a lost one is kept."""
        given = headers or {}
        key = str(uuid5(KEYS, f"{self.name} {len(self.done)}"))
        answer = self.asked(lambda: self.http.post(path, json=body, headers={**given, "Idempotency-Key": key}))
        self.done.append(Acknowledged(key, path, body, given, answer.status_code, answer.json()))

    def again(self, done: Acknowledged) -> httpx.Response:
        return self.asked(lambda: self.http.post(done.path, json=done.body, headers={**done.headers, "Idempotency-Key": done.key}))

    def asked(self, ask: Any) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer: httpx.Response = ask()
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            else:
                if answer.status_code not in RETRIED or time.monotonic() > deadline:
                    return answer
            time.sleep(0.1)
