"""A whole run: the service starts, people come, processes die, and everything is gone through when they have gone home."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import httpx
from msgspec import Struct

from tests.benchmarks.checkout import Shop
from tests.benchmarks.harness.figures import Figure
from tests.benchmarks.harness.installation import Installation, own_folder
from tests.kill.customers import Customer
from tests.kill.killer import Killer
from tests.kill.post import PostOffice, opened
from tests.kill.verdict import Verdict

CUSTOMERS = 6
GOODS = 4
PIECES = 100_000

THREADS = 4
"""Letters that a worker has in hand at once: so many may go twice when it dies between the server's word and its own book."""


class Outcome(Struct, frozen=True):
    """`killed` are seconds and victims; `twice` counts letters of which the server was given a second copy."""

    killed: list[tuple[float, str]]
    commands: int
    orders: int
    letters: int
    twice: int


def havoc(jars: Path, seed: int, kills: int, report: Callable[[str], None]) -> Outcome:
    """Raises AssertionError where anything was lost, doubled or told wrongly."""
    office = PostOffice()
    with opened(office) as url, own_folder() as folder:
        (folder / "jars").symlink_to(jars.absolute(), target_is_directory=True)
        here = Installation(folder, report, {"TRADEWIND_SMTP_URL": url, "TRADEWIND_RATE_LIMITS": "0"})
        try:
            here.start()
            with ExitStack() as closing:
                return wreaked(here, office, seed, kills, report, closing)
        finally:
            here.stop()


def run(jars: Path, seed: int, kills: int, report: Callable[[str], None]) -> list[Figure]:
    """What `bench --kill` tells."""
    outcome = havoc(jars, seed, kills, report)
    held = f"{outcome.commands:,} commands acknowledged, {outcome.orders:,} of them orders, each on the log once"
    note = f"seed {seed}; {held}; every read model equals its rebuild"
    letters = f"{outcome.twice} twice, of those whose sender died before it could write down the server's word"
    return [
        Figure("processes killed under load", len(outcome.killed), "kills", note=note),
        Figure("letters", outcome.letters, "letters", note=letters),
    ]


def wreaked(here: Installation, office: PostOffice, seed: int, kills: int, report: Callable[[str], None], closing: ExitStack) -> Outcome:
    with httpx.Client(base_url=here.url, trust_env=False, timeout=60.0) as http:
        shop = Shop(here, http)
        goods = [shop.product(PIECES) for _ in range(GOODS)]
        seller = http.get("/v1/me", headers=shop.seller).raise_for_status().json()["id"]
    verdict = Verdict(here, report)
    closing.callback(verdict.close)
    verdict.begin()
    customers = [Customer(here.url, seed, number, goods) for number in range(CUSTOMERS)]
    for customer in customers:
        closing.callback(customer.close)
    killer = Killer(here.pid, seed)
    going_home = threading.Event()
    people = [threading.Thread(target=each.live, args=[going_home], daemon=True) for each in customers]
    for person in people:
        person.start()
    killer.strike(kills, report)
    going_home.set()
    for person in people:
        person.join()
    for customer in customers:
        if customer.failure:
            raise customer.failure
    report("Everybody has gone home; the books are gone through")
    verdict.settled()
    verdict.nothing_parked_or_dead()
    verdict.each_acknowledged_command_ran_once(customers)
    verdict.settled()
    verdict.every_piece_is_accounted_for(customers, seller, PIECES * GOODS)
    verdict.every_read_model_equals_its_rebuild()
    assert {each.email for each in customers} <= office.to
    twice = sum(count - 1 for count in office.taken.values())
    deaths = sum(victim == "work" for _, victim in killer.killed)
    assert twice <= THREADS * deaths, office.taken
    done = [each for customer in customers for each in customer.done]
    orders = sum(each.path == "/v1/checkouts" for each in done)
    return Outcome(killer.killed, len(done), orders, sum(office.taken.values()), twice)
