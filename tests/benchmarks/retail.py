"""A real shop's invoices as traffic, from the order to the paid, printed and mailed: how many a second, once all of it adds up."""

import logging
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import structlog

from infrastructure.embedded import engines
from infrastructure.migrate import migrate
from tests.benchmarks.harness.figures import FULL, Effort, Figure
from tests.benchmarks.harness.installation import Report, own_folder
from tests.journeys.town import Town
from tests.retail.accounts import AddsUp, checked
from tests.retail.rows import Row, read
from tests.retail.shop import Shop

REAL = Path(__file__).parents[3] / "shared" / "data" / "online-retail.csv"
SLICE = Path(__file__).parents[1] / "retail" / "slice.csv"


def run(effort: Effort, report: Report) -> list[Figure]:
    """The whole file where it lies beside the project, else the rows of it that the tests have."""
    path = REAL if REAL.exists() and effort.rows >= FULL.rows else SLICE
    rows = list(read(path.read_text(encoding="utf-8").splitlines()))
    with quietly(), own_folder() as folder, engines.start(folder, ["postgres"], report) as started:
        url = started.servers["postgres"].url
        migrate(url)
        town = Town(url)
        try:
            return replayed(Shop(town), rows, report)
        finally:
            town.close()


@contextmanager
def quietly() -> Generator[None]:
    """Every order has a dozen lines of the log, which nobody wants to read here."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        yield
    finally:
        structlog.configure(**before)


def replayed(shop: Shop, rows: Sequence[Row], report: Report) -> list[Figure]:
    began = perf_counter()
    shop.replay(rows, report)
    seconds = perf_counter() - began
    adds_up = checked(shop, rows)
    return [
        Figure("retail, rows replayed", len(rows) / seconds, "rows/s", note=accounted(adds_up)),
        Figure("retail, orders to their end", shop.orders / seconds, "orders/s", note=came_to(adds_up)),
    ]


def accounted(adds_up: AddsUp) -> str:
    reasons = ", ".join(f"{count:,} {code}" for code, count in sorted(adds_up.reasons.items()))
    return f"{adds_up.rows:,} rows: {adds_up.accepted:,} accepted, {adds_up.repaired:,} repaired, {adds_up.refused:,} refused ({reasons})"


def came_to(adds_up: AddsUp) -> str:
    return (
        f"{adds_up.pieces:,} pieces for {adds_up.kept / 100:,.2f} GBP in {adds_up.orders:,} orders,"
        f" {adds_up.entries:,} entries of the ledger at zero, {adds_up.movements:,} movements of stock, none below nothing"
    )
