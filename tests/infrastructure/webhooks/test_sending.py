"""The road out under load: whoever hangs holds up nobody, what somebody had who died goes out all the same, and faults pass."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import psycopg
import pytest

from application.webhooks.ports import Answer, Message, Outcome
from infrastructure.webhooks.addresses import PublicAddresses, resolved
from infrastructure.webhooks.posting import HttpPoster
from infrastructure.webhooks.queue import LEASE
from infrastructure.webhooks.sending import Sending
from tests.infrastructure.threads import running
from tests.infrastructure.webhooks.dock import Dock, answer, judged
from tests.infrastructure.webhooks.stranger import Stranger, answers, hangs

ROOT = Path(__file__).parents[3]
SOON = 20.0
"""Seconds within which something must happen that nothing hinders."""

Start = Callable[..., Stranger]


@pytest.fixture
def start() -> Generator[Start]:
    with ExitStack() as running:
        yield lambda manner: running.enter_context(Stranger(manner))


def by_http(dock: Dock) -> Callable[[Message], Outcome]:
    post = HttpPoster(PublicAddresses(resolved, anywhere=True), seconds=5.0)
    return lambda message: judged(post(message.url, {"webhook-id": str(message.id)}, message.body), message.tries, dock.clock(), 0)


def working(sending: Sending) -> AbstractContextManager[None]:
    return running(lambda stop: sending.run(stop, lambda seconds: not stop.wait(seconds / 10)))


def until(true: Callable[[], object]) -> bool:
    """Whether it comes true soon."""
    waiting = Event()
    return any(true() or waiting.wait(0.02) for _ in range(int(SOON / 0.02)))


def states(dock: Dock, endpoint: UUID) -> list[str]:
    return [each.state for each in dock.of(endpoint)]


def test_what_is_told_while_it_runs_goes_out(dock: Dock, start: Start):
    stranger = start(answers(200))
    with working(Sending(dock.following, dock.deliveries, by_http(dock))):
        endpoint = dock.open(url=stranger.url())
        dock.tell(30)
        assert until(lambda: states(dock, endpoint) == ["delivered"] * 30)
    assert len(stranger.requests) == 30


def test_who_hangs_holds_up_nobody(dock: Dock, start: Start):
    hanging, quick = start(hangs), start(answers(200))
    stuck = [dock.open(url=hanging.url()) for _ in range(3)]
    dock.tell(10)
    dock.follow()
    sending = Sending(dock.following, dock.deliveries, by_http(dock), places=4, patience=0.2)
    with working(sending):
        assert until(lambda: len(hanging.requests) >= 4)
        well = dock.open(url=quick.url())
        dock.tell(20)
        assert until(lambda: len(quick.requests) == 20)
        assert not any("delivered" in states(dock, each) for each in stuck)
        assert until(lambda: states(dock, well) == ["delivered"] * 20)
        hanging.leaving.set()


def test_who_was_told_to_stop_ends_what_he_has_begun(dock: Dock):
    begun, go_on = Event(), Event()

    def slowly(message: Message) -> Outcome:
        begun.set()
        assert go_on.wait(SOON)
        return judged(answer(), message.tries, dock.clock(), 0)

    endpoint = dock.open()
    dock.tell(1)
    with working(Sending(dock.following, dock.deliveries, slowly)):
        assert begun.wait(SOON)
        Thread(target=lambda: Event().wait(0.2) or go_on.set()).start()
    assert states(dock, endpoint) == ["delivered"]


def test_a_fault_of_the_database_or_of_ours_passes(dock: Dock, monkeypatch: pytest.MonkeyPatch):
    endpoint = dock.open()
    dock.tell(3)
    faults = [psycopg.OperationalError("gone"), RuntimeError("ours")]
    take, end = dock.deliveries.take, dock.deliveries.end

    def failing(*given: Any, **more: Any) -> Any:
        if faults:
            raise faults.pop()
        return take(*given, **more)

    lost: list[Message] = []

    def losing(message: Message, outcome: Outcome) -> None:
        if not lost:
            lost.append(message)
            raise psycopg.OperationalError("gone")
        end(message, outcome)

    monkeypatch.setattr(dock.deliveries, "take", failing)
    monkeypatch.setattr(dock.deliveries, "end", losing)
    with working(Sending(dock.following, dock.deliveries, lambda message: judged(answer(), message.tries, dock.clock(), 0))):
        assert until(lambda: states(dock, endpoint).count("delivered") == 2)
        assert not faults
        dock.clock.ahead += LEASE + timedelta(seconds=1)
        assert until(lambda: states(dock, endpoint) == ["delivered"] * 3)


VICTIM = """
import sys
from threading import Event
from tests.infrastructure.webhooks.victim import send
send(sys.argv[1])
"""


def test_what_a_killed_process_had_goes_out_when_its_lease_ends(dock: Dock, database: str, start: Start):
    stranger = start(hangs)
    endpoint = dock.open(url=stranger.url())
    dock.tell(5)
    dock.follow()
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    victim = subprocess.Popen([sys.executable, "-c", VICTIM, database], env=environ, cwd=ROOT)
    try:
        assert until(lambda: len(stranger.requests) == 5)
    finally:
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    assert dock.take() == []
    stranger.manner = answers(200)
    dock.clock.ahead += LEASE + timedelta(seconds=1)
    assert Sending(dock.following, dock.deliveries, by_http(dock)).empty() == 5
    assert states(dock, endpoint) == ["delivered"] * 5
    ids = [line for request in stranger.requests for line in request.split(b"\r\n") if line.startswith(b"webhook-id")]
    assert sorted(ids) == sorted([*set(ids)] * 2)


def test_an_answer_is_told_apart_from_none() -> None:
    assert Answer(204, None, "", "", 1).taken
    assert not Answer(302, None, "", "", 1).taken
    assert not Answer(None, "timeout", "", "", 1).taken
