"""Whatever a person with every right on the database does to history or to its seals, the first event concerned is named."""

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from infrastructure import clock
from infrastructure.seals import canonical
from infrastructure.seals.proofs import PostgresSeals
from infrastructure.seals.sealer import Sealer
from infrastructure.seals.signing import SigningKey, head_statement
from infrastructure.seals.verifying import Verdict, Verification
from projections.seals import Head
from tests.infrastructure.seals.office import KEY, NEXT_KEY, write

Connection = psycopg.Connection[Any]
Seal = Callable[[int], None]

OURS = SigningKey(KEY)


def verified(connection: Connection, witness: Head | None = None, *keys: SigningKey) -> Verdict:
    return Verification(connection, [each.public for each in keys or (OURS,)], witness).run()


def found(connection: Connection, witness: Head | None = None) -> tuple[str, int | None]:
    finding = verified(connection, witness).finding
    assert finding
    return finding.what, finding.position


@pytest.fixture
def tamper(connection: Connection, sealed: Seal) -> Callable[[str], None]:
    """Runs statements as a superuser on whose session no trigger runs, after three blocks were sealed."""
    sealed(1500)
    sealed(10)
    connection.execute(
        "ALTER TABLE events DISABLE TRIGGER ALL; ALTER TABLE seals DISABLE TRIGGER ALL; ALTER TABLE seal_keys DISABLE TRIGGER ALL"
    )
    return lambda statements: [connection.execute(each) for each in statements.split(";")] and None  # type: ignore[misc]


def test_what_nobody_touched_holds_as_far_as_it_is_sealed(connection: Connection, sealed: Seal):
    sealed(2500)
    sealed(3)
    write(connection, 7)
    verdict = verified(connection)
    assert (verdict.finding, verdict.events, verdict.unsealed) == (None, 2503, 7)
    assert verdict.head
    assert verdict.head.size == 2503
    assert verdict.waiting_since


def test_triggers_keep_seals_from_being_changed_at_all(connection: Connection, sealed: Seal):
    sealed(3)
    for statement in (
        "UPDATE seals SET size = 4",
        "DELETE FROM seals",
        "TRUNCATE seals",
        "UPDATE seal_keys SET since = 1",
        "DELETE FROM seal_keys",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="seals are never changed"):
            connection.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        """data = '{"amount":2}'""",
        "data = data || ' '",
        "actor = gen_random_uuid()",
        "type = 'toys.PaidOut'",
        "kind = 'safe'",
        "schema = 2",
        "recorded_at = recorded_at - interval '1 microsecond'",
        "causation_id = NULL",
        "correlation_id = command_id",
        "event_id = gen_random_uuid()",
        "version = 2",
        "stream = gen_random_uuid()",
        "command_id = actor",
    ],
)
def test_an_event_that_was_changed_in_any_field_is_named(connection: Connection, tamper: Callable[[str], None], change: str):
    tamper(f"UPDATE events SET {change} WHERE position IN (1302, 1400)")
    assert found(connection) == ("changed", 1302)


def test_an_event_that_was_removed_is_named(connection: Connection, tamper: Callable[[str], None]):
    tamper("DELETE FROM events WHERE position IN (700, 900)")
    assert found(connection) == ("removed", 700)


def test_the_last_event_of_a_block_is_missed_too(connection: Connection, tamper: Callable[[str], None]):
    tamper("DELETE FROM events WHERE position = 1024")
    assert found(connection) == ("removed", 1024)


def test_an_event_that_was_added_in_a_gap_is_named(connection: Connection, tamper: Callable[[str], None]):
    tamper(
        "INSERT INTO events SELECT 1501, version, recorded_at, gen_random_uuid(), gen_random_uuid(), actor, command_id, correlation_id,"
        " causation_id, schema, kind, type, data FROM events WHERE position = 1500"
    )
    assert found(connection) == ("added", 1501)


def test_an_event_that_was_added_before_the_first_is_named(connection: Connection, tamper: Callable[[str], None]):
    tamper(
        "INSERT INTO events SELECT -7, version, recorded_at, gen_random_uuid(), gen_random_uuid(), actor, command_id, correlation_id,"
        " causation_id, schema, kind, type, data FROM events WHERE position = 1500"
    )
    assert found(connection) == ("added", -7)


def test_an_event_that_was_moved_forth_is_named(connection: Connection, tamper: Callable[[str], None]):
    tamper("UPDATE events SET position = 1501 WHERE position = 5")
    finding = verified(connection).finding
    assert finding
    assert (finding.what, finding.position, finding.said) == ("moved", 5, "the event of position 5 was moved to 1501")


def test_an_event_that_was_moved_back_is_named(connection: Connection, tamper: Callable[[str], None]):
    tamper("UPDATE events SET position = -1 WHERE position = 1490")
    finding = verified(connection).finding
    assert finding
    assert (finding.what, finding.position, finding.said) == ("moved", -1, "the event of position 1490 was moved to -1")


