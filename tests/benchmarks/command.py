"""An authenticated command over HTTP (idempotency, load, decide, append), beside a bare handler that does one INSERT."""

from statistics import median
from uuid import UUID

from tests.benchmarks.harness import bare
from tests.benchmarks.harness.figures import CONNECTIONS, Effort, Figure
from tests.benchmarks.harness.installation import SELLER, Installation
from tests.benchmarks.harness.load import Answered, Load, answered, request
from tests.benchmarks.page import compared

LISTINGS = 2_000


def run(here: Installation, effort: Effort) -> list[Figure]:
    """Prices of many listings, another one at each turn, so that each command appends an event."""
    ids = here.listings(LISTINGS)
    token = here.token(SELLER.email, SELLER.password)
    ours: list[Answered] = []
    followed: list[Answered] = []
    theirs: list[Answered] = []
    with bare.served(here) as port:
        for number in range(effort.rounds):
            here.report(f"Commands: round {number + 1} of {effort.rounds}")
            with here.nothing_following():  # nothing follows the control's rows either
                ours.append(answered(Load(here.port, prices(ids, token), CONNECTIONS, effort.seconds)))
            here.await_read_models()
            followed.append(answered(Load(here.port, prices(ids, token), CONNECTIONS, effort.seconds)))
            here.await_read_models()
            theirs.append(answered(Load(port, inserts(ids), CONNECTIONS, effort.seconds)))
    alone = compared("command", ours, "one INSERT", theirs, 0.5)
    rate = median(each.per_second for each in followed)
    most = median(each.p99 for each in followed)
    control = median(each.per_second for each in theirs)
    return [
        *alone,
        Figure("command while all read models follow", rate, "requests/s", control, note="on the same cores; same control"),
        Figure("command while all read models follow, p99", most, "ms"),
    ]


def prices(ids: list[UUID], token: str) -> list[str]:
    """Two prices for each listing in turn; a later round begins with the one that the round before did not end with."""
    amounts = (4_500_000, 4_600_000, 4_700_000)
    bodies = [f'{{"price":{{"amount":{amount},"currency":"EUR"}}}}' for amount in amounts]
    return [request("PUT", f"/v1/listings/{id}/price", body=body, token=token, key=True) for body in bodies for id in ids]


def inserts(ids: list[UUID]) -> list[str]:
    return [request("POST", f"/listings/{id}/prices", body='{"price":{"amount":4500000,"currency":"EUR"}}') for id in ids]
