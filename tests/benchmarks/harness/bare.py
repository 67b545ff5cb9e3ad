"""What our HTTP is compared with: handlers that do one statement and nothing else, on the same server."""

import asyncio
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
from litestar import Litestar, Response, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct
from psycopg_pool import ConnectionPool

from infrastructure.embedded.process import spawn
from infrastructure.postgres import open_pool
from interfaces.cli.roles.serve import until_stopped
from interfaces.http.streams import Streams
from projections.listings.page import view
from tests.benchmarks.harness.installation import Installation, free_port
from tests.benchmarks.harness.load import ROOT

TABLE = """
CREATE TABLE IF NOT EXISTS bare (id uuid PRIMARY KEY, listing_id uuid NOT NULL, amount bigint NOT NULL, currency text NOT NULL)"""
INSERT = "INSERT INTO bare (id, listing_id, amount, currency) VALUES (%s, %s, %s, %s)"


class Amount(Struct, frozen=True):
    amount: int
    currency: str


class Price(Struct, frozen=True):
    price: Amount


class Kept(Struct, frozen=True):
    id: UUID


def app(pool: ConnectionPool[Any]) -> Litestar:
    select = f"SELECT document::text FROM {view.table} WHERE key = %s"

    @get("/listings/{listing_id:uuid}", sync_to_thread=True)
    def one(listing_id: FromPath[UUID]) -> Response[bytes]:
        with pool.connection() as connection:
            row = connection.execute(select, [listing_id], prepare=True).fetchone()
        return Response(row[0].encode() if row else b"", media_type="application/json")

    @post("/listings/{listing_id:uuid}/prices", sync_to_thread=True)
    def price(listing_id: FromPath[UUID], data: JSONBody[Price]) -> Kept:
        id = uuid4()
        with pool.connection() as connection:
            connection.execute(INSERT, [id, listing_id, data.price.amount, data.price.currency], prepare=True)
        return Kept(id)

    return Litestar([one, price], openapi_config=None, logging_config=None)


@contextmanager
def served(here: Installation) -> Generator[int]:
    """The port on which a process of its own serves these handlers over the installation's database."""
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.harness.bare", str(port)]
    child = spawn("bare", command, here.folder / "run", environment=here.environ, cwd=ROOT)
    try:
        child.await_ready(lambda: answers(port), 30)
        yield port
    finally:
        child.stop()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code == 404
    except httpx.HTTPError:
        return False


def main() -> None:
    from infrastructure.settings import load  # noqa: PLC0415 - the importing side needs it not

    settings = load(os.environ)
    with open_pool(settings.database_url, settings.pool_size) as pool:
        with pool.connection() as connection:
            connection.execute(TABLE)
        asyncio.run(until_stopped(app(pool), "127.0.0.1", int(sys.argv[1]), Streams()))


if __name__ == "__main__":
    main()
