"""Plays one seed: all that chance decides in it is decided again the same way when it is played again."""

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from traceback import format_exception
from unittest.mock import patch

import structlog
from msgspec import Struct

from projections.catalogue import PROJECTIONS
from projections.view import Journal
from tests.simulation.engines import statements
from tests.simulation.invariants import Broken
from tests.simulation.stage import Faults, Stage
from tests.simulation.world import World

STEPS = 1000
CLOCKS = ("infrastructure.projector.lanes", "infrastructure.projector.leases", "application.memory")
"""Modules that look at a clock of their own."""

Changed = Callable[[World], None]


class Outcome(Struct, frozen=True):
    """`broken` says what did not hold, at the last line of the story. `struck` counts faults, `checks` comparisons."""

    seed: int
    broken: str
    story: Sequence[str]
    events: int
    checks: int
    struck: int
    steps: int
    faults: Faults


@contextmanager
def on(stage: Stage) -> Generator[None]:
    """Whoever looks at a clock of his own looks at the stage's; nobody writes a log of what is simulated."""
    with structlog.testing.capture_logs(), ExitStack() as stack:
        for each in CLOCKS:
            stack.enter_context(patch(f"{each}.monotonic", stage.monotonic))
        yield


def simulate(seed: int, steps: int = STEPS, faults: Faults | None = None, change: Changed | None = None) -> Outcome:
    """`change` puts a mistake into the service before it starts."""
    statements.JOURNALS.update({each.table: each for each in PROJECTIONS if isinstance(each, Journal)})
    world = World(seed, faults)
    if change:
        change(world)
    stage, broken = world.stage, None
    with on(stage):
        try:
            world.open()
            stage.play(steps)
            world.settle()
        except Exception as found:  # noqa: BLE001 - what nobody has foreseen is found as well, and the seed must be told
            broken = found
        finally:
            stage.close()
    return Outcome(seed, told(broken), stage.story, len(world.log.events), world.watch.checks, stage.struck, stage.steps, world.faults)


def told(broken: Exception | None) -> str:
    if broken is None:
        return ""
    if isinstance(broken, Broken):
        return f"{broken} {' '.join(str(each) for each in broken.streams)}".rstrip()
    return "".join(format_exception(broken)[-6:])
