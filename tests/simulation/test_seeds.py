"""Whatever dies, is lost or comes twice between any two steps: nothing is lost, doubled or out of order, and no read model lies."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from interfaces.cli.roles.bench import bench
from tests.benchmarks.harness.figures import Shown
from tests.simulation.hunting import shrunk, told
from tests.simulation.simulate import simulate
from tests.simulation.test_planted import handing_out_without_counting

SEEDS = 240
CHUNKS = 12
"""So that they can be shared out among the cores."""

AFRESH = "from tests.simulation.simulate import simulate; print(*simulate(3).story, sep='\\n')"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_invariant_holds_after_every_step_of_many_seeds(chunk: int):
    for seed in range(chunk, SEEDS, CHUNKS):
        outcome = simulate(seed)
        assert not outcome.broken, told(shrunk(outcome))
        assert outcome.checks > outcome.events


def test_the_same_seed_tells_the_same_story_also_in_another_process():
    story = simulate(3).story
    assert len(story) > 500
    assert simulate(4).story != story
    told = subprocess.run([sys.executable, "-c", AFRESH], capture_output=True, text=True, check=True, cwd=ROOT, env={"PYTHONHASHSEED": "7"})
    assert told.stdout.splitlines() == story


def test_what_breaks_is_told_with_its_seed_and_no_more_faults_than_it_takes(monkeypatch: pytest.MonkeyPatch):
    handing_out_without_counting(monkeypatch)
    broken = next(outcome for outcome in map(simulate, range(60)) if outcome.broken)
    brief = shrunk(broken)
    assert brief.steps <= broken.steps
    assert "were handed out of" in brief.broken
    assert [brief.faults.crash, brief.faults.lost, brief.faults.refused, brief.faults.disconnected].count(0) >= 3
    again = simulate(brief.seed, brief.steps, brief.faults)
    assert again == brief
    assert f"seed {brief.seed}: " in told(brief)
    assert brief.story[-1] in told(brief)


def test_the_bench_plays_as_many_seeds_as_it_is_told_from_one_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    bench(simulate=3, seed=7, out=tmp_path / "figures.json")
    seeds, rate = msgspec.json.decode((tmp_path / "figures.json").read_bytes(), type=list[Shown])
    assert (seeds.value, seeds.unit) == (3, "seeds")
    assert "seeds 7 to 9: " in seeds.note
    assert rate.value > 0
    assert "Seed 7" in capsys.readouterr().err
