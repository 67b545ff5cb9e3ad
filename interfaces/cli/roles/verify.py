"""The role `verify`: proves that the log is what was sealed, or names the first event that is not."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import msgspec
from cyclopts import Parameter

if TYPE_CHECKING:
    from infrastructure.seals.verifying import Verdict
    from projections.seals import Head

EVERY_SECONDS = 2.0
"""Between two lines where there is no terminal."""


def verify(
    *,
    from_head: Annotated[
        Path | None, Parameter(help="A tree head that was kept elsewhere, as GET /v1/audit/tree-head answered it: it must still hold.")
    ] = None,
) -> None:
    """Recompute all seals from the events as they stand; ends with 1 where something is not as it was sealed, and says what."""
    witness = read(from_head) if from_head else None

    import psycopg

    from infrastructure.seals.signing import SigningKey
    from infrastructure.seals.stored import sealed_events
    from infrastructure.seals.verifying import Verification
    from interfaces.cli.running import reaching

    with reaching() as settings, psycopg.connect(settings.database_url, autocommit=True, application_name="tradewind verify") as connection:
        anchors = [SigningKey(each).public for each in settings.seal_seeds]
        began = monotonic()
        with bar(sealed_events(connection)) as report:
            verdict = Verification(connection, anchors, witness, report).run()
    rate = verdict.events / max(monotonic() - began, 1e-9)
    sys.exit(told(verdict, rate))


def read(path: Path) -> "Head":
    from projections.seals import Head

    try:
        return msgspec.json.decode(path.read_bytes(), type=Head)
    except (OSError, msgspec.DecodeError) as error:
        print(f"{path} holds no tree head: {error}", file=sys.stderr)
        sys.exit(2)


def told(verdict: "Verdict", rate: float) -> int:
    """Print what was found; return how the program ends."""
    if verdict.finding:
        print(f"{verdict.finding.what.upper()}: {verdict.finding.said}.")
        print(f"The first {verdict.events} events, up to there, are as they were sealed.")
        return 1
    if verdict.head is None:
        print(f"Nothing is sealed yet; {verdict.unsealed} events wait." if verdict.unsealed else "The log is empty.")
        return 1 if verdict.unsealed else 0
    print(f"All {verdict.events} sealed events are as they were sealed ({rate:,.0f} events/s).")
    print(f"The tree head: size {verdict.head.size}, root {verdict.head.root}, signed {verdict.head.sealed_at:%Y-%m-%d %H:%M:%S} UTC.")
    if verdict.waiting_since:
        print(f"{verdict.unsealed} newer events are not sealed yet, the first of {verdict.waiting_since:%Y-%m-%d %H:%M:%S} UTC.")
    return 0


@contextmanager
def bar(total: int) -> Generator[Callable[[int], None]]:
    """A bar with rate and estimate on a terminal; elsewhere a line every two seconds."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield lines(total, console.print)
        return
    columns = (TextColumn("Verifying"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.speed:,.0f} events/s"), TimeRemainingColumn())
    with Progress(*columns, console=console) as shown:
        task = shown.add_task("", total=total)
        yield lambda done: shown.update(task, completed=done)


def lines(total: int, say: Callable[[str], None]) -> Callable[[int], None]:
    began = last = monotonic()

    def report(done: int) -> None:
        nonlocal last
        now = monotonic()
        if now - last >= EVERY_SECONDS:
            last = now
            say(f"Verified {done} of {total} events, {done / (now - began):,.0f} events/s")

    return report
