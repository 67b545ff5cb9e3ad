"""The role `replay`: reads a range of the event log, as it stands, to a file, or into a read model made anew."""

import getpass
import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated, Protocol

import msgspec
from cyclopts import Parameter

if TYPE_CHECKING:
    from infrastructure.auditing.files import EventFile
    from infrastructure.container import Container
    from projections.audit import Entry, Sought

BATCH = 1000
PATIENCE = 60.0
"""Seconds for which a database that went away is waited for."""


class Log(Protocol):
    def events(self, sought: "Sought", limit: int) -> "Sequence[Entry]": ...
    def stored(self, sought: "Sought", limit: int) -> "Sequence[Entry]": ...


def replay(
    *,
    start: Annotated[int, Parameter(name="--from", help="The first position.")] = 0,
    end: Annotated[int | None, Parameter(name="--to", help="The last position; otherwise as far as the log is certain.")] = None,
    types: Annotated[str, Parameter(help="Only these types, separated by commas, such as listings.ListingPublished.")] = "",
    as_of: Annotated[datetime | None, Parameter(help="Only what was recorded by this moment; without an offset it is UTC.")] = None,
    out: Annotated[Path | None, Parameter(help="A file to write, Parquet by its ending .parquet; otherwise standard output.")] = None,
    into: Annotated[str, Parameter(help="The read model to make anew instead, whose rows are written as JSON Lines.")] = "",
    force: Annotated[bool, Parameter(negative=(), help="Overwrite a file that exists.")] = False,
) -> None:
    """Write events in the order of the log, or what a read model makes of them; personal fields read `personal`."""
    from domain.values import SYSTEM
    from infrastructure.container import Container
    from interfaces.cli.attached import attached
    from interfaces.cli.console import progress
    from interfaces.cli.running import spare_collections
    from projections.audit import Sought

    wanted = [each.strip() for each in types.split(",") if each.strip()]
    if end is not None and end < start:
        sys.exit(f"Nothing lies between --from {start} and --to {end}.")
    writable(out, force=force)
    if into and wanted:
        sys.exit("A read model decides itself which types it takes: leave out --types or --into.")
    with attached() as settings, Container(settings) as container, progress() as report, reached():
        refuse_unknown(wanted, container)
        stable = container.log.stable()
        spare_collections()
        if start > max(stable, 1):
            sys.exit(f"The log has not come to position {start}: it ends at {stable}.")
        last = min(stable, sys.maxsize if end is None else end)
        until = None if as_of is None else (as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)) + timedelta(microseconds=1)
        sought = Sought(max(start - 1, 0), last, types=wanted or None, until=until)
        asked = {"from": start, "to": last, "types": types, "asOf": str(as_of or ""), "into": into, "out": str(out or ""), "login": login()}
        began = monotonic()
        with drafted(out) as draft:
            if into:
                written = fold(container, into, draft, sought, report)
            else:
                with opened(draft, out) as file:
                    written = write(container.audit, file, sought, report)
            container.audit_reads.record(SYSTEM.id, "run.py replay", asked, written)
        report(f"{written} {'rows' if into else 'events'} written in {monotonic() - began:.1f} s")


@contextmanager
def reached() -> Generator[None]:
    """End here with a sentence where the database is not there, or goes away for good."""
    import psycopg

    from projections.ports import Unavailable

    try:
        yield
    except (Unavailable, psycopg.OperationalError) as error:
        sys.exit(f"The database cannot be reached, so nothing was written: {error}")