def test_two_events_that_changed_places_are_named(connection: Connection, tamper: Callable[[str], None]):
    tamper(
        "UPDATE events SET position = -1 WHERE position = 20;UPDATE events SET position = 20 WHERE position = 1100;"
        "UPDATE events SET position = 1100 WHERE position = -1"
    )
    finding = verified(connection).finding
    assert finding
    assert (finding.what, finding.position, finding.said) == ("moved", 20, "the event of position 20 was moved to 1100")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "leaves = overlay(leaves PLACING decode(repeat('00', 32), 'hex') FROM 33) WHERE size = 1024",
            "the hashes kept with the seal of size 1024",
        ),
        (
            "positions = overlay(positions PLACING decode('00', 'hex') FROM 8) WHERE size = 1500",
            "the hashes kept with the seal of size 1500",
        ),
        ("subtrees = decode(repeat('00', 32), 'hex') WHERE size = 1024", "the hashes kept with the seal of size 1024"),
        ("root = decode(repeat('00', 32), 'hex') WHERE size = 1500", "the tree head of size 1500 was changed"),
        ("signature = decode(repeat('00', 64), 'hex') WHERE size = 1500", "the tree head of size 1500 is not signed"),
        ("sealed_at = sealed_at - interval '1 day' WHERE size = 1500", "the tree head of size 1500 is not signed"),
        ("previous = decode(repeat('00', 32), 'hex') WHERE size = 1510", "the tree head of size 1510 is not signed"),
        ("key_id = 'another' WHERE size = 1510", "the tree head of size 1510 is not signed"),
    ],
)
def test_a_seal_that_was_changed_is_told_apart_from_its_events(
    connection: Connection, tamper: Callable[[str], None], change: str, said: str
):
    tamper(f"UPDATE seals SET {change}")
    finding = verified(connection).finding
    assert finding
    assert (finding.what, finding.position) == ("seal", None)
    assert finding.said.startswith(said)


def test_a_seal_that_was_taken_from_between_others_is_missed(connection: Connection, tamper: Callable[[str], None]):
    tamper("DELETE FROM seals WHERE size = 1500")
    assert found(connection)[0] in {"seal", "added"}


def test_an_event_that_was_changed_together_with_its_leaf_is_found_by_the_signed_root(
    connection: Connection, tamper: Callable[[str], None]
):
    tamper("UPDATE events SET schema = 2 WHERE position = 1302")
    [(_, forged)] = canonical.leaves(connection, canonical.at(1302))
    connection.execute("UPDATE seals SET leaves = overlay(leaves PLACING %s FROM %s) WHERE size = 1500", (forged, 32 * (1302 - 1025) + 1))
    finding = verified(connection).finding
    assert finding
    assert finding.what == "changed"
    assert "between positions 1025 and 1500" in finding.said


def test_history_that_was_forged_and_sealed_anew_with_another_key_is_not_ours(
    database: str, connection: Connection, tamper: Callable[[str], None]
):
    tamper("UPDATE events SET schema = 2 WHERE position = 3;DELETE FROM seals;DELETE FROM seal_keys")
    Sealer(database, [SigningKey(NEXT_KEY)], clock.now).step(connection, now=True)
    finding = verified(connection).finding
    assert finding
    assert finding.said.startswith("none of the keys that are set here")


def test_a_tail_that_was_cut_off_with_its_seals_is_found_by_a_head_that_was_kept(
    connection: Connection, tamper: Callable[[str], None], seals: PostgresSeals
):
    kept = seals.head()
    tamper("DELETE FROM events WHERE position > 1500;DELETE FROM seals WHERE size > 1500")
    assert verified(connection).finding is None
    finding = verified(connection, kept).finding
    assert finding
    assert finding.what == "removed"
    assert "10 sealed events after position 1500" in finding.said


def test_a_tail_that_was_rewritten_after_its_seals_were_cut_off_is_found_too(
    connection: Connection, tamper: Callable[[str], None], seals: PostgresSeals
):
    kept = seals.head()
    tamper("UPDATE events SET schema = 2 WHERE position = 1505;DELETE FROM seals WHERE size > 1500")
    assert verified(connection).finding is None
    assert found(connection, kept) == ("changed", 1502)


def test_history_sealed_anew_with_our_own_key_is_found_by_a_head_that_was_kept(
    database: str, connection: Connection, tamper: Callable[[str], None], seals: PostgresSeals
):
    kept = seals.head(1500)
    tamper("UPDATE events SET schema = 2 WHERE position = 3;DELETE FROM seals")
    Sealer(database, [OURS], clock.now).step(connection, now=True)
    assert verified(connection).finding is None
    assert found(connection, kept) == ("changed", None)


def test_seals_that_alone_were_cut_off_are_told_apart(connection: Connection, tamper: Callable[[str], None], seals: PostgresSeals):
    kept = seals.head()
    tamper("DELETE FROM seals WHERE size > 1500")
    finding = verified(connection, kept).finding
    assert finding
    assert (finding.what, finding.said) == (
        "seal",
        "the seals of the last 10 events that were sealed are gone; the events are as they were",
    )


def test_a_head_that_nobody_of_us_signed_is_no_witness(connection: Connection, sealed: Seal, seals: PostgresSeals):
    sealed(3)
    forged = replace(seals.head(), root="00" * 32)
    signed = replace(forged, signature=SigningKey(NEXT_KEY).sign(head_statement(forged)))
    assert found(connection, signed) == ("seal", None)
    assert verified(connection, seals.head()).finding is None


def test_seals_of_a_key_that_was_followed_by_another_still_hold(database: str, connection: Connection, sealed: Seal, seals: PostgresSeals):
    sealed(30)
    write(connection, 5)
    present = SigningKey(NEXT_KEY)
    Sealer(database, [present, OURS], clock.now).step(connection, now=True)
    first, second = seals.keys()
    assert (first.follows, second.follows, second.since) == (None, first.key_id, 30)
    assert second.endorsement
    assert b64decode(second.public_key) == present.public
    assert verified(connection, None, present).finding is None
    assert verified(connection, seals.head(30), present).finding is None


def test_a_key_slipped_in_behind_ours_makes_its_heads_not_ours(database: str, connection: Connection, sealed: Seal):
    sealed(30)
    write(connection, 5)
    Sealer(database, [SigningKey(NEXT_KEY)], clock.now).step(connection, now=True)
    finding = verified(connection).finding
    assert finding
    assert finding.said == "the tree head of size 35 is not signed by a key of ours"
