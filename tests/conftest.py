"""Real engines for the tests that ask for them: those `run.py test` has started, or some of their own."""

import gc
import os
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from infrastructure.embedded import abode, engines, postgres
from infrastructure.migrate import migrate
from infrastructure.settings import Engine

JARS = Path(__file__).parent.parent / ".tradewind" / "jars"


def pytest_collection_finish() -> None:
    """What is loaded stays, and what tests make is looked through less often: an application is then made in half the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _engine(name: Engine, variable: str) -> Generator[str]:
    if given := os.environ.get(variable):
        yield given
        return
    with TemporaryDirectory(prefix="tradewind-", dir=abode.quick_folder(postgres.account())) as folder:
        data_dir = Path(folder)
        data_dir.chmod(0o755)
        with engines.start(data_dir, [name], lambda _: None, jars=JARS, durable=False) as started:
            yield started.servers[name].url


@pytest.fixture(scope="session")
def postgres_url() -> Generator[str]:
    """A server on which databases may be made; a test wants `database`."""
    yield from _engine("postgres", "TRADEWIND_TEST_DATABASE_URL")


@pytest.fixture(scope="session")
def redis_server_url() -> Generator[str]:
    yield from _engine("redis", "TRADEWIND_TEST_REDIS_URL")


@pytest.fixture(scope="session")
def opensearch_url() -> Generator[str]:
    """One node for all tests: each names its indices with `index_prefix`."""
    yield from _engine("opensearch", "TRADEWIND_TEST_OPENSEARCH_URL")


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str) -> Generator[str]:
    """The name of a migrated database that every test's own is a copy of."""
    name = f"template_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            migrate(_with_path(postgres_url, name))
            yield name
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database(postgres_url: str, migrated_template: str) -> Generator[str]:
    """The URL of a migrated database that only this test uses."""
    yield from _new_database(postgres_url, migrated_template)


@pytest.fixture
def empty_database(postgres_url: str) -> Generator[str]:
    """The URL of a database with nothing in it."""
    yield from _new_database(postgres_url, "template0")


@pytest.fixture
def redis_url(redis_server_url: str, worker_number: int) -> str:
    """The URL of an empty Redis database that only this test uses."""
    import redis  # noqa: PLC0415 - domain tests need not load it

    url = (
        _with_query(redis_server_url, f"db={worker_number}")
        if redis_server_url.startswith("unix")
        else _with_path(redis_server_url, str(worker_number))
    )
    with redis.Redis.from_url(url) as client:  # pyright: ignore[reportUnknownMemberType]
        client.flushdb()  # pyright: ignore[reportUnknownMemberType]
    return url


@pytest.fixture
def index_prefix(opensearch_url: str) -> Generator[str]:
    """What the names of this test's indices and aliases begin with; they are removed afterwards."""
    import httpx  # noqa: PLC0415 - domain tests need not load it

    prefix = f"t{uuid4().hex[:12]}-"
    yield prefix
    httpx.delete(f"{opensearch_url}/{prefix}*", trust_env=False, timeout=30)


@pytest.fixture(scope="session")
def worker_number() -> int:
    """0 without pytest-xdist or for its first worker, 1 for the second, and so on."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _new_database(server_url: str, template: str) -> Generator[str]:
    """A copy by files takes half as long as one by the write-ahead log, as long as nothing is synced."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield _with_path(server_url, name)
    finally:
        with psycopg.connect(server_url, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _with_path(url: str, path: str) -> str:
    return _rebuilt(url, path=f"/{path}", query=urlsplit(url).query)


def _with_query(url: str, query: str) -> str:
    return _rebuilt(url, path=urlsplit(url).path, query=query)


def _rebuilt(url: str, path: str, query: str) -> str:
    """Put together by hand: urlunsplit drops the empty host of `unix:///path`."""
    scheme, netloc, _, _, _ = urlsplit(url)
    return f"{scheme}://{netloc}{path}" + (f"?{query}" if query else "")