def login() -> str:
    """Who sits at the shell, as the machine knows him."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def writable(out: Path | None, *, force: bool) -> None:
    """End here where a file would be overwritten unasked."""
    if out is not None and out.exists() and not force:
        sys.exit(f"{out} exists: give another name, or --force to overwrite it.")


def refuse_unknown(wanted: Sequence[str], container: "Container") -> None:
    from difflib import get_close_matches

    known = container.log.history.mapper.schemas
    for name in wanted:
        if name not in known:
            close = get_close_matches(name, known, 3, 0.5)
            sys.exit(f"There are no events of type {name}." + (f" Near to it: {', '.join(close)}." if close else ""))


@contextmanager
def drafted(out: Path | None) -> Generator[Path | None]:
    """A file beside the one that is asked for, which takes its place when all is written.

    What is written to standard output is written as it comes; else an interrupted replay leaves nothing behind.
    """
    if out is None:
        try:
            yield None
        except BrokenPipeError:
            raise
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left of it is not tried again at the end
            sys.exit(f"Standard output cannot be written: {error.strerror}.")
        return
    draft = out.with_name(f".{out.name}.part")
    try:
        yield draft
        draft.replace(out)
    except OSError as error:
        sys.exit(f"{out} cannot be written: {error.strerror}.")
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def opened(draft: Path | None, out: Path | None) -> "Generator[EventFile]":
    from domain.registry import DECIDERS
    from infrastructure.auditing.files import JsonLines, Parquet, schemas

    events = [event for each in DECIDERS for event in each.events]
    if draft is None or out is None:
        with JsonLines(sys.stdout.buffer) as file:
            yield file
    elif out.suffix == ".parquet":
        try:
            table = Parquet(draft, events)
        except ImportError:
            sys.exit("Parquet is written by pyarrow, which is not installed: pip install 'tradewind[parquet]', or write JSON Lines.")
        with table as file:
            yield file
    else:
        with draft.open("wb") as lines, JsonLines(lines) as file:
            yield file
        out.with_name(out.name + ".schemas.json").write_bytes(msgspec.json.format(msgspec.json.encode(schemas(events)), indent=1))


def write(log: Log, file: "EventFile", sought: "Sought", report: Callable[[str], None]) -> int:
    """Batch by batch, so that the size of the log does not matter; return how many events were written."""
    written = 0
    for batch in batches(log.events, sought, report):
        file.add(batch)
        written += len(batch)
    return written


def fold(container: "Container", name: str, draft: Path | None, sought: "Sought", report: Callable[[str], None]) -> int:
    from contextlib import nullcontext

    from infrastructure.auditing.models import Refolding
    from projections.catalogue import PROJECTIONS

    projection = next((each for each in PROJECTIONS if each.name == name), None)
    if projection is None:
        sys.exit(f"There is no read model {name}; there are {', '.join(sorted(each.name for each in PROJECTIONS))}.")
    folding = Refolding(projection, container.log.history.mapper)
    found = batches(container.audit.stored, msgspec.structs.replace(sought, types=folding.types), report)
    encoder = msgspec.json.Encoder()
    written = 0
    with draft.open("wb") if draft else nullcontext(sys.stdout.buffer) as file:
        for row in folding.rows(found):
            file.write(encoder.encode(row) + b"\n")
            written += 1
        file.flush()
    return written


def batches(read: "Callable[[Sought, int], Sequence[Entry]]", sought: "Sought", report: Callable[[str], None]) -> "Iterator[list[Entry]]":
    began, total = monotonic(), 0
    while found := patiently(read, sought, report):
        yield list(found)
        total += len(found)
        sought = msgspec.structs.replace(sought, after=found[-1].position)
        rate = total / max(monotonic() - began, 1e-9)
        report(f"Position {sought.after} of {sought.upto}, {total} events, {rate:,.0f} a second")
        if len(found) < BATCH:
            return


def patiently(read: "Callable[[Sought, int], Sequence[Entry]]", sought: "Sought", report: Callable[[str], None]) -> "Sequence[Entry]":
    """Read again where the connection was lost in between; each batch says itself behind what it begins."""
    from projections.ports import Unavailable

    until = monotonic() + PATIENCE
    while True:
        try:
            return read(sought, BATCH)
        except Unavailable:
            if monotonic() > until:
                raise
            report("The database does not answer; waiting for it")
            sleep(1)
