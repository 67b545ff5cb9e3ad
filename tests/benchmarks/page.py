"""A listing's page over HTTP, beside a bare handler that selects the same row by key on the same kind of server."""

from statistics import median

from tests.benchmarks.harness import bare
from tests.benchmarks.harness.figures import CONNECTIONS, Effort, Figure, times
from tests.benchmarks.harness.installation import Installation
from tests.benchmarks.harness.load import Answered, Load, answered, request

LISTINGS = 1_000


def run(here: Installation, effort: Effort) -> list[Figure]:
    ids = here.listings(LISTINGS)
    pages: list[Answered] = []
    rows: list[Answered] = []
    with bare.served(here) as port:
        for number in range(effort.rounds):
            here.report(f"Pages: round {number + 1} of {effort.rounds}")
            pages.append(answered(Load(here.port, [request("GET", f"/v1/listings/{id}") for id in ids], CONNECTIONS, effort.seconds)))
            rows.append(answered(Load(port, [request("GET", f"/listings/{id}") for id in ids], CONNECTIONS, effort.seconds)))
    return compared("listing page", pages, "bare SELECT", rows, 0.6)


def compared(name: str, ours: list[Answered], control: str, theirs: list[Answered], ratio: float) -> list[Figure]:
    """Requests a second by the medians of the rounds, then the delays, which have no target of their own."""
    rate = Figure(
        f"{name}, {CONNECTIONS} connections",
        median(each.per_second for each in ours),
        "requests/s",
        median(each.per_second for each in theirs),
        times(ratio),
        f"control: {control} in a bare handler",
    )
    half = Figure(f"{name}, p50", median(each.p50 for each in ours), "ms", median(each.p50 for each in theirs))
    most = Figure(f"{name}, p99", median(each.p99 for each in ours), "ms", median(each.p99 for each in theirs))
    return [rate, half, most]
