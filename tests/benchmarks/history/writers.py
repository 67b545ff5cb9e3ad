"""Appends with all that an event has to go through, by few and by many writers, beside the ways others have of appending."""

from statistics import median

from tests.benchmarks import appends
from tests.benchmarks.harness.figures import FULL, Effort, Figure, Target, times
from tests.benchmarks.harness.installation import Report
from tests.benchmarks.history.sealing import sealing_behind

WRITERS = (1, 8, appends.WRITERS)
OURS = "private"
CONTROLS = {
    "bare INSERT": "a bare INSERT",
    "Application.save": "the library's default",
    "locked": "a bare INSERT under an exclusive advisory lock",
}
TARGETS = {"bare INSERT": times(0.45), "Application.save": times(4)}
"""With 32 writers; of the first 0.7 is aimed at."""


def run(effort: Effort, report: Report) -> list[Figure]:
    """Each event is sealed behind, has an encrypted field, and its command is done once."""
    figures: list[Figure] = []
    with appends.database() as url:
        appends.fill(url)
        for writers in WRITERS if effort.rows >= FULL.rows else WRITERS[:1]:
            rates: dict[str, list[float]] = {name: [] for name in (OURS, *CONTROLS)}
            for number in range(effort.rounds):
                for name, measured in rates.items():
                    report(f"{name}, {writers} writers: round {number + 1} of {effort.rounds}")
                    with sealing_behind(url, on=name == OURS):
                        measured.append(appends.rate(url, name, min(effort.seconds, appends.SECONDS), writers))
            figures += [figure(writers, rates, name) for name in CONTROLS]
    return figures


def figure(writers: int, rates: dict[str, list[float]], control: str) -> Figure:
    target: Target | None = TARGETS.get(control) if writers == WRITERS[-1] else None
    name = f"appends with seals, encryption and idempotency, {writers} writer{'s' if writers > 1 else ''}"
    return Figure(name, median(rates[OURS]), "events/s", median(rates[control]), target, f"control: {CONTROLS[control]}")
