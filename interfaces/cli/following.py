"""Watching a read model that is built beside the served one, until that has ended."""

from time import monotonic, sleep

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from projections.operations import Building, Operations

EVERY = 0.2
EVERY_LINE = 2.0
"""Seconds between two looks, and between two lines where there is no terminal."""
NOBODY = 10.0
"""Seconds after which it is said that nobody has begun."""
UNDER_WAY = ("requested", "building", "ready")


def followed(operations: Operations, name: str) -> Building:
    """The last building of the read model, ended; meanwhile a bar with rate and estimate on standard error, or lines."""
    console = Console(stderr=True, highlight=False)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    began = told = monotonic()
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(name, total=None, rate="")
        while (building := operations.buildings(name, 1)[0]).state in UNDER_WAY:
            rate = f"{building.rate:,.0f} events/s" if building.rate else ""
            bar.update(task, completed=building.position, total=building.goal or None, rate=rate)
            if not console.is_terminal and monotonic() - told > EVERY_LINE:
                told = monotonic()
                left = f", {building.seconds_left:,.0f} s left" if building.seconds_left else ""
                console.print(f"{name}: {building.state}, position {building.position} of {building.goal} {rate}{left}", soft_wrap=True)
            if building.state == "requested" and monotonic() - began > NOBODY:
                began = monotonic()
                console.print(f"{name}: nobody has begun yet; is a `run.py project` at work?", soft_wrap=True)
            sleep(EVERY)
    return building
