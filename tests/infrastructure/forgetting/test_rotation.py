"""Keys are wrapped anew while the service runs: begun again it goes on, and what is destroyed stays so."""

import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from psycopg import errors
from psycopg_pool import ConnectionPool

from infrastructure.forgetting.rotation import BATCH, Rotation
from infrastructure.invoices.archive import PostgresArchive
from infrastructure.keys import PersonalKeys
from infrastructure.suppliers.archive import KEEP, PostgresDocumentArchive
from infrastructure.webhooks.signing import WrappedSecrets
from infrastructure.webhooks.statements import OPEN

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
YEAR, SUPPLIER, PAPER, HOOK = 2026, UUID(int=5), UUID(int=6), UUID(int=7)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def persons(pool: ConnectionPool[Any], count: int, *keys: bytes) -> list[UUID]:
    """As many as that, each with a key."""
    made = sorted(uuid4() for _ in range(count))
    with pool.connection() as connection:
        ring = PersonalKeys(*keys).for_writing(connection, made)
        with connection.cursor() as cursor:
            rows = [(each.subject, each.wrapped) for each in ring.new]
            cursor.executemany("INSERT INTO personal_keys (subject, wrapped) VALUES (%s, %s)", rows)
    return made


def readable(pool: ConnectionPool[Any], wanted: list[UUID], *keys: bytes) -> int:
    with pool.connection() as connection:
        found = PersonalKeys(*keys).for_reading(connection, wanted)
    return sum(key is not None for key in found.values())


def epoch(pool: ConnectionPool[Any]) -> int:
    with pool.connection() as connection:
        return connection.execute("SELECT epoch FROM key_epoch").fetchall()[0][0]


def nobody(_name: str, _seen: int) -> None: ...


def test_everything_wrapped_is_wrapped_by_the_newest_key_alone(pool: ConnectionPool[Any]):
    made = persons(pool, BATCH + 7, OLD)
    papers, documents = PostgresArchive(pool, OLD), PostgresDocumentArchive(pool, OLD)
    kept = papers.keep(PAPER, YEAR, b"paper")
    shown = documents.keep(SUPPLIER, PAPER, b"document")
    with pool.connection() as connection:
        connection.execute("INSERT INTO invoice_files (document_id, year, sealed) VALUES (%s, %s, %s)", [PAPER, YEAR, kept.sealed])
        connection.execute(KEEP, {"document_id": PAPER, "supplier_id": SUPPLIER, "wrapped": shown.wrapped, "sealed": shown.sealed})
        secret = {"secret_id": PAPER, "wrapped": WrappedSecrets([OLD]).wrapped(HOOK, b"secret"), "at": NOON}
        endpoint = {"endpoint_id": HOOK, "owner": SUPPLIER, "url": "https://hooks.example/", "types": [""], "description": ""}
        connection.execute(OPEN, {**endpoint, **secret})
    assert readable(pool, made, NEW, OLD) == len(made)
    with pytest.raises(InvalidTag):
        readable(pool, made, NEW)
    seen: list[int] = []
    rotation, before = Rotation(pool, [NEW, OLD]), epoch(pool)
    assert list(rotation.total().values()) == [len(made), 1, 1, 1]
    assert list(rotation.run(lambda _name, count: seen.append(count)).values()) == [len(made), 1, 1, 1]
    assert sum(seen) == len(made) + 3
    assert readable(pool, made, NEW) == len(made)
    assert PostgresArchive(pool, NEW).read(PAPER) == b"paper"
    assert PostgresDocumentArchive(pool, NEW).read(SUPPLIER, PAPER) == b"document"
    with pool.connection() as connection:
        ((wrapped,),) = connection.execute("SELECT wrapped FROM webhook_secrets").fetchall()
    assert WrappedSecrets([NEW]).clear(HOOK, wrapped) == b"secret"
    assert list(rotation.run(nobody).values()) == [0, 0, 0, 0]
    assert epoch(pool) == before, "the same keys, so that nobody forgets them"


def test_what_was_begun_goes_on_and_an_unknown_wrapping_stops_it_with_nothing_lost(pool: ConnectionPool[Any]):
    made = persons(pool, 20, OLD)
    strange = persons(pool, 1, bytes(32))
    with pytest.raises(InvalidTag):
        Rotation(pool, [NEW, OLD]).run(nobody)
    assert readable(pool, made, OLD, NEW) == 20
    assert Rotation(pool, [NEW, OLD, bytes(32)]).run(nobody)["keys of persons"] == 21
    assert readable(pool, [*made, *strange], NEW) == 21


def test_people_are_forgotten_and_arrive_meanwhile(pool: ConnectionPool[Any]):
    made = persons(pool, 2 * BATCH, OLD)
    gone, late = made[::50], list[UUID]()

    def forget(_name: str, _seen: int) -> None:
        if not late:
            late.extend(persons(pool, 5, NEW, OLD))
            with pool.connection() as connection:
                connection.execute("UPDATE personal_keys SET wrapped = NULL WHERE subject = ANY(%s)", [gone])

    thread = threading.Thread(target=Rotation(pool, [NEW, OLD]).run, args=[forget])
    thread.start()
    thread.join(60)
    assert readable(pool, made, NEW) == len(made) - len(gone)
    assert readable(pool, late, NEW) == 5


def test_a_destroyed_key_is_never_restored(pool: ConnectionPool[Any]):
    (ana,) = persons(pool, 1, OLD)
    with pool.connection() as connection:
        connection.execute("UPDATE personal_keys SET wrapped = NULL WHERE subject = %s", [ana])
    with pool.connection() as connection, pytest.raises(errors.InsufficientPrivilege, match="never restored"):
        connection.execute("UPDATE personal_keys SET wrapped = '\\x00' WHERE subject = %s", [ana])
