import hashlib
import re
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from infrastructure.embedded import EngineFailed
from infrastructure.embedded.jars import Jar, fetch, locked

CONTENT = bytes(range(256)) * 400
JAR = Jar("org.example.search", "engine", "1.2", "", hashlib.sha256(CONTENT).hexdigest())
NATIVE = Jar("org.example.search", "engine", "1.2", "linux-x86_64", hashlib.sha256(CONTENT).hexdigest())


class Repository(ThreadingHTTPServer):
    """A Maven repository with one artifact, which can be told to break off an answer, or to serve something else."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.content = CONTENT
        self.break_off_after: list[int] = []
        self.asked: list[tuple[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/maven"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        repository = self.server
        assert isinstance(repository, Repository)
        asked_range = self.headers.get("Range", "")
        repository.asked.append((self.path, asked_range))
        found = re.match(r"bytes=(\d+)-", asked_range)
        start = int(found[1]) if found else 0
        if start >= len(repository.content):
            self.send_error(416)
            return
        body = repository.content[start:]
        self.send_response(206 if found else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: repository.break_off_after.pop(0)] if repository.break_off_after else body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Generator[Repository]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Repository() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_jar_is_fetched_once_from_where_maven_keeps_it(repository: Repository, tmp_path: Path):
    (path,) = fetch([JAR], tmp_path, repository.address, lambda _: None)
    assert fetch([JAR], tmp_path, repository.address, lambda _: None) == [path]
    assert path.read_bytes() == CONTENT
    assert repository.asked == [("/maven/org/example/search/engine/1.2/engine-1.2.jar", "")]


def test_a_classifier_is_part_of_the_name(repository: Repository, tmp_path: Path):
    paths = fetch([JAR, NATIVE], tmp_path, repository.address, lambda _: None)
    assert len(set(paths)) == 2
    assert ("/maven/org/example/search/engine/1.2/engine-1.2-linux-x86_64.jar", "") in repository.asked


def test_a_wrong_sum_is_refused_and_leaves_nothing_that_could_be_run(repository: Repository, tmp_path: Path):
    repository.content = b"something else"
    with pytest.raises(EngineFailed, match=r"engine-1\.2\.jar is refused"):
        fetch([JAR], tmp_path, repository.address, lambda _: None)
    assert not list(tmp_path.glob("*.jar"))
    assert not list(tmp_path.glob("*.part"))


def test_a_download_that_breaks_off_goes_on_where_it_stopped(repository: Repository, tmp_path: Path):
    repository.break_off_after = [1000]
    (path,) = fetch([JAR], tmp_path, repository.address, lambda _: None)
    assert path.read_bytes() == CONTENT
    assert [asked for _, asked in repository.asked] == ["", "bytes=1000-"]


def test_a_later_start_goes_on_where_an_interrupted_one_stopped(repository: Repository, tmp_path: Path):
    repository.break_off_after = [1000, 1000, 1000]
    with pytest.raises(EngineFailed, match="what was downloaded is kept"):
        fetch([JAR], tmp_path, repository.address, lambda _: None)
    (path,) = fetch([JAR], tmp_path, repository.address, lambda _: None)
    assert path.read_bytes() == CONTENT
    assert repository.asked[-1][1] == "bytes=3000-"


def test_a_part_of_something_else_is_thrown_away_and_fetched_anew(repository: Repository, tmp_path: Path):
    (tmp_path / "org.example.search.engine-1.2.part").write_bytes(b"rubbish")
    (path,) = fetch([JAR], tmp_path, repository.address, lambda _: None)
    assert path.read_bytes() == CONTENT


def test_without_a_network_it_says_what_to_do(tmp_path: Path):
    with pytest.raises(EngineFailed, match="TRADEWIND_MAVEN_URL"):
        fetch([JAR], tmp_path, "http://127.0.0.1:9/", lambda _: None)


def test_progress_counts_what_is_missing(repository: Repository, tmp_path: Path):
    said: list[str] = []
    fetch([JAR, NATIVE], tmp_path, repository.address, said.append)
    assert said == ["OpenSearch: 1 of 2 jars downloaded", "OpenSearch: 2 of 2 jars downloaded"]


def test_the_lock_names_each_jar_once_with_its_sum_and_no_address():
    jars = locked()
    assert len({jar.path for jar in jars}) == len(jars) == 120
    assert all(re.fullmatch(r"[0-9a-f]{64}", jar.sha256) for jar in jars)
    assert any(jar.artifact == "icu4j-localespi" for jar in jars)
