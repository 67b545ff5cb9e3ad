"""What OpenSearch's Java machine keeps of one run makes the next start a quick one."""

from pathlib import Path

import psutil
import pytest

from infrastructure.embedded import archive, java
from infrastructure.embedded.opensearch import OpenSearch
from infrastructure.embedded.rehearsal import Rehearsal

ROOT = Path(__file__).parents[3]


@pytest.fixture
def jars(tmp_path: Path) -> Path:
    """The jars of the checkout under an address of their own, so that what is made for them is made here."""
    folder = tmp_path / "jars"
    folder.mkdir()
    for jar in (ROOT / ".tradewind" / "jars").glob("*.jar"):
        (folder / jar.name).symlink_to(jar)
    return folder


def test_a_rehearsal_leaves_what_the_next_start_takes_up(jars: Path, tmp_path: Path):
    Rehearsal(jars, "").run()
    made = archive.place(java.runtime(), jars)
    assert made is not None
    node = OpenSearch(tmp_path / "node", tmp_path / "node" / "run", jars, "", lambda _: None)
    try:
        node.start()
        assert node.pid is not None
        assert f"-XX:AOTCache={made}" in psutil.Process(node.pid).cmdline()
        with Path(f"/proc/{node.pid}/maps").open() as maps:
            assert any(made.name in line for line in maps), "the Java machine has not taken it up"
    finally:
        node.stop()


def test_where_there_is_one_nothing_is_rehearsed(jars: Path):
    made = archive.place(java.runtime(), jars)
    assert made is not None
    made.write_bytes(b"made before")
    Rehearsal(jars, "").run()
    assert made.read_bytes() == b"made before"


def test_a_rehearsal_that_is_called_off_leaves_nothing(jars: Path):
    rehearsal = Rehearsal(jars, "")
    rehearsal.stop()
    rehearsal.run()
    assert list(jars.glob("*.aot")) == []


def test_an_older_java_goes_without(jars: Path, monkeypatch: pytest.MonkeyPatch):
    archive.place.cache_clear()
    monkeypatch.setattr(java, "major", lambda _: archive.ABLE - 1)
    assert archive.known(java.runtime(), jars) == ()
    archive.place.cache_clear()
