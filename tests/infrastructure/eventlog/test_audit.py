"""What auditors find on the log: by every question there is, in order, without anybody's private words."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg_pool import ConnectionPool

from application.handler import Appended, Handler
from application.ports import Meta
from domain.listings.commands import ArchiveListing, DraftListing, EditListing
from domain.listings.listing import listings
from domain.users.commands import RegisterUser, SuspendUser
from domain.users.user import users
from domain.values import SYSTEM, Actor, Value
from infrastructure.auditing.log import PostgresAudit
from infrastructure.clock import new_id
from infrastructure.eventlog.log import PostgresLog
from projections.audit import MASK, Moment, Sought
from tests.infrastructure.eventlog.toys import keys

DECIDERS = (users, listings)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ANA = new_id()
CORRELATION = new_id()


@pytest.fixture
def log(pool: ConnectionPool[Any]) -> PostgresLog:
    return PostgresLog(pool, DECIDERS, keys())


@pytest.fixture
def audit(pool: ConnectionPool[Any], log: PostgresLog) -> PostgresAudit:
    return PostgresAudit(pool, DECIDERS, log.history.mapper)


@pytest.fixture
def handle(log: PostgresLog) -> Handler:
    return Handler(log, DECIDERS)


def give(handle: Handler, stream: UUID, command: Value, by: UUID = ANA, correlation: UUID = CORRELATION) -> Appended:
    return handle(stream, command, Meta(new_id(), by, correlation))


def register(handle: Handler, user: UUID) -> Appended:
    return give(handle, user, RegisterUser(user, "ana@sea.example", "Ana Marin", new_id(), NOON), by=user)


def draft(handle: Handler, title: str = "Sloop") -> UUID:
    listing = new_id()
    give(handle, listing, DraftListing(listing, ANA, "classified", "boats", Actor(ANA), NOON, title))
    return listing


def recorded_at(database: str, position: int) -> datetime:
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT recorded_at FROM events WHERE position = %s", [position]).fetchone()
    assert row
    return row[0]


def test_events_are_found_by_what_they_are_about(handle: Handler, audit: PostgresAudit):
    register(handle, ANA)
    sloop, other = draft(handle), new_id()
    give(handle, sloop, EditListing(sloop, Actor(ANA), NOON, title="Yawl"))
    register(handle, other)
    elsewhere = new_id()
    give(handle, sloop, ArchiveListing(sloop, SYSTEM, NOON), by=SYSTEM.id, correlation=elsewhere)

    def types(**asked: Any) -> list[str]:
        return [each.type.split(".")[1] for each in audit.events(Sought(**asked), 100)]

    assert types(stream=sloop) == ["ListingDrafted", "ListingEdited", "ListingArchived"]
    assert types(type="listings.ListingEdited") == ["ListingEdited"]
    assert types(actor=SYSTEM.id) == ["ListingArchived"]
    assert types(correlation=elsewhere) == ["ListingArchived"]
    assert types(stream=sloop, actor=ANA, type="listings.ListingDrafted") == ["ListingDrafted"]
    assert types(type="listings.NoSuchEvent") == []
    assert types() == [*types(actor=ANA, stream=ANA), *types(stream=sloop)[:2], *types(stream=other), "ListingArchived"]


def test_pages_give_each_event_once(handle: Handler, audit: PostgresAudit):
    for number in range(7):
        draft(handle, f"Boat {number}")
    whole = [each.position for each in audit.events(Sought(), 100)]
    walked: list[int] = []
    while page := audit.events(Sought(after=walked[-1] if walked else 0), 3):
        walked += [each.position for each in page]
    assert (walked, len(walked)) == (whole, 7)


def test_a_time_is_a_bound_that_is_kept_exactly(database: str, handle: Handler, audit: PostgresAudit):
    for _ in range(5):
        draft(handle)
    positions = [each.position for each in audit.events(Sought(), 10)]
    since, until = recorded_at(database, positions[1]), recorded_at(database, positions[3])
    assert [each.position for each in audit.events(Sought(since=since, until=until), 10)] == positions[1:3]
    assert audit.events(Sought(since=datetime.now(UTC) + timedelta(hours=1)), 10) == []
    assert len(audit.events(Sought(until=datetime.now(UTC) + timedelta(hours=1)), 10)) == 5
    assert audit.events(Sought(until=NOON - timedelta(days=9000)), 10) == []


def test_times_are_found_by_halving_also_where_positions_have_gaps(database: str, handle: Handler):
    for _ in range(3):
        draft(handle)
    with psycopg.connect(database) as connection:
        connection.execute("SELECT nextval('events_position') FROM generate_series(1, 1000)")
    for _ in range(3):
        draft(handle)
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT position, recorded_at FROM events ORDER BY position").fetchall()
        for position, at in rows:
            low = connection.execute("SELECT position_around(%s)", [at]).fetchall()[0][0]
            assert next(each for each, _ in rows if each > low) == position


def test_personal_words_are_masked_and_the_rest_is_shown(handle: Handler, audit: PostgresAudit):
    register(handle, ANA)
    give(handle, ANA, SuspendUser(ANA, "rude words", SYSTEM, NOON))
    entries = audit.stream(ANA, 0, 100)
    shown = msgspec.json.encode(entries).decode()
    assert not any(word in shown for word in ("ana@sea.example", "Ana Marin", "rude", "enc:"))
    assert entries[0].data["name"] == msgspec.Raw(msgspec.json.encode(MASK))
    assert msgspec.json.decode(msgspec.json.encode(entries[0].data))["userId"] == str(ANA)
    assert (entries[0].kind, entries[0].version, entries[0].actor) == ("user", 1, ANA)


def test_a_title_that_looks_encrypted_is_shown_all_the_same(handle: Handler, audit: PostgresAudit):
    sloop = draft(handle, "enc:v1:not really")
    assert b"enc:v1:not really" in msgspec.json.encode(audit.stream(sloop, 0, 1))


def test_the_state_at_a_version_and_at_a_moment(database: str, handle: Handler, audit: PostgresAudit):
    sloop = draft(handle)
    give(handle, sloop, EditListing(sloop, Actor(ANA), NOON, title="Yawl"))
    give(handle, sloop, ArchiveListing(sloop, Actor(ANA), NOON))
    titles = []
    for version in (1, 2, 3):
        found = audit.state(sloop, Moment(version))
        assert found
        titles.append((found.version, found.state["title"], found.state["status"]))
    assert titles == [(1, "Sloop", "draft"), (2, "Yawl", "draft"), (3, "Yawl", "archived")]
    second = audit.stream(sloop, 1, 1)[0]
    then = audit.state(sloop, Moment(at=recorded_at(database, second.position)))
    assert then
    assert (then.version, then.state["title"]) == (2, "Yawl")
    assert audit.state(sloop, Moment(at=NOON - timedelta(days=9000))) is None
    assert audit.state(new_id(), Moment()) is None


def test_a_state_shows_nobodys_private_words(handle: Handler, audit: PostgresAudit):
    register(handle, ANA)
    found = audit.state(ANA, Moment())
    assert found
    shown = msgspec.json.encode(found).decode()
    assert found.state["name"] == MASK
    assert "Marin" not in shown
    assert "ana@" not in shown


def test_what_may_still_be_overtaken_is_not_shown_yet(database: str, handle: Handler, audit: PostgresAudit):
    draft(handle)
    with psycopg.connect(database) as slow:
        # An append that holds its floor and has drawn its position, but has not committed.
        slow.execute("SELECT pg_advisory_xact_lock_shared((SELECT last_value FROM events_position)), nextval('events_position')")
        draft(handle)
        assert len(audit.events(Sought(), 10)) == 1
        slow.rollback()
    assert len(audit.events(Sought(), 10)) == 2
