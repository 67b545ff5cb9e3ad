"""Proofs hold for every event of logs of any shape, and cost the same on long logs as on short ones."""

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from infrastructure.postgres import open_pool
from infrastructure.seals.proofs import PostgresSeals
from interfaces.verifier import verify
from projections.seals import Consistency, PositionNotSealed, PositionUnknown, Proof, SizeUnknown

Connection = psycopg.Connection[Any]
Seal = Callable[[int], None]


def proved(proof: Proof) -> bool:
    canonical = b64decode(proof.leaf)
    path = [bytes.fromhex(each) for each in proof.path]
    root = bytes.fromhex(proof.head.root)
    known = verify.event(canonical)["position"] == proof.position
    return known and verify.included(verify.leaf_hash(canonical), proof.index, proof.head.size, path, root)


def grown(proof: Consistency) -> bool:
    before, after = bytes.fromhex(proof.before.root), bytes.fromhex(proof.after.root)
    return verify.consistent(proof.before.size, proof.after.size, before, after, [bytes.fromhex(each) for each in proof.path])


@pytest.fixture
def shaped(sealed: Seal) -> list[int]:
    """The sizes of heads."""
    for count in (1, 6, 1500, 1, 600, 3000, 17):
        sealed(count)
    return [1, 7, 1024, 1507, 1508, 2048, 2108, 3072, 4096, 5108, 5120, 5125]


def test_every_kind_of_place_is_proved_in_every_tree_that_has_it(connection: Connection, shaped: list[int], seals: PostgresSeals):
    assert [each.size for each in seals.heads(0, 100)] == shaped
    positions = [position for (position,) in connection.execute("SELECT position FROM events ORDER BY position").fetchall()]
    for index in (0, 1, 6, 7, 1023, 1024, 1506, 1507, 2047, 2048, 3000, 4095, 4096, 5107, 5119, 5124):
        for size in [each for each in shaped if each > index]:
            proof = seals.inclusion(positions[index], size)
            assert (proof.index, proof.head.size) == (index, size)
            assert proved(proof)


def test_every_tree_goes_on_from_every_earlier_one(shaped: list[int], seals: PostgresSeals):
    for before in shaped:
        for after in [each for each in shaped if each >= before]:
            assert grown(seals.consistency(before, after))


def test_what_was_never_sealed_has_no_proof(connection: Connection, sealed: Seal, seals: PostgresSeals):
    with pytest.raises(PositionUnknown):
        seals.inclusion(1)
    sealed(3)
    with pytest.raises(PositionUnknown):
        seals.inclusion(4)
    with pytest.raises(SizeUnknown):
        seals.inclusion(1, 2)
    with pytest.raises(SizeUnknown):
        seals.consistency(1, 3)
    # Somebody slips an event in where none was sealed, behind the database's back.
    connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
    connection.execute(
        "INSERT INTO events SELECT 0, version, recorded_at, gen_random_uuid(), gen_random_uuid(), actor, command_id, correlation_id,"
        " causation_id, schema, kind, type, data FROM events WHERE position = 3"
    )
    with pytest.raises(PositionNotSealed):
        seals.inclusion(0)


def test_an_event_that_was_changed_fails_its_own_proof(connection: Connection, sealed: Seal, seals: PostgresSeals):
    sealed(30)
    assert proved(seals.inclusion(7))
    connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
    connection.execute("UPDATE events SET data = data || ' ' WHERE position = 7")
    assert not proved(seals.inclusion(7))
    assert proved(seals.inclusion(8))


def test_a_proof_reads_no_more_of_a_long_log_than_two_tiles_and_the_way_up(database: str, sealed: Seal):
    sealed(30 * 1024 + 100)
    with open_pool(database, 1) as alone:
        seals = PostgresSeals(alone)
        before = rows_read(alone)
        assert proved(seals.inclusion(10_000))
        # The event, the newest head, the block with its position, two of tiles, and one for each subtree of a tile or more.
        assert 6 <= rows_read(alone) - before <= 20


def rows_read(alone: ConnectionPool[Any]) -> int:
    """By the pool's only connection so far."""
    with alone.connection() as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        ((read,),) = connection.execute(
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables WHERE relname IN ('seals', 'events')"
        ).fetchall()
    return int(read)
