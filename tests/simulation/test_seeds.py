"""Whatever dies, is lost or comes twice between any two steps: nothing is lost, doubled or out of order, and no read model lies."""

import pytest

from tests.simulation.simulate import simulate

SEEDS = 240
CHUNKS = 12
"""So that they can be shared out among the cores."""


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_invariant_holds_after_every_step_of_many_seeds(chunk: int):
    for seed in range(chunk, SEEDS, CHUNKS):
        outcome = simulate(seed)
        assert not outcome.broken, f"seed {seed}: {outcome.broken}\n" + "\n".join(outcome.story[-30:])
        assert outcome.checks > outcome.events


def test_the_same_seed_tells_the_same_story():
    assert simulate(3).story == simulate(3).story
