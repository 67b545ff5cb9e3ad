"""Search over the imported boats under load, and how soon what was just published is found."""

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any
from uuid import uuid4

import httpx

from tests.benchmarks.harness.figures import CONNECTIONS, Effort, Figure, percentile, under
from tests.benchmarks.harness.installation import MODERATOR, Installation
from tests.benchmarks.harness.load import Load, answered, request, warmed

WORDS = ("yacht", "bavaria", "sunseeker", "cruiser", "quicksilver", "beneteau", "boat", "motor")
FILTERS = ("country=DE&lengthMin=6", "country=IT&yearMin=2000", "country=CH&lengthMax=12", "yearMin=1990&lengthMin=8")
AT_ONCE = 4
LOOK_EVERY = 0.05
LOST_AFTER = 30.0


def run(here: Installation, effort: Effort) -> list[Figure]:
    here.report("Searches")
    paths = [f"/v1/search?q={word}&{chosen}" for word in WORDS for chosen in FILTERS]
    load = Load(here.port, [request("GET", path) for path in paths], CONNECTIONS, effort.seconds)
    warmed(load, effort.rounds)
    searches = [answered(load) for _ in range(effort.rounds)]
    here.report(f"Publishing {effort.samples} listings and searching for them")
    delays = published_until_found(here, effort.samples)
    note = "text, two filters, facets; after 100 s of them"
    return [
        Figure(f"search, {CONNECTIONS} connections", median(each.per_second for each in searches), "requests/s", note=note),
        Figure("search, p50", median(each.p50 for each in searches), "ms"),
        Figure("search, p99", median(each.p99 for each in searches), "ms", target=under(50)),
        Figure("publish to searchable, p50", percentile(delays, 0.5), "s"),
        Figure("publish to searchable, p99", percentile(delays, 0.99), "s", target=under(1.5)),
    ]


def published_until_found(here: Installation, samples: int) -> list[float]:
    """Seconds from sending the command until a search answers with the listing."""
    seller = here.newcomer()
    moderator = {"Authorization": f"Bearer {here.token(MODERATOR.email, MODERATOR.password)}"}
    with (
        httpx.Client(base_url=here.url, trust_env=False, timeout=LOST_AFTER) as http,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):
        return list(threads.map(lambda _: found_after(http, seller, moderator), range(samples)))


def found_after(http: httpx.Client, seller: dict[str, str], moderator: dict[str, str]) -> float:
    word = f"zz{uuid4().hex}"
    attributes = {"type": "motor-yacht", "maker": "Bavaria", "year": 2005, "length": 11.5, "condition": "used"}
    draft: dict[str, Any] = {
        "kind": "classified",
        "category": "boats",
        "title": word,
        "description": "",
        "attributes": attributes,
        "price": {"amount": 4_500_000, "currency": "EUR"},
    }
    path = f"/v1/listings/{post(http, '/v1/listings', seller, draft)['id']}"
    post(http, f"{path}/submit", seller)
    post(http, f"{path}/approve", moderator)
    began = time.monotonic()
    post(http, f"{path}/publish", seller)
    while not http.get("/v1/search", params={"q": word}).raise_for_status().json()["items"]:
        if time.monotonic() - began > LOST_AFTER:
            raise TimeoutError(f"{path} was not found by its title.")
        time.sleep(LOOK_EVERY)
    return time.monotonic() - began


def post(http: httpx.Client, path: str, headers: dict[str, str], body: Any = None) -> Any:
    return http.post(path, json=body, headers=headers).raise_for_status().json()
