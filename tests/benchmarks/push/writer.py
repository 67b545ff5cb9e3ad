"""Somebody who changes prices at an even pace, in a process of his own, and notes when each change was committed."""

import os
import sys
from collections.abc import Callable
from itertools import count, cycle
from time import perf_counter, sleep
from uuid import UUID, uuid4

import msgspec
import psycopg
from msgspec import Struct

from application.ports import Meta
from domain.listings.commands import PriceListing
from domain.values import Actor, Money, Role
from infrastructure.container import Container
from infrastructure.settings import load

CHANNEL = "tradewind_bare"
TABLE = "CREATE TABLE IF NOT EXISTS bare_events (position bigserial PRIMARY KEY, stream uuid NOT NULL, data text NOT NULL)"
BARE = "INSERT INTO bare_events (stream, data) VALUES (%s, %s) RETURNING position, pg_notify('tradewind_bare', position::text)"


class Writing(Struct, frozen=True):
    """Listings of one seller, priced anew in turn; `bare` rows and a NOTIFY in their transaction instead."""

    seller: UUID
    listings: list[UUID]
    per_second: float
    seconds: float
    bare: bool = False


class Written(Struct, frozen=True):
    """When each position was known to be committed (perf_counter)."""

    committed: dict[int, float]


def paced(writing: Writing, write: Callable[[UUID], int]) -> Written:
    ids = cycle(writing.listings)
    committed: dict[int, float] = {}
    wanted = int(writing.per_second * writing.seconds)
    began = perf_counter()
    for number in range(wanted):
        sleep(max(0.0, began + number / writing.per_second - perf_counter()))
        position = write(next(ids))
        committed[position] = perf_counter()
    if len(committed) != wanted:
        raise RuntimeError("Some changes changed nothing.")
    return Written(committed)


def prices(container: Container, seller: UUID) -> Callable[[UUID], int]:
    by = Actor(seller, frozenset({Role.SELLER}))
    amounts = count(4_000_000 + int(perf_counter() * 1000) % 1_000_000)  # never those of an earlier round: they would change nothing

    def write(listing: UUID) -> int:
        id = uuid4()
        command = PriceListing(listing, Money(next(amounts), "EUR"), by, container.clock())
        return container.handle(listing, command, Meta(id, seller, id)).position

    return write


def main() -> None:
    writing = msgspec.json.decode(sys.stdin.buffer.read(), type=Writing)
    settings = load(os.environ)
    if writing.bare:
        with psycopg.connect(settings.database_url, autocommit=True) as connection:
            written = paced(writing, lambda listing: connection.execute(BARE, [listing, "x" * 300]).fetchall()[0][0])
    else:
        with Container(settings) as container:
            write = prices(container, writing.seller)
            for listing in writing.listings[:5]:
                write(listing)  # connections and statements are made once
            sleep(0.5)
            written = paced(writing, write)
    sys.stdout.buffer.write(msgspec.json.encode(written))


if __name__ == "__main__":
    main()
