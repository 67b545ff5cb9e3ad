"""Operators have a read model built anew, or compared with the log, while people go on; they see how far it is."""

from collections.abc import Generator
from typing import Any

import psycopg
import pytest

from infrastructure.projector.rebuilding.builder import Builder
from infrastructure.projector.rebuilding.postgres import PostgresSite
from infrastructure.readstores.postgres import PostgresStore
from projections.catalogue import PROJECTIONS
from projections.listings import page
from projections.users import profile
from tests.journeys.town import Person, Town

LISTINGS = f"/v1/admin/projections/{page.view.name}"


@pytest.fixture
def builder(town: Town) -> Generator[Builder]:
    """Builds by a few events at a time."""
    kept = [each for each in PROJECTIONS if each.engine == "postgres"]

    def connect(_: str) -> psycopg.Connection[Any]:
        return psycopg.connect(town.container.settings.database_url, autocommit=True)

    made = Builder(kept, town.container.log, connect, {"postgres": PostgresStore}, {"postgres": PostgresSite}, batch=3)
    yield made
    made.close()


@pytest.fixture
def ana(town: Town) -> Person:
    return town.registered("ana@example.org")


@pytest.fixture
def sloops(ana: Person) -> list[str]:
    return [ana.post("/v1/listings", {"category": "boats", "title": f"Sloop {number}"}, 201)["id"] for number in range(5)]


def counted(town: Town) -> dict[str, float]:
    lines = (line.rsplit(" ", 1) for line in town.http.get("/metrics").text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def test_people_go_on_while_a_read_model_is_built_anew_and_takes_its_place(ada: Person, ana: Person, sloops: list[str], builder: Builder):
    ada.post(f"{LISTINGS}/rebuild")
    turns = 0
    while builder.turn():  # begun, three events at a time, switched
        turns += 1
        if turns <= 3:
            ana.patch(f"/v1/listings/{sloops[0]}", {"title": f"Yawl {turns}"})
            assert ana.get(f"/v1/listings/{sloops[0]}")["title"] == f"Yawl {turns}"
    shown = ada.get(LISTINGS)
    assert (shown["generation"], shown["replaced"], shown["building"], shown["lagEvents"]) == (2, True, None, 0)
    assert [ana.get(f"/v1/listings/{each}")["title"] for each in sloops] == ["Yawl 3", *(f"Sloop {number}" for number in range(1, 5))]
    ana.patch(f"/v1/listings/{sloops[1]}", {"title": "Ketch"})
    assert ana.get(f"/v1/listings/{sloops[1]}")["title"] == "Ketch"
    ada.post(f"{LISTINGS}/drop-old")
    while builder.turn():
        pass
    assert ada.get(LISTINGS)["replaced"] is False
    assert ada.post(f"{LISTINGS}/drop-old", status=409) == ("nothing_to_drop", None)


@pytest.mark.usefixtures("sloops")
def test_how_far_it_is_and_how_long_it_takes_is_seen_by_people_and_machines(town: Town, ada: Person, builder: Builder):
    ada.post(f"{LISTINGS}/rebuild")
    for _ in range(2):
        builder.turn()
    building = ada.get(LISTINGS)["building"]
    assert (building["purpose"], building["state"], building["events"]) == ("rebuild", "building", 3)
    assert 0 < building["position"] < building["goal"]
    assert building["rate"] > 0
    assert building["secondsLeft"] > 0
    found = counted(town)
    of = f'{{projection="{page.view.name}",purpose="rebuild"}}'
    assert found[f"tradewind_building_position{of}"] == building["position"]
    assert found[f"tradewind_building_goal{of}"] == building["goal"]
    assert found[f"tradewind_building_rate{of}"] > 0
    assert found[f"tradewind_building_seconds_left{of}"] > 0
    while builder.turn():
        pass
    assert f"tradewind_building_position{of}" not in counted(town)


def test_of_every_read_model_machines_see_where_it_stands(town: Town, ada: Person, sloops: list[str]):
    ada.get(f"/v1/listings/{sloops[0]}")
    found = counted(town)
    for name, each in ((each.name, each) for each in PROJECTIONS if each.engine == "postgres"):
        of = f'{{projection="{name}",version="{each.version}"}}'
        assert found[f"tradewind_read_model_position{of}"] == found["tradewind_log_stable_position"] <= found["tradewind_log_head"]
        assert found[f"tradewind_read_model_lag_events{of}"] == found[f"tradewind_read_model_lag_seconds{of}"] == 0
        assert found[f"tradewind_read_model_parked_events{of}"] == found[f"tradewind_read_model_oldest_parked_seconds{of}"] == 0
    before = f'tradewind_read_model_events_total{{projection="{page.view.name}",version="{page.view.version}"}}'
    assert found[before] == len(sloops)


@pytest.mark.usefixtures("sloops")
def test_a_read_model_that_is_built_anew_owes_nobody_anything(town: Town, ada: Person, builder: Builder):
    ada.post(f"/v1/admin/projections/{profile.view.name}/rebuild")
    ada.post(f"{LISTINGS}/rebuild")
    town.settle()
    before = owed(town)
    while builder.turn():
        pass
    assert [ada.get(f"/v1/admin/projections/{name}")["generation"] for name in (profile.view.name, page.view.name)] == [2, 2]
    town.settle()
    assert owed(town) == before
    assert before["letters"] > 0


def owed(town: Town) -> dict[str, int]:
    """What there is of all that leaves the service or follows from its events."""
    with town.container.pool.connection() as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM jobs), (SELECT max(position) FROM events), (SELECT sum(attempts) FROM jobs)"
        ).fetchone()
    assert row is not None
    return {"letters": len(town.container.mailbox.newest(1000)), "jobs": row[0], "events": row[1], "attempts": row[2]}


def test_what_a_read_model_says_and_the_log_does_not_is_found_by_a_check(
    town: Town, ada: Person, ana: Person, sloops: list[str], builder: Builder
):
    assert ana.get(f"/v1/listings/{sloops[2]}")["title"] == "Sloop 2"
    with town.container.pool.connection() as connection:
        connection.execute(f"UPDATE {page.view.table} SET position = position + 1 WHERE key = '{sloops[2]}'".encode())
    ada.post(f"{LISTINGS}/check")
    while builder.turn():
        pass
    (done,) = ada.get(LISTINGS)["buildings"]
    assert (done["purpose"], done["state"], done["differences"]) == ("check", "done", 1)
    assert done["report"]["first"] == [{"where": page.view.table, "key": sloops[2], "kind": "differs", "fields": ["position"]}]
    assert ada.get(LISTINGS)["generation"] == 1
