"""The role `replay`: reads a range of the event log, as it stands, to JSON Lines."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Protocol

import msgspec
from cyclopts import Parameter

if TYPE_CHECKING:
    from projections.audit import Entry, Sought

BATCH = 1000


class Log(Protocol):
    def events(self, sought: "Sought", limit: int) -> "Sequence[Entry]": ...


def replay(
    *,
    start: Annotated[int, Parameter(name="--from", help="The first position.")] = 0,
    end: Annotated[int | None, Parameter(name="--to", help="The last position; otherwise as far as the log is certain.")] = None,
    types: Annotated[str, Parameter(help="Only these types, separated by commas, such as listings.ListingPublished.")] = "",
    out: Annotated[Path | None, Parameter(help="A file to write; otherwise standard output.")] = None,
) -> None:
    """Write events as JSON Lines in the order of the log; personal fields read `personal`."""
    from infrastructure.container import Container
    from interfaces.cli.attached import attached
    from interfaces.cli.console import progress

    wanted = frozenset(filter(None, types.split(",")))
    with attached() as settings, Container(settings) as container, progress() as report:
        last = container.log.stable() if end is None else end
        with opened(out) if out else nullcontext(sys.stdout.buffer) as file:
            written = write(container.audit, file, start, last, wanted, report)
        report(f"{written} events written")


def opened(out: Path) -> BinaryIO:
    try:
        return out.open("wb")
    except OSError as error:
        sys.exit(f"{out} cannot be written: {error.strerror}.")


def write(log: Log, file: BinaryIO, start: int, end: int, wanted: frozenset[str], report: Callable[[str], None]) -> int:
    """Batch by batch, so that the size of the log does not matter; return how many events were written."""
    encoder = msgspec.json.Encoder()
    written = 0
    for batch in batches(log, start - 1, end):
        kept = [each for each in batch if not wanted or each.type in wanted]
        file.write(encoder.encode_lines(kept))
        written += len(kept)
        report(f"Position {batch[-1].position} of {end}, {written} events")
    file.flush()
    return written


def batches(log: Log, after: int, end: int) -> Iterator[list["Entry"]]:
    from projections.audit import Sought

    while found := log.events(Sought(after=max(after, 0)), BATCH):
        batch = [each for each in found if each.position <= end]
        if batch:
            yield batch
        if len(batch) < len(found) or len(found) < BATCH:
            return
        after = found[-1].position
