"""In production everything but `migrate` runs as a login with the role `tradewind_app`, which may do all of it and nothing else."""

from collections.abc import Generator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql

from application.effects.job import Job
from application.jobs.ports import Sms
from domain.recorded import Recorded
from domain.trade import Spot
from infrastructure.deliveries.whereabouts import PostgresTracks, PostgresWhereabouts
from infrastructure.invoices.archive import ROWS
from infrastructure.jobs.worker import Worker
from infrastructure.operations import statements
from infrastructure.reactor.parked import parked
from infrastructure.reactor.reactor import Reactor
from infrastructure.readstores import bookkeeping
from infrastructure.readstores.store import Parked
from projections.listings.page import view
from tests.infrastructure.operations.hand import by_hand
from tests.journeys.town import Person, Town

ANA, MO = "ana@example.org", "mo@example.org"
BOAT: dict[str, Any] = {
    "category": "boats",
    "title": "Bavaria 38",
    "description": "Well kept.",
    "attributes": {"type": "motor-yacht", "maker": "Bavaria", "year": 2005, "length": {"value": 38, "unit": "ft"}},
    "price": {"amount": 4_500_000, "currency": "EUR"},
    "place": {"country": "CH", "locality": "Kilchberg"},
}
BOATS = b"""Price,Boat Type,Manufacturer,Type,Year Built,Length,Width,Material,Location,Number of views last 7 days
EUR 3490,Center console boat,Terhi power boats,new boat from stock,2020,4,1.5,Thermoplastic,Germany,75
EUR 3333,Fishing Boat,Crescent power boats"""


@pytest.fixture
def as_application(database: str) -> Generator[str]:
    """The URL of the database for a login that has the role, and owns nothing."""
    login, password = f"app_{uuid4().hex[:12]}", uuid4().hex
    given = urlsplit(database)
    with psycopg.connect(database, autocommit=True) as owner:
        named = sql.Identifier(login)
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE tradewind_app").format(named, sql.Literal(password)))
        yield f"{given.scheme}://{login}:{password}@{given.netloc.rpartition('@')[2]}{given.path}?{given.query}"
        owner.execute(sql.SQL("DROP OWNED BY {0}").format(named))
        owner.execute(sql.SQL("DROP ROLE {0}").format(named))


@pytest.fixture
def town(as_application: str) -> Generator[Town]:
    opened = Town(as_application)
    yield opened
    opened.close()


def test_the_town_is_not_run_by_its_databases_owner(town: Town):
    with town.container.pool.connection() as connection:
        found = connection.execute(
            "SELECT rolsuper, pg_has_role(current_user, 'tradewind_app', 'MEMBER') FROM pg_roles WHERE rolname = current_user"
        )
        assert found.fetchall() == [(False, True)]


def test_the_application_may_do_what_people_ask_of_it(town: Town):
    ana, ada = proven(town), town.admin()
    mo = town.registered(MO, "Mo")
    ada.post(f"/v1/users/{mo.id}/roles", {"role": "moderator"})
    mo = town.sign_in(MO)
    boat = ana.post("/v1/listings", BOAT, 201)["id"]
    ana.post(f"/v1/listings/{boat}/submit")
    mo.post(f"/v1/listings/{boat}/approve")
    ana.post(f"/v1/listings/{boat}/publish")
    mo.put(f"/v1/me/favourites/{boat}", None)
    mo.post(f"/v1/listings/{boat}/inquiries", {"message": "Is she dry?"}, 201)
    assert [each["id"] for each in town.guest().get("/v1/listings")["items"]] == [boat]
    assert len(ana.get("/v1/me/inquiries")["items"]) == len(mo.get("/v1/me/favourites")["items"]) == 1

    refreshed = town.guest().post("/v1/sessions/refresh", {"refreshToken": ana.tokens["refreshToken"]})
    assert Person(town, refreshed).get("/v1/me")["email"] == ANA
    assert len(ana.get("/v1/me/sessions")["items"]) == 1
    service = ada.post("/v1/service-accounts", {"name": "Feeder"}, 201)["id"]
    key = ada.post("/v1/api-keys", {"userId": service, "name": "One", "scopes": ["feeds:read"]}, 201)
    town.runner.catch_up()
    read = town.http.get("/v1/feeds/listings", headers={"Authorization": f"Bearer {key['key']}"})
    assert read.json()["items"]
    assert ada.get(f"/v1/audit/events?stream={boat}&from=2026-01-01T00:00:00Z")["items"]
    ada.delete(f"/v1/api-keys/{key['id']}")
    ada.post(f"/v1/users/{mo.id}/suspend", {"reason": "Rude."})
    ana.delete("/v1/sessions/current")
    assert town.http.get("/health/ready").status_code == 200
    assert "tradewind_read_model" in town.http.get("/metrics").text


