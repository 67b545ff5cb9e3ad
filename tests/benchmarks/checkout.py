"""Checkouts over HTTP: how many a second, how long until they are paid for, and what it costs that all want the same thing."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx

from tests.benchmarks.harness.figures import Effort, Figure, percentile, times
from tests.benchmarks.harness.installation import MODERATOR, Installation
from tests.benchmarks.harness.load import Answered, Load, answered, request

BUYERS = (1, 16, 64)
CROWD = 64
SHELVES = 64
"""Products that as many buyers share among them."""

LINES = 3
PRICE, LESS = 1_250, 50
HOME = {"name": "Cara", "lines": ["Seestrasse 1"], "locality": "Stäfa", "postalCode": "8712", "country": "CH"}
APPROVED = {"provider": "sandbox", "method": "4242424242424242"}
PATIENCE = 60.0


def run(here: Installation, effort: Effort) -> list[Figure]:
    with httpx.Client(base_url=here.url, trust_env=False, timeout=PATIENCE) as http:
        return measured(Shop(here, http), effort)


def measured(shop: "Shop", effort: Effort) -> list[Figure]:
    here = shop.here
    goods = [shop.product(10_000_000) for _ in range(SHELVES)]
    zone = shop.zone()
    figures: list[Figure] = []
    bought = 40 * effort.samples // 10
    for buyers in BUYERS:
        here.report(f"Checkouts of {LINES} lines and a slot, {buyers} at once")
        carts = shop.carts([[goods[(number + line) % SHELVES] for line in range(LINES)] for number in range(bought)])
        done = shop.checked_out(carts, LINES, buyers, zone)
        figures += [
            Figure(f"checkout, {buyers} connections", done.per_second, "/s", note=f"{LINES} lines, stock, slot, payment, in one append"),
            Figure(f"checkout, {buyers} connections, p99", done.p99, "ms"),
        ]
    here.report("Until checkouts are paid and shown so")
    backlog = shop.until_confirmed(goods, zone, 1)[0]
    delays = shop.until_confirmed(goods, zone, effort.samples)
    note = f"one after the other; behind the {len(BUYERS) * bought:,} checkouts before, the first took {backlog:.1f} s"
    figures += [
        Figure("checkout to CONFIRMED, p50", percentile(delays, 0.5), "s", note=note),
        Figure("checkout to CONFIRMED, p99", percentile(delays, 0.99), "s"),
    ]
    return [*figures, *crowded(shop, goods, effort)]


def crowded(shop: "Shop", goods: Sequence[str], effort: Effort) -> list[Figure]:
    """As many pieces as there are buyers less a tenth: each piece is sold, none twice, and the rest are told so."""
    pieces = effort.samples * 25 // 2
    buyers = pieces + pieces // 10
    shop.here.report(f"{buyers} buyers of {pieces} pieces, {CROWD} at once")
    rush = shop.checked_out(shop.carts([[goods[number % SHELVES]] for number in range(buyers)]), 1, CROWD)
    wanted = shop.product(pieces)
    run = shop.checked_out(shop.carts([[wanted]] * buyers), 1, CROWD)
    sold, refused = run.statuses.get("201", 0), run.statuses.get("409", 0)
    if (sold, refused) != (pieces, buyers - pieces):
        raise RuntimeError(f"Of {pieces} pieces {sold} were sold and {refused} buyers refused: {dict(run.statuses)}")
    note = f"{sold:,} of {pieces:,} pieces sold to {buyers:,} buyers; control: {SHELVES} products"
    return [
        Figure(f"the same product, {CROWD} buyers at once", run.per_second, "/s", rush.per_second, times(0.3), note),
        *scarce(shop, goods, pieces, rush.per_second),
    ]


def scarce(shop: "Shop", goods: Sequence[str], pieces: int, control: float) -> list[Figure]:
    """The same of the places in one window, and of the uses of one code."""
    figures: list[Figure] = []
    window, code = shop.zone(pieces), shop.code(pieces)
    for name, slot, discount in (("slot", window, ""), ("code", None, code)):
        buyers = pieces + pieces // 10
        shop.here.report(f"{buyers} buyers of {pieces} places in one {name}, {CROWD} at once")
        carts = shop.carts([[goods[number % SHELVES]] for number in range(buyers)])
        run = shop.checked_out(carts, 1, CROWD, slot, discount)
        taken, refused = run.statuses.get("201", 0), run.statuses.get("409", 0)
        if (taken, refused) != (pieces, buyers - pieces):
            raise RuntimeError(f"Of {pieces} places in one {name} {taken} were taken and {refused} buyers refused: {dict(run.statuses)}")
        note = f"{taken:,} of {pieces:,} taken by {buyers:,} buyers; control: neither slot nor code"
        figures.append(Figure(f"the same {name}, {CROWD} buyers at once", run.per_second, "/s", control, times(0.3), note))
    return figures


class Shop:
    def __init__(self, here: Installation, http: httpx.Client) -> None:
        self.here = here
        self.http = http
        self.seller = here.newcomer()
        self.moderator = {"Authorization": f"Bearer {here.token(MODERATOR.email, MODERATOR.password)}"}

    def product(self, pieces: int) -> str:
        sku = f"B-{uuid4().hex[:20]}"
        draft = {"kind": "product", "category": "dairy-eggs", "title": "Milk", "description": ""}
        id = self._give("POST", "/v1/listings", self.seller, draft)["id"]
        variant = {"sku": sku, "unit": "piece", "taxClass": "reduced", "price": {"amount": PRICE, "currency": "CHF"}}
        self._give("PUT", f"/v1/listings/{id}/variants", self.seller, {"variants": [variant]})
        self._give("POST", f"/v1/listings/{id}/submit", self.seller)
        self._give("POST", f"/v1/listings/{id}/approve", self.moderator)
        self._give("POST", f"/v1/listings/{id}/publish", self.seller)
        self._give("POST", f"/v1/stock/{sku}/receive", self.seller, {"quantity": pieces})
        return id

    def code(self, uses: int) -> str:
        admin = {"Authorization": f"Bearer {self.here.token(*self.here.admin)}"}
        code = f"B{uuid4().hex[:12].upper()}"
        self._give("POST", "/v1/discount-codes", admin, {"code": code, "amount": LESS, "currency": "CHF", "limit": uses})
        return code

    def zone(self, places: int = 100_000) -> dict[str, Any]:
        admin = {"Authorization": f"Bearer {self.here.token(*self.here.admin)}"}
        windows = [{"weekday": day, "start": "07:00", "end": "09:00", "capacity": places, "cutoff": 60, "fee": 390} for day in range(1, 8)]
        area = {"country": "CH", "prefixes": ["87"]}
        zone = {"name": f"Zone {uuid4()}", "timezone": "Europe/Zurich", "currency": "CHF", "areas": [area], "windows": windows}
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 3 * 86_400))
        return {"zoneId": self._give("POST", "/v1/zones", admin, zone)["id"], "day": day, "start": "07:00"}

    def carts(self, wanted: Sequence[Sequence[str]]) -> list[str]:
        """A guest's token for each cart."""
        with ThreadPoolExecutor(4) as threads:
            return list(threads.map(self._cart, wanted))

    def _cart(self, goods: Sequence[str]) -> str:
        token = ""
        for listing in goods:
            headers = {"Cart-Token": token} if token else {}
            answer = self.http.put(f"/v1/cart/items/{listing}", json={"quantity": 1}, headers=headers).raise_for_status()
            token = token or answer.headers["Cart-Token"]
        return token

    def checked_out(self, carts: Sequence[str], lines: int, at_once: int, slot: dict[str, Any] | None = None, code: str = "") -> Answered:
        body = json.dumps(bill(lines, slot, code))
        asked = [request("POST", "/v1/checkouts", body=body, key=True, more={"Cart-Token": cart}) for cart in carts]
        done = answered(Load(self.here.port, asked, at_once))
        if wrong := {status: count for status, count in done.statuses.items() if status not in {"201", "409"}}:
            raise RuntimeError(f"Checkouts were answered with {wrong}")
        return done

    def until_confirmed(self, goods: Sequence[str], slot: dict[str, Any], samples: int) -> list[float]:
        delays: list[float] = []
        for cart in self.carts([goods[:LINES]] * min(samples, 40)):
            began = time.monotonic()
            headers = {"Cart-Token": cart, "Idempotency-Key": uuid4().hex}
            placed = self._give("POST", "/v1/checkouts", headers, bill(LINES, slot))
            path = f"/v1/orders/{placed['orders'][0]['id']}"
            while (found := self.http.get(path, headers=headers)).status_code == 404 or found.json()["status"] != "CONFIRMED":
                if time.monotonic() - began > PATIENCE:
                    raise TimeoutError(f"{path} was not confirmed: {found.text}")
                time.sleep(0.01)
            delays.append(time.monotonic() - began)
        return delays

    def _give(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
        answer = self.http.request(method, path, json=body, headers=headers)
        if answer.is_error:
            raise RuntimeError(f"{method} {path}: {answer.text}")
        return answer.json()


def bill(lines: int, slot: dict[str, Any] | None, code: str = "") -> dict[str, Any]:
    total = lines * PRICE + (390 if slot else 0) - (LESS if code else 0)
    given: dict[str, Any] = {**({"slot": slot} if slot else {}), **({"code": code} if code else {})}
    return {
        "address": HOME,
        "payment": APPROVED,
        "contact": "cara@example.org",
        "expectedTotal": {"amount": total, "currency": "CHF"},
        **given,
    }
