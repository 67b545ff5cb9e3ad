"""What a Tradewind with all boats in it took to get there, needs when nothing happens, and takes to start again."""

import time

from tests.benchmarks.harness.figures import Effort, Figure, under
from tests.benchmarks.harness.installation import Installation

CALM = 5.0
GIGABYTE = 1e9


def imported(here: Installation, _effort: Effort) -> list[Figure]:
    """The import ran while every read model followed it."""
    done = here.imported
    note = f"{done.rows:,} rows of {done.source}, published, read models following"
    return [Figure("import while all read models follow", done.rows / done.seconds, "rows/s", note=note)]


def memory(here: Installation, effort: Effort) -> list[Figure]:
    here.report("Memory, after a moment of calm")
    time.sleep(min(CALM, effort.seconds))
    return [Figure("memory when idle (PSS of all processes)", here.memory() / GIGABYTE, "GB", target=under(1.2))]


def start(here: Installation, _effort: Effort) -> list[Figure]:
    here.report("A second start")
    here.stop()
    return [Figure("second start to ready", here.start(), "s", target=under(15))]
