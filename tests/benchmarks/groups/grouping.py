"""Crowds that join one group or look at it, how soon they see each other's joins, and the list of a market full of groups."""

import json
import random
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from queue import Queue
from threading import Thread
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from infrastructure.container import Container
from infrastructure.settings import load
from tests.benchmarks.groups.crowd import GATE, Crowd, Trader
from tests.benchmarks.groups.market import GOODS, fill
from tests.benchmarks.harness import bare
from tests.benchmarks.harness.figures import CONNECTIONS, Effort, Figure, percentile, times, under
from tests.benchmarks.harness.installation import Installation
from tests.benchmarks.harness.load import Answered, Load, answered, request, warmed

FULL_EFFORT = 5_000
"""Rows from which on the sizes are those that are promised; below, everything is as small as a test needs it."""

AT_ONCE = 64
LOOK = 0.2
"""Seconds for which somebody looks at a page before he asks for it again."""
LOOK_AT_LIST = 0.5
"""As above for twenty groups and another question."""
QUESTIONS = 4_000
"""More than are asked within a round, so that none is answered from what was remembered."""
FOLLOWERS = 50
PATIENCE = 30.0


def run(here: Installation, effort: Effort) -> list[Figure]:
    whole = effort.rows >= FULL_EFFORT
    with Container(load(here.environ)) as container:
        crowd = Crowd(container)
        people = crowd.people(1_000 if whole else 30)
        figures = joining(here, crowd, people[: len(people) // 2])
        figures += looking(here, crowd, people, effort)
        figures += following(here, crowd, people, effort)
        return [*figures, *listing(here, container, 100_000 if whole else 200, effort)]


def joining(here: Installation, crowd: Crowd, people: Sequence[Trader]) -> list[Figure]:
    """A tenth more members than there is room for, each with a connection of his own: all places are taken, and the rest waits in line."""
    places = len(people) * 10 // 11
    here.report(f"{len(people)} traders join groups, all of them at once")
    alone = [crowd.group(who.id, 1, len(people)) for who in people]
    apart = joins(here, [(group, who) for group, who in zip(alone, people, strict=True)])
    group = crowd.group(people[0].id, places, places)
    together = joins(here, [(group, who) for who in people])
    taken, waiting = filled(here, group, len(people))
    if (taken, waiting) != (places, len(people) - places):
        raise RuntimeError(f"Of {places} places {taken} were taken, and {waiting} wait")
    note = f"{places} places of {places} taken by {len(people)}, the rest in line; control: as many groups"
    return [Figure(f"joins to one group, {len(people)} at once", together.per_second, "/s", apart.per_second, times(0.3), note)]


def filled(here: Installation, group: UUID, people: int) -> tuple[int, int]:
    """Places taken and people in line, once the group's page has come to all of them; what it says then, if it never does."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = httpx.get(f"{here.url}/v1/groups/{group}", trust_env=False).json()["progress"]
        if found["reserved"] + found["waiting"] == people or time.monotonic() > deadline:
            return found["reserved"], found["waiting"]
        time.sleep(0.1)


def joins(here: Installation, wanted: Sequence[tuple[UUID, Trader]]) -> Answered:
    body = json.dumps({"quantity": 1, "pickupId": str(GATE)})
    asked = [request("POST", f"/v1/groups/{group}/join", body=body, token=who.token) for group, who in wanted]
    done = answered(Load(here.port, asked, len(asked)))
    if set(done.statuses) != {"200"}:
        raise RuntimeError(f"Joins were answered with {dict(done.statuses)}")
    return done


def looking(here: Installation, crowd: Crowd, people: Sequence[Trader], effort: Effort) -> list[Figure]:
    """By members and by others in turn: as people do, and as fast as it goes, which a bare handler is asked for as well."""
    group = crowd.group(people[0].id, len(people), len(people) * 2)
    crowd.join(group, people)
    here.await_read_models()
    here.report(f"A group of {len(people)} members is looked at, {AT_ONCE} at once")
    path = f"/v1/groups/{group}"
    asked = [each for who in people[:AT_ONCE] for each in (request("GET", path, token=who.token), request("GET", path))]
    answered(Load(here.port, asked, AT_ONCE, effort.seconds / 4))
    looks = middle([answered(Load(here.port, asked, AT_ONCE, effort.seconds, LOOK)) for _ in range(effort.rounds)])
    rushed = middle([answered(Load(here.port, asked, AT_ONCE, effort.seconds)) for _ in range(effort.rounds)])
    with bare.served(here) as port:
        row = request("GET", f"/listings/{here.listings(1)[0]}")
        control = middle([answered(Load(port, [row], AT_ONCE, effort.seconds)) for _ in range(effort.rounds)])
    note = f"{len(people):,} members; every other caller is one of them and is told his own part"
    calm = f"{AT_ONCE} connections, each asking again {LOOK} s after its answer; {looks.per_second:,.0f} requests/s"
    most = "as fast as it goes; control: bare SELECT in a bare handler"
    return [
        Figure("group page, p99", looks.p99, "ms", target=under(20), note=calm),
        Figure(f"group page, {AT_ONCE} connections", rushed.per_second, "requests/s", control.per_second, note=note),
        Figure(f"group page, {AT_ONCE} connections, p99", rushed.p99, "ms", control.p99, note=most),
    ]


def middle(rounds: Sequence[Answered]) -> Answered:
    return sorted(rounds, key=lambda each: each.p99)[len(rounds) // 2]


def following(here: Installation, crowd: Crowd, people: Sequence[Trader], effort: Effort) -> list[Figure]:
    """From the sending of a join until it is told to one of those who follow."""
    samples = people[: effort.samples * 5]  # of fewer, the hundredth part is the one that took longest
    group = crowd.group(people[0].id, len(people), len(people) * 2)
    here.await_read_models()
    here.report(f"{FOLLOWERS} follow a group while traders join it")
    body = {"quantity": 1, "pickupId": str(GATE)}
    delays: list[float] = []
    with httpx.Client(base_url=here.url, trust_env=False, timeout=PATIENCE) as http, followed(here, group) as told:
        for number, who in enumerate(samples, 1):
            time.sleep(0.05)  # each is to be told by itself
            began = time.perf_counter()
            headers = {"Authorization": f"Bearer {who.token}"}
            http.post(f"/v1/groups/{group}/join", json=body, headers=headers).raise_for_status()
            while told.get(timeout=PATIENCE)["progress"]["reserved"] < number:
                pass
            delays.append((time.perf_counter() - began) * 1000)
    note = f"{FOLLOWERS} followers; one join after the other"
    return [
        Figure("join to live progress, p50", percentile(delays, 0.5), "ms", note=note),
        Figure("join to live progress, p99", percentile(delays, 0.99), "ms", target=under(100)),
    ]


@contextmanager
def followed(here: Installation, group: UUID) -> Generator["Queue[Any]"]:
    """What one follower is told; the others only follow."""
    told: Queue[Any] = Queue()
    limits = httpx.Limits(max_connections=FOLLOWERS)
    with httpx.Client(base_url=here.url, trust_env=False, timeout=PATIENCE, limits=limits) as http:
        threads = [Thread(target=follow, args=(http, group, told if number == 0 else Queue()), daemon=True) for number in range(FOLLOWERS)]
        for each in threads:
            each.start()
        told.get(timeout=PATIENCE)
        yield told


def follow(http: httpx.Client, group: UUID, told: "Queue[Any]") -> None:
    try:
        with http.stream("GET", f"/v1/groups/{group}/live", headers={"Accept": "text/event-stream"}) as answer:
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    told.put(json.loads(line.removeprefix("data: ")))
    except (httpx.HTTPError, RuntimeError):
        return  # the client was closed: nobody listens any more


def listing(here: Installation, container: Container, groups: int, effort: Effort) -> list[Figure]:
    here.report(f"A market of {groups:,} groups")
    fill(container, groups)
    here.report("Groups are looked for")
    asked = [request("GET", f"/v1/groups?{each}") for each in questions(QUESTIONS * (3 * effort.rounds + 1))]
    parts = [asked[first : first + QUESTIONS] for first in range(0, len(asked), QUESTIONS)]
    warmed(Load(here.port, parts.pop(), CONNECTIONS, effort.seconds), effort.rounds)
    looks, eager = (
        middle([answered(Load(here.port, parts.pop(), AT_ONCE, effort.seconds, pause)) for _ in range(effort.rounds)])
        for pause in (LOOK_AT_LIST, LOOK)
    )
    rushed = middle([answered(Load(here.port, part, CONNECTIONS, effort.seconds)) for part in parts])
    calm = f"{AT_ONCE} connections, each asking again {LOOK_AT_LIST} s after its answer; {looks.per_second:,.0f} requests/s"
    soon = f"each after {LOOK} s; {eager.per_second:,.0f} requests/s"
    note = f"{groups:,} groups, written straight into the index; three filters each, no question asked twice; after 100 s of them"
    return [
        Figure("list of groups, p99", looks.p99, "ms", target=under(50), note=calm),
        Figure("list of groups asked for again sooner, p99", eager.p99, "ms", note=soon),
        Figure(f"list of groups, {CONNECTIONS} connections", rushed.per_second, "requests/s", note=note),
        Figure(f"list of groups, {CONNECTIONS} connections, p99", rushed.p99, "ms", note="as fast as it goes"),
    ]


def questions(count: int) -> Iterator[str]:
    chance = random.Random(2)  # noqa: S311 - the same questions every time
    now = datetime.now(UTC)
    for _ in range(count):
        near = f"near={chance.uniform(-22, -16):.4f},{chance.uniform(25, 33):.4f}&radiusKm={chance.randrange(20, 200)}"
        closing = f"closingBefore={quote((now + timedelta(minutes=chance.randrange(600, 30_000))).isoformat(timespec='seconds'))}"
        price = f"priceMin={chance.randrange(0, 3_000)}&priceMax={chance.randrange(3_000, 9_000)}"
        words = f"q={quote(chance.choice(GOODS))}"
        sort = f"sort={chance.choice(('closing', 'newest', 'price', 'progress'))}"
        yield "&".join((*chance.sample((near, closing, price, words), 2), "category=bulk-food", sort))