def test_the_application_may_keep_where_couriers_are_and_texts_that_nobody_sends(town: Town):
    tracks, parcel, courier = PostgresTracks(town.container.pool, town.clock), uuid4(), uuid4()
    for passed in (timedelta(0), timedelta(days=60)):
        town.clock.ahead += passed
        tracks.record(courier, parcel, Spot(38.7, -9.1), town.clock())
    assert len(PostgresWhereabouts(town.container.pool).trail(parcel, 10)) == 1
    texts = town.container.messaging.textbox
    texts.send(Sms(uuid4(), "+351910000001", "Hello"))
    assert [each.text for each in texts.newest(10)] == ["Hello"]


def test_the_application_may_bring_files_in(town: Town):
    ana, ada = proven(town), town.admin()
    given = {"Content-Type": "text/csv", "Authorization": f"Bearer {ada.tokens['accessToken']}"}
    path = town.http.post(f"/v1/imports?format=boats&seller={ana.id}", content=BOATS, headers=given).headers["Location"]
    town.container.reactor.catch_up()
    town.container.worker.empty()
    assert ada.get(path)["rows"] == {"repaired": 1, "refused": 1}
    assert len(ada.get(f"{path}/report")["items"]) == 2


def test_the_application_may_park_what_it_cannot_take_and_go_on(town: Town):
    def fail(recorded: Recorded[Any]) -> Sequence[Job]:
        raise ValueError(recorded.type)

    town.registered(ANA)
    container = town.container
    first = container.log.read(0, 1).events[0]
    reactor = Reactor(container.pool, container.log, fail, name="broken")
    reactor.catch_up()
    assert parked(container.pool, "broken")
    town.runner.catch_up()
    with container.pool.connection() as connection:
        bookkeeping.park(connection, view, [Parked(first, "1", "broken")])
        assert bookkeeping.blocked(connection, view) == {"1": first.position}
        connection.execute("DELETE FROM parked_events")


def test_the_application_may_give_jobs_up_and_take_them_up_again(town: Town):
    def fail(_: object) -> None:
        raise ValueError("never")

    town.registered(ANA)
    container = town.container
    container.reactor.catch_up()
    Worker(container.jobs, fail, attempts=1).empty()
    dead = container.jobs.dead()
    assert dead
    assert by_hand(container.pool, statements.REVIVE_JOB, job_id=dead[0].id, at=container.clock())
    assert container.health.owed().waiting == 1


def test_the_application_cannot_change_history_nor_the_structure(town: Town):
    for statement in (
        b"UPDATE events SET version = version + 1",
        b"DELETE FROM events",
        b"TRUNCATE events",
        b"DELETE FROM commands",
        b"DELETE FROM personal_keys",
        b"DROP TABLE jobs",
        b"ALTER TABLE events DISABLE TRIGGER ALL",
        b"DELETE FROM migrations",
        b"DROP TRIGGER an_admin_is_kept ON accounts",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), town.container.pool.connection() as connection:
            connection.execute(statement)


def proven(town: Town) -> Person:
    ana = town.registered(ANA)
    town.guest().post("/v1/email-verifications/redeem", {"token": town.mail(ANA, "verify-email")})
    return ana


def test_the_application_may_keep_papers_and_change_none(town: Town):
    archive, paper = town.container.billing.archive, uuid4()
    row = archive.keep(paper, 2026, b"%PDF-1.7")
    with town.container.pool.connection() as connection:
        connection.execute(ROWS[type(row)], {"document_id": paper, "year": row.year, "sealed": row.sealed})
    assert archive.read(paper) == b"%PDF-1.7"
    for change in ("UPDATE invoice_files SET sealed = ''", "DELETE FROM invoice_files", "DELETE FROM invoice_keys"):
        with town.container.pool.connection() as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(sql.SQL(change))
