"""The role `bench`: measures this machine on engines and data of its own, and prints ratios against controls."""

import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from secrets import randbelow
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from interfaces.cli.console import Report, progress

Figures = Sequence[Any]

ALONE = {
    "appends": "tests.benchmarks.appends:run",
    "writers": "tests.benchmarks.history.writers:run",
    "reading": "tests.benchmarks.history.reading:run",
    "streams": "tests.benchmarks.streams:run",
    "loading": "tests.benchmarks.history.loading:run",
    "projection": "tests.benchmarks.projection:run",
    "rebuild": "tests.benchmarks.history.rebuilding:run",
    "verify": "tests.benchmarks.history.sealing:run",
    "ledger": "tests.benchmarks.ledger:run",
    "recurring": "tests.benchmarks.recurring:run",
    "closing": "tests.benchmarks.closing:run",
    "retail": "tests.benchmarks.retail:run",
}
"""What needs no more than a Postgres, and starts it itself."""

INSTALLED = {
    "import": "tests.benchmarks.living:imported",
    "memory": "tests.benchmarks.living:memory",
    "page": "tests.benchmarks.page:run",
    "command": "tests.benchmarks.command:run",
    "push": "tests.benchmarks.push.delays:run",
    "search": "tests.benchmarks.finding:run",
    "groups": "tests.benchmarks.groups.grouping:run",
    "start": "tests.benchmarks.living:start",
    "checkout": "tests.benchmarks.checkout:run",
}
"""What is measured, in this order, on one installation with all boats in it; last what leaves it much to do."""

HUNTS = {
    "kill": "tests.kill.havoc:run",
    "simulate": "tests.simulation.hunting:run",
}
"""What is done many times to see whether it ever goes wrong, each time drawn from a seed."""


def bench(
    *names: Annotated[str, Parameter(help=f"What to measure, instead of everything: {', '.join([*ALONE, *INSTALLED])}.")],
    out: Annotated[Path | None, Parameter(help="Where the figures go as JSON, instead of bench.json in the data directory.")] = None,
    toy: Annotated[bool, Parameter(negative=(), help="Only see that it runs; the figures mean nothing.")] = False,
    kill: Annotated[int, Parameter(help="Instead, kill so many processes of a service under load, and see what holds.")] = 0,
    simulate: Annotated[int, Parameter(help="Instead, play so many seeds of a simulated service in which everything goes wrong.")] = 0,
    seed: Annotated[int | None, Parameter(help="What those are drawn from, to have the same again; it is printed.")] = None,
) -> None:
    """Measure in ratios, each to a control of the same run; takes some minutes, and nothing else should run meanwhile."""
    import sys

    import msgspec

    from infrastructure.settings import ENGINE_URLS, load
    from tests.benchmarks.harness.figures import FULL, TOY, shown

    if unknown := set(names) - {*ALONE, *INSTALLED}:
        sys.exit(f"Not measured: {', '.join(sorted(unknown))}. There are: {', '.join([*ALONE, *INSTALLED])}.")
    data_dir = load({name: value for name, value in os.environ.items() if name not in ENGINE_URLS.values()}).data_dir
    hunts = {name: times for name, times in {"kill": kill, "simulate": simulate}.items() if times}
    target = out or data_dir / "bench.json"
    jars, failed = data_dir / "jars", list[str]()
    with progress() as report:
        made = hunt(hunts, seed, jars, report) if hunts else measure(names, TOY if toy else FULL, jars, report, failed)
    figures = [shown(each) for each in made]
    target.write_bytes(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
    Console().print(table(figures))
    print(f"The figures as JSON: {target}")
    if failed:
        sys.exit(f"Not measured, for what is said above: {', '.join(failed)}.")


def measure(names: Sequence[str], effort: Any, jars: Path, report: Report, failed: list[str]) -> Figures:
    """The figures of these measurements, or of all. One that fails is named in `failed`, and the others go on."""
    from tests.benchmarks.harness.installation import installation

    def measured(name: str, *given: Any) -> Figures:
        try:
            return loaded(({**ALONE, **INSTALLED})[name])(*given)
        except Exception:  # noqa: BLE001 - what has taken half an hour is not lost for one of it
            traceback.print_exc()
            failed.append(name)
            return []

    figures: list[Any] = [figure for name in ALONE if name in names or not names for figure in measured(name, effort, report)]
    chosen = [name for name in INSTALLED if name in names or not names]
    if chosen:
        with installation(jars, report, effort.rows) as here:
            for name in chosen:
                here.await_effects(effort.seconds * 60)
                figures += measured(name, here, effort)
    return figures


def hunt(times: Mapping[str, int], seed: int | None, jars: Path, report: Report) -> Figures:
    """Raises AssertionError where something went wrong, with the seed that brought it about."""
    drawn = randbelow(10**9) if seed is None else seed
    report(f"Seed {drawn}")
    return [figure for name, many in times.items() for figure in loaded(HUNTS[name])(jars, drawn, many, report)]


def loaded(where: str) -> Callable[..., Figures]:
    module, name = where.split(":")
    return getattr(import_module(module), name)


def table(figures: Figures) -> Table:
    made = Table("figure", "value", "control", "ratio", "target", "reached", "", title="Tradewind on this machine")
    for each in figures:
        verdict = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[each.reached]
        ratio = "" if each.ratio is None else f"{each.ratio:.2f}"
        control = "" if each.control is None else amount(each.control)
        made.add_row(each.name, f"{amount(each.value)} {each.unit}", control, ratio, each.target or "", verdict, each.note)
    return made


def amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
