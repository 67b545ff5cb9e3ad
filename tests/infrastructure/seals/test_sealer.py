"""Blocks are closed in the log's own order, when they are full or when events have waited long enough, by one sealer at a time."""

from typing import Any

import psycopg

from infrastructure.seals.proofs import PostgresSeals
from infrastructure.seals.sealer import Sealer
from tests.infrastructure.seals.office import write

Connection = psycopg.Connection[Any]


def test_a_full_block_is_closed_at_once_and_the_rest_waits(connection: Connection, sealer: Sealer, seals: PostgresSeals):
    write(connection, 2500)
    assert sealer.step(connection) == 2048
    assert [each.size for each in seals.heads(0, 10)] == [1024, 2048]
    assert sealer.step(connection) == 0
