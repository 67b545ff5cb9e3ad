"""What must hold when the dust has settled, told from outside: over HTTP, and from the letters that arrived."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from tests.benchmarks.harness.installation import Installation
from tests.kill.customers import Acknowledged, Customer

PATIENCE = 240.0
"""Seconds within which something has to move; how much there is to be done depends on how much was asked for."""

LONGEST = 900.0
"""Seconds within which it has to be done all the same."""


class Verdict:
    """Asks as the first admin."""

    def __init__(self, here: Installation, report: Callable[[str], None]) -> None:
        self.here = here
        self.report = report
        headers = {"Authorization": f"Bearer {here.token(*here.admin)}"}
        self.http = httpx.Client(base_url=here.url, headers=headers, trust_env=False, timeout=60.0)

    def close(self) -> None:
        self.http.close()

    def settled(self) -> None:
        """Every read model is up with the log and no job is due."""
        self.eventually(self._is_settled, "the service did not settle")

    def _is_settled(self) -> str:
        figures = self.metrics()
        waiting = figures["tradewind_effects_waiting"]
        behind = {name: value for name, value in figures.items() if name.startswith("tradewind_read_model_lag_events") and value}
        return "" if not waiting and not behind else f"{waiting:.0f} jobs wait, behind: {behind}"

    def metrics(self) -> dict[str, float]:
        lines = self.http.get("/metrics").raise_for_status().text.splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))}

    def nothing_parked_or_dead(self) -> None:
        figures = self.metrics()
        wrong = {
            name: value
            for name, value in figures.items()
            if value
            and (name.startswith("tradewind_read_model_parked_events") or name in {"tradewind_effects_dead", "tradewind_effects_parked"})
        }
        assert wrong == {}

    def each_acknowledged_command_ran_once(self, customers: Sequence[Customer]) -> None:
        """Given again under its key each is answered as before; and the log holds no more than was acknowledged."""
        for customer in customers:
            for done in customer.done:
                again = customer.again(done)
                assert (again.status_code, told(again.json())) == (done.status, told(done.answer)), done
                assert again.headers.get("Idempotency-Replayed") == "true", done
        given = Counter(done.path for customer in customers for done in customer.done)
        assert self.count("listings.ListingDrafted", since=self.before["listings.ListingDrafted"]) == given["/v1/listings"]
        placed = [order["id"] for each in acknowledged(customers, "/v1/checkouts") for order in each.answer["orders"]]
        assert self.count("orders.OrderPlaced", since=0) == len(placed) == len(set(placed))
        registered = [each.answer["id"] for each in acknowledged(customers, "/v1/users")]
        assert len(set(registered)) == len(customers)

    def begin(self) -> None:
        self.before = {"listings.ListingDrafted": self.count("listings.ListingDrafted", since=0)}

    def count(self, type_: str, since: int) -> int:
        found, after = 0, 0
        while True:
            page = self.http.get("/v1/audit/events", params={"type": type_, "after": after, "limit": 1000}).raise_for_status().json()
            found += len(page["items"])
            if page["next"] is None:
                return found - since
            after = page["next"]

    def every_piece_is_accounted_for(self, customers: Sequence[Customer], seller: str, received: int) -> None:
        """What was received is on the shelf or sold to an order that was acknowledged; the ledger is at zero."""
        sold = 2 * len(acknowledged(customers, "/v1/checkouts"))
        levels = self.http.get("/v1/stock", params={"seller": seller, "limit": 100}).raise_for_status().json()["items"]
        assert [each["reserved"] for each in levels] == [0] * len(levels)
        assert sum(each["onHand"] for each in levels) + sold == received
        assert self.http.get("/v1/ledger/trial-balance").raise_for_status().json()["balanced"] is True

    def every_read_model_equals_its_rebuild(self) -> None:
        names = [each["name"] for each in self.http.get("/v1/admin/projections").raise_for_status().json()["items"]]
        for name in names:
            self.http.post(f"/v1/admin/projections/{name}/check").raise_for_status()
        wrong: dict[str, Any] = {}
        for name in names:
            self.eventually(lambda name=name: self._checked(name), f"{name} was not checked")
            latest = self.http.get(f"/v1/admin/projections/{name}").raise_for_status().json()["buildings"][0]
            self.report(f"{name}: {latest['state']}, {latest['differences']} differences")
            if latest["differences"] != 0:
                wrong[name] = latest
        assert wrong == {}

    def _checked(self, name: str) -> str:
        found = self.http.get(f"/v1/admin/projections/{name}").raise_for_status().json()
        return "" if found["building"] is None else str(found["building"])

    def eventually(self, trouble: Callable[[], str], otherwise: str) -> None:
        began = time.monotonic()
        deadline, before = began + PATIENCE, ""
        while True:
            try:
                found = trouble()
            except httpx.HTTPError as error:
                found = repr(error)
            if not found:
                return
            if found != before:
                deadline, before = min(time.monotonic() + PATIENCE, began + LONGEST), found
            if time.monotonic() > deadline:
                raise TimeoutError(f"{otherwise}: {found}")
            time.sleep(0.2)


def acknowledged(customers: Sequence[Customer], path: str) -> list[Acknowledged]:
    return [done for customer in customers for done in customer.done if done.path == path]


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """What of an answer is the same whenever it is given: what may be done next depends on the moment."""
    return {name: value for name, value in answer.items() if name not in {"actions", "paySecondsLeft"}}
