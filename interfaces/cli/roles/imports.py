"""The role `import`: brings a file of listings in, shows how far it is, and writes beside the file what became of every row."""

import hashlib
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid5

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from interfaces.cli.attached import attached
from projections.listings.import_report import whole_report

COMMANDS = UUID("0e3c1f3e-6b0c-5d39-8b43-9d1b2f3d6a77")
"""The namespace of the command ids of imports: the same file for the same seller is the same command."""

STOPPED = """Stopped. Run the same command again to go on.
Where the role work runs, it goes on by itself; to end the import for good: POST /v1/imports/{id}/cancel"""

app = App(name="import", help="Bring listings in from a file.")


Seller = Annotated[str, Parameter(help="In whose name the listings are: an e-mail address or an id.")]
Publish = Annotated[bool, Parameter(negative=(), help="The importing admin approves and publishes what comes in.")]
Report = Annotated[Path | None, Parameter(help="Where the report goes, instead of beside the file.")]


@app.command
def boats(file: Path, *, seller: Seller, publish: Publish = False, report: Report = None) -> None:
    """Bring in the boats of a CSV file.

    It may be stopped by Ctrl-C and run again, as often as wanted: every row comes in once.
    """
    bring("boats", file, seller, report, publish=publish)


@app.command
def products(file: Path, *, seller: Seller, publish: Publish = False, report: Report = None) -> None:
    """Bring in the articles of a CSV file with their prices and stock, or bring those up to date that are known by their numbers.

    Columns: sku, title, category, price and currency; as wanted product (the article whose variant this is, its lines following
    each other), variant, description, attributes, options, unit, content, tax_class, tiers, low_at and stock.
    """
    bring("products", file, seller, report, publish=publish)


def bring(format: str, file: Path, seller: str, report: Path | None, *, publish: bool) -> None:
    content = read(file)
    target = report or file.with_name(f"{file.name}.report.csv")
    try_to_write(target)
    from infrastructure.container import Container

    with attached() as settings, Container(settings) as container:
        by = person(container, settings.admin_email)
        import_id = requested(container, format, by, person(container, seller), content, publish=publish)
        ended = follow(container, import_id, content.count(b"\n"))
        with target.open("w", encoding="utf-8", newline="") as lines:
            lines.writelines(whole_report(container.import_book.rows, import_id))
        if ended == "failed":
            print(f"The file was refused: {failure(container, import_id)}", file=sys.stderr)
        print(f"{summary(container, import_id)}\nThe report on every row: {target}")
        sys.exit(0 if ended == "completed" else 1)


def read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        sys.exit(f"{file} cannot be read: {error.strerror}.")


def try_to_write(target: Path) -> None:
    """A folder that cannot be written to is told before the work, not after it."""
    try:
        target.open("a").close()
    except OSError as error:
        sys.exit(f"The report cannot be written to {target} ({error.strerror}): say with --report where it shall go.")


def person(container: Any, named: str) -> UUID:
    """The id of who is named by id or address."""
    from domain.users.text import comparable

    if not named:
        sys.exit("Say who asks: TRADEWIND_ADMIN_EMAIL, which names the first admin, is not set.")
    try:
        return UUID(named)
    except ValueError:
        found = container.accounts.by_email(container.conceal(comparable(named)))
    if found is None:
        sys.exit(f"Nobody here has the address {named}.")
    return found.user_id


def requested(container: Any, format: str, by: UUID, seller: UUID, content: bytes, *, publish: bool) -> UUID:
    """The import of this very file for this seller: the one that was begun before, or a new one."""
    from application.ports import Meta
    from domain.decider import Rejected
    from domain.listings.bulk_import import Progress as Stage
    from domain.listings.commands import RequestImport
    from domain.values import Actor, Role

    digest = hashlib.sha256(content).hexdigest()
    for attempt in range(1000):
        command_id = uuid5(COMMANDS, f"{format} {digest} {seller} {publish} {attempt}")
        command = RequestImport(container.ids(), format, seller, publish, Actor(by, frozenset({Role.ADMIN})), container.clock())
        try:
            asked = container.start_import(command, content, Meta(command_id, by, command.import_id))
        except Rejected as rejected:
            sys.exit(f"Refused: {rejected}")
        stage = container.handle.state(asked.stream, asked.decider).status
        if stage in {Stage.RUNNING, Stage.COMPLETED}:
            return asked.stream
    sys.exit("This file was cancelled or refused a thousand times.")


def follow(container: Any, import_id: UUID, lines: int) -> str:
    """Run the import under a bar; Ctrl-C ends it between two batches, to be gone on with another time."""

    class Stopped(Exception):
        pass

    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    signal.signal(signal.SIGINT, stop)
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("Importing", total=lines, rate="")
        began, first = time.monotonic(), container.import_book.last_row(import_id)

        def watch(row: int) -> None:
            rate = (row - first) / max(time.monotonic() - began, 0.001)
            bar.update(task, completed=row, rate=f"{rate:,.0f} rows/s")
            if stopping:
                raise Stopped

        try:
            ended = run(container, import_id, watch)
        except Stopped:
            print(STOPPED.format(id=import_id), file=sys.stderr)
            return "stopped"
        last = container.import_book.last_row(import_id)
        bar.update(task, completed=last, total=last)
    return ended


def run(container: Any, import_id: UUID, watch: Callable[[int], None]) -> str:
    """Run the import here, or watch the role `work` at it and take over where that ends."""
    from application.imports.running import RunElsewhere

    while True:
        try:
            return container.importer(import_id, import_id, watch)
        except RunElsewhere:
            watch(container.import_book.last_row(import_id))
            time.sleep(0.2)


def failure(container: Any, import_id: UUID) -> str:
    from domain.listings.bulk_import import imports

    return container.handle.state(import_id, imports).failure


def summary(container: Any, import_id: UUID) -> str:
    totals = container.import_book.totals(import_id)
    counted = ", ".join(f"{totals.get(outcome, 0):,} {outcome}" for outcome in ("accepted", "repaired", "refused", "known"))
    return f"Import {import_id}: {counted}."
