"""Plays seeds by the thousand; the first that is broken is told as briefly as it can be made to break."""

import os
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from msgspec.structs import replace

from tests.benchmarks.harness.figures import Figure
from tests.simulation.simulate import Outcome, simulate
from tests.simulation.world import STRIKING

LINES = 40
"""Of a story that are told: its last ones."""

PARTICULAR = re.compile(r"[0-9a-f-]{8,}|\d+|'.*")
"""What differs between two breaks of the same kind."""


def run(_jars: Path, seed: int, many: int, report: Callable[[str], None]) -> list[Figure]:
    """What `bench --simulate` tells of so many seeds from this one on. Raises AssertionError with the story of one that is broken."""
    begun, events, checks, struck = perf_counter(), 0, 0, 0
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as processes:
        for number, outcome in enumerate(processes.map(simulate, range(seed, seed + many)), 1):
            if outcome.broken:
                processes.shutdown(cancel_futures=True)
                raise AssertionError(told(shrunk(outcome)))
            events, checks, struck = events + outcome.events, checks + outcome.checks, struck + outcome.struck
            report(f"Seed {number} of {many}")
    seconds = perf_counter() - begun
    note = f"seeds {seed} to {seed + many - 1}: {events:,} events, {struck:,} faults, {checks:,} comparisons; everything held"
    return [Figure("seeds simulated", many, "seeds", note=note), Figure("simulation", many / seconds, "seeds/s")]


def told(outcome: Outcome) -> str:
    """What broke, how to have it again, and what happened last."""
    again = f"simulate({outcome.seed}, {outcome.steps}, {outcome.faults})"
    return "\n".join((f"seed {outcome.seed}: {outcome.broken}", f"again: {again}", *outcome.story[-LINES:]))


def shrunk(outcome: Outcome) -> Outcome:
    """The same seed with as few kinds of faults, and then as few steps, as it still breaks with."""

    def breaks(other: Outcome) -> bool:
        return bool(other.broken) and PARTICULAR.sub("", other.broken) == PARTICULAR.sub("", outcome.broken)

    for names in (STRIKING, *((name,) for name in STRIKING)):
        fewer = simulate(outcome.seed, outcome.steps, replace(outcome.faults, **dict.fromkeys(names, 0)))
        if breaks(fewer):
            outcome = fewer
    enough, few = outcome.steps, 0
    while enough - few > 1:
        shorter = simulate(outcome.seed, (enough + few) // 2, outcome.faults)
        if breaks(shorter):
            outcome, enough = shorter, shorter.steps
        else:
            few = (enough + few) // 2
    return outcome
