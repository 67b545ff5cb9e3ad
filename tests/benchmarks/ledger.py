"""A million entries of the ledger: how long the trial balance takes, and the entries of one order."""

from collections.abc import Callable
from math import ceil
from random import Random
from statistics import median
from time import perf_counter
from uuid import UUID

import psycopg
from msgspec.structs import replace
from psycopg.sql import SQL, Identifier

from infrastructure.container import Container
from infrastructure.embedded import engines
from infrastructure.readstores.journals.tables import COUNT, names, sum_table
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.settings import load
from interfaces.cli.roles.up import migrate
from projections.payments.ledger import TRIAL, entries_of, journal
from projections.ports import Journals
from tests.benchmarks.harness.figures import FULL, Effort, Figure, percentile, under
from tests.benchmarks.harness.installation import NOWHERE, Report, own_environment, own_folder

ENTRIES = 1_000_000
LINES = (
    ("charge", "provider:sandbox:receivable", "provider:receivable", 10_000, 0),
    ("charge", "seller:{}:pending", "seller:pending", 0, 9_000),
    ("charge", "tax:CH", "tax", 0, 1_000),
    ("platform_fee", "seller:{}:pending", "seller:pending", 900, 0),
    ("platform_fee", "platform:fees", "platform:fees", 0, 900),
    ("provider_fee", "provider:fees", "provider:fees", 59, 0),
    ("provider_fee", "provider:sandbox:receivable", "provider:receivable", 0, 59),
)
"""What one order writes: cause, account, chart, debit and credit."""

SELLERS = 2_000


def run(effort: Effort, report: Report) -> list[Figure]:
    orders = ceil(ENTRIES * effort.rows / FULL.rows / len(LINES))
    with own_folder() as folder, engines.start(folder, ["postgres"], report) as started:
        environ = {**own_environment(folder), **NOWHERE, **started.environment()}
        migrate(environ)
        report(f"Writing {orders * len(LINES):,} entries")
        fill(environ["DATABASE_URL"], orders)
        with Container(load(environ)) as container:
            return measured(container.journals, orders, effort)


def fill(url: str, orders: int) -> None:
    """Rows and sums as the projector leaves them, without the log."""
    with psycopg.connect(url, autocommit=True) as connection:
        PostgresStore(connection).prepare(journal)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE lines (ordinal int, cause text, account text, chart text, debit bigint, credit bigint)")
            cursor.executemany("INSERT INTO lines VALUES (%s, %s, %s, %s, %s, %s)", [(n, *line) for n, line in enumerate(LINES)])
        connection.execute(
            SQL(
                "INSERT INTO {} (position, ordinal, at, cause, account, chart, currency, debit, credit, payment_id, order_id, seller_id)"
                " SELECT 2 * o, ordinal, timestamptz '2026-01-01' + o * interval '1 minute', cause, replace(account, '{{}}', whose::text),"
                " chart, (ARRAY['USD', 'CHF', 'EUR'])[1 + o %% 3], debit, credit, paid, paid,"
                " CASE WHEN chart = 'seller:pending' THEN whose END FROM generate_series(1, %s) AS o"
                " CROSS JOIN LATERAL (SELECT lpad(to_hex(o), 32, '0')::uuid AS paid, lpad(to_hex(o %% %s), 32, 'a')::uuid AS whose) AS ids"
                " CROSS JOIN lines"
            ).format(Identifier(journal.table)),
            (orders, SELLERS),
        )
        for kept in journal.sums:
            by, totals = SQL(", ").join(names(kept.by)), SQL(", ").join(SQL("sum({})").format(each) for each in names(kept.of))
            columns = SQL(", ").join(names([*kept.by, *kept.of, COUNT]))
            connection.execute(
                SQL("INSERT INTO {} ({}) SELECT {}, {}, count(*) FROM {} GROUP BY {}").format(
                    Identifier(sum_table(journal, kept)), columns, by, totals, Identifier(journal.table), by
                )
            )
        connection.execute("VACUUM ANALYZE")


def measured(journals: Journals, orders: int, effort: Effort) -> list[Figure]:
    dice = Random(7)  # noqa: S311 - the same orders in every run
    chosen = [UUID(int=dice.randint(1, orders)) for _ in range(effort.samples)]
    from_rows = replace(TRIAL, name="from_rows")
    kept = [milliseconds(lambda: journals.totals(journal, TRIAL, limit=1000)) for _ in range(effort.samples)]
    made = [milliseconds(lambda: journals.totals(journal, from_rows, limit=1000)) for _ in range(effort.rounds)]
    entries = [milliseconds(lambda order=order: journals.page(journal, entries_of(order, None, None), limit=100)) for order in chosen]
    of = f"of {orders * len(LINES):,} entries"
    return [
        Figure("ledger, trial balance, p99", percentile(kept, 0.99), "ms", median(made), under(100), f"{of}; control: summed from them"),
        Figure("ledger, an order's entries, p99", percentile(entries, 0.99), "ms", target=under(5), note=of),
    ]


def milliseconds(ask: Callable[[], object]) -> float:
    began = perf_counter()
    ask()
    return (perf_counter() - began) * 1_000
