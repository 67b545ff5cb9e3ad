"""Stripe's SDK against localstripe, a stateful stand-in made by others, for what it has: intents, 3-D Secure, refunds, signed messages."""

import json
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import httpx
import pytest
import stripe

from application.payments.ports import Back, Charge, Repaid, Seen, SeenRefund, State
from infrastructure.environ import Secret
from infrastructure.environ import Stripe as Settings
from infrastructure.payments.stripe.provider import StripeProvider
from infrastructure.payments.stripe.wire import Wire

KEY, SECRET = "sk_test_12345", "whsec_local"
GOOD, DECLINED, SECURE = "4242424242424242", "4000000000000341", "4000000000003220"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(address: str) -> None:
    """Until it answers; its import takes a moment."""
    for _ in range(100):
        try:
            httpx.get(address)
        except httpx.ConnectError:
            Event().wait(0.1)
        else:
            return
    raise TimeoutError(address)


@pytest.fixture(scope="module")
def url() -> Generator[str]:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(address)
            yield address
        finally:
            server.terminate()


@pytest.fixture
def provider(url: str) -> Generator[StripeProvider]:
    with closing(StripeProvider(Settings(Secret(KEY), Secret(SECRET), url))) as provider:
        yield provider


@pytest.fixture
def card(url: str) -> Generator[Any]:
    """The token of a card by its number, as a frontend makes it."""
    wire = Wire()
    client = stripe.StripeClient(KEY, base_addresses={"api": url}, http_client=wire)

    def made(number: str) -> str:
        about: Any = {"type": "card", "card": {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}}
        return client.v1.payment_methods.create(about).id

    yield made
    wire.close()


def charge(method: str, *, manual: bool = False) -> Charge:
    payment = uuid4()
    return Charge(f"{payment}:1", payment, 1, uuid4(), "USD", 1000, method, manual, "")  # it knows no return_url


def test_a_card_pays_or_is_declined(provider: StripeProvider, card: Any):
    asked = charge(card(GOOD))
    seen = provider.begin(asked)
    assert (seen.payment_id, seen.state, seen.amount, seen.currency) == (asked.payment_id, State.CAPTURED, 1000, "USD")
    declined = provider.begin(charge(card(DECLINED)))
    assert (declined.state, declined.code) == (State.FAILED, "card_declined")
    assert provider.begin(charge("pm_none")).state is State.FAILED


def test_3d_secure_waits_for_the_payer(provider: StripeProvider, card: Any, url: str):
    seen = provider.begin(charge(card(SECURE)))
    assert seen.state is State.ACTION_REQUIRED
    answer = {"client_secret": seen.action_url, "success": "true"}
    httpx.post(f"{url}/v1/payment_intents/{seen.reference}/_authenticate", data=answer, headers={"Authorization": f"Bearer {KEY}"})
    assert provider.look(seen.reference).state is State.CAPTURED


def test_what_is_authorised_is_captured_or_let_go(provider: StripeProvider, card: Any):
    kept, left = provider.begin(charge(card(GOOD), manual=True)), provider.begin(charge(card(GOOD), manual=True))
    assert kept.state is State.AUTHORISED
    assert provider.capture(kept.reference, 1000, "c1").state is State.CAPTURED
    assert provider.cancel(left.reference, "x1").code == provider.cancel(left.reference, "x2").code == "canceled"


def test_a_refund_is_found_again(provider: StripeProvider, card: Any):
    seen = provider.begin(charge(card(GOOD)))
    id = uuid4()
    back = Back(seen.payment_id, id, seen.reference, "USD", 400)
    assert provider.find_refund(back) is None
    paid = provider.refund(back)
    assert isinstance(paid, SeenRefund)
    assert paid.state is Repaid.PAID
    assert provider.find_refund(back) == paid


def test_its_messages_are_signed_as_stripe_signs_them(provider: StripeProvider, card: Any, url: str):
    heard: Queue[tuple[dict[str, str], bytes]] = Queue()

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.put(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hearing)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        about = {"url": f"http://127.0.0.1:{server.server_port}/", "secret": SECRET, "events": ["payment_intent.succeeded"]}
        httpx.post(f"{url}/_config/webhooks/ours", json=about).raise_for_status()
        seen = provider.begin(charge(card(GOOD)))
        headers, body = next(each for each in iter(lambda: heard.get(timeout=20), None) if seen.reference.encode() in each[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    announced = provider.verify(headers, body)
    assert (announced.kind, announced.event_id) == ("payment_intent.succeeded", json.loads(body)["id"])
    told = provider.understand(body)
    assert isinstance(told, Seen)
    assert told == seen
