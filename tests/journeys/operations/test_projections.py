"""Operators see how read models stand, and tell them to stand still, to be built anew or to be checked."""

from projections.catalogue import PROJECTIONS
from projections.listings import page
from tests.journeys.town import Person, Town

LISTINGS = f"/v1/admin/projections/{page.view.name}"


def test_every_read_model_is_shown_with_where_it_stands(town: Town, ada: Person, auditor: Person):
    town.registered("ana@example.org")
    found = {each["name"]: each for each in auditor.get("/v1/admin/projections")["items"]}
    assert set(found) == {each.name for each in PROJECTIONS if each.engine == "postgres"}
    one = found[page.view.name]
    assert (one["engine"], one["version"], one["generation"], one["paused"]) == ("postgres", page.view.version, 1, False)
    assert (one["position"], one["lagEvents"], one["parked"], one["building"]) == (one["stable"], 0, 0, None)
    assert ada.get(LISTINGS)["buildings"] == []


def test_a_paused_read_model_stands_still_and_goes_on_where_it_stood(town: Town, ada: Person):
    ana = town.registered("ana@example.org")
    ada.post(f"{LISTINGS}/pause", {"reason": "It is being looked at."})
    boat = ana.post("/v1/listings", {"category": "boats", "title": "Sloop"}, 201)["id"]
    ana.get(f"/v1/listings/{boat}", 404)
    shown = ada.get(LISTINGS)
    assert (shown["paused"], shown["lagEvents"] > 0) == (True, True)
    assert ada.post(f"{LISTINGS}/pause", {"reason": "Twice."}, 409) == ("already_paused", None)
    ada.post(f"{LISTINGS}/resume")
    assert ana.get(f"/v1/listings/{boat}")["title"] == "Sloop"


def test_one_building_of_a_read_model_is_under_way_at_a_time_and_can_be_called_off(town: Town, ada: Person):
    town.runner.catch_up()
    assert ada.post(f"{LISTINGS}/drop-old", status=409) == ("nothing_to_drop", None)
    assert ada.post(f"{LISTINGS}/cancel-rebuild", status=409) == ("no_rebuild", None)
    ada.post(f"{LISTINGS}/rebuild")
    assert (ada.get(LISTINGS)["building"]["purpose"], ada.get(LISTINGS)["building"]["generation"]) == ("rebuild", 2)
    assert ada.post(f"{LISTINGS}/check", status=409) == ("rebuild_running", None)
    ada.post(f"{LISTINGS}/cancel-rebuild")
    assert (ada.get(LISTINGS)["building"], ada.get(LISTINGS)["buildings"][0]["state"]) == (None, "cancelled")


def test_what_is_no_read_model_is_not_found(ada: Person):
    for step in ("rebuild", "check", "resume", "cancel-rebuild", "drop-old", "parked/1/retry"):
        assert ada.post(f"/v1/admin/projections/ships/{step}", status=404) == ("projection_not_found", None)
    assert ada.get("/v1/admin/projections/ships", 404) == ("projection_not_found", None)
    assert ada.get("/v1/admin/projections/ships/parked", 404) == ("projection_not_found", None)


def test_machines_watch_what_operators_have_asked_for(town: Town, ada: Person):
    ada.post(f"{LISTINGS}/pause", {"reason": "It is being looked at."})
    ada.post(f"{LISTINGS}/check")
    counted = town.http.get("/metrics").text.splitlines()
    assert f'tradewind_read_model_paused{{projection="{page.view.name}"}} 1.0' in counted
    assert f'tradewind_building_position{{projection="{page.view.name}",purpose="check"}} 0.0' in counted
    assert "tradewind_read_only 0.0" in counted
