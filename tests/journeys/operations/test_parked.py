"""An event that a read model, or what reacts to events, cannot take is put aside, seen by operators, and dealt with by hand."""

from collections.abc import Callable, Generator, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from application.effects import due
from application.effects.job import Job
from domain.listings.events import ListingDrafted
from domain.recorded import Recorded
from infrastructure.projector.runner import Runner
from infrastructure.reactor.reactor import Reactor
from infrastructure.readstores.postgres import PostgresStore
from projections.catalogue import PROJECTIONS
from projections.listings import page
from tests.journeys.town import Person, Town

LISTINGS = f"/v1/admin/projections/{page.view.name}"
SLOOP = {"category": "boats", "title": "Sloop"}
POISON = {"category": "boats", "title": "Poison"}


def choking(evolve: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def fold(document: Any, event: Any) -> Any:
        if isinstance(event, ListingDrafted) and event.title == POISON["title"]:
            raise ValueError("nobody could fold that")
        return evolve(document, event)

    return fold


def runner_of(town: Town, view: Any) -> Runner:
    kept = [view if each.name == view.name else each for each in PROJECTIONS if each.engine == "postgres"]
    return Runner(kept, town.container.log, town.container.settings.database_url, {"postgres": PostgresStore})


@pytest.fixture
def poisoned(town: Town) -> Generator[Town]:
    """A release whose listing pages cannot be folded from one event."""
    town.runner.close()
    healthy, town.runner = town.runner, runner_of(town, replace(page.view, evolve=choking(page.view.evolve)))
    yield town
    town.runner.close()
    town.runner = healthy


def mend(town: Town) -> None:
    town.runner.close()
    town.runner = runner_of(town, page.view)


def parked(ada: Person) -> list[tuple[str, str]]:
    return [(each["type"], each["error"]) for each in ada.get(f"{LISTINGS}/parked")["items"]]


def test_a_poison_event_waits_for_an_operator_with_all_that_follows_it_and_holds_up_nothing_else(poisoned: Town, ada: Person):
    ana = poisoned.registered("ana@example.org")
    bad = ana.post("/v1/listings", POISON, 201)["id"]
    ana.patch(f"/v1/listings/{bad}", {"title": "Yawl"})
    good = ana.post("/v1/listings", SLOOP, 201)["id"]
    assert ana.get(f"/v1/listings/{good}")["title"] == "Sloop"
    ana.get(f"/v1/listings/{bad}", 404)
    assert parked(ada) == [("listings.ListingDrafted", "ValueError: nobody could fold that"), ("listings.ListingEdited", "")]
    shown = ada.get(LISTINGS)
    assert (shown["parked"], shown["lagEvents"], shown["oldestParkedSeconds"] > 0) == (2, 0, True)


def test_once_the_fold_is_mended_what_was_parked_is_tried_again_in_order(poisoned: Town, ada: Person):
    ana = poisoned.registered("ana@example.org")
    bad = ana.post("/v1/listings", POISON, 201)["id"]
    ana.patch(f"/v1/listings/{bad}", {"title": "Yawl"})
    first = ada.get(f"{LISTINGS}/parked")["items"][0]["position"]
    ada.post(f"{LISTINGS}/parked/{first}/retry")
    assert [error for _, error in parked(ada)] == ["ValueError: nobody could fold that", ""]  # it is still broken
    mend(poisoned)
    ada.post(f"{LISTINGS}/parked/{first}/retry")
    assert parked(ada) == []
    assert ana.get(f"/v1/listings/{bad}")["title"] == "Yawl"
    assert ada.post(f"{LISTINGS}/parked/{first}/retry", status=409) == ("not_parked", None)


def test_an_event_that_is_skipped_is_skipped_with_a_reason_that_the_auditor_finds(poisoned: Town, ada: Person, auditor: Person):
    ana = poisoned.registered("ana@example.org")
    ana.post("/v1/listings", POISON, 201)
    position = ada.get(f"{LISTINGS}/parked")["items"][0]["position"]
    assert ada.post(f"{LISTINGS}/parked/{position}/skip", {"reason": " "}, 422) == ("text_invalid", "/reason")
    ada.post(f"{LISTINGS}/parked/{position}/skip", {"reason": "It was a test of ours."})
    assert parked(ada) == []
    (found,) = auditor.get("/v1/audit/events?type=operations.ParkedEventSkipped")["items"]
    assert found["actor"] == ada.id
    assert (found["data"]["projection"], found["data"]["position"], found["data"]["reason"]) == (
        page.view.name,
        position,
        "It was a test of ours.",
    )


def test_a_command_given_again_is_answered_as_before_though_nothing_is_parked_any_more(poisoned: Town, ada: Person):
    poisoned.registered("ana@example.org").post("/v1/listings", POISON, 201)
    position = ada.get(f"{LISTINGS}/parked")["items"][0]["position"]
    why = {"reason": "It was a test of ours."}
    first = ada.post(f"{LISTINGS}/parked/{position}/skip", why, Idempotency_Key="once")
    assert ada.post(f"{LISTINGS}/parked/{position}/skip", why, Idempotency_Key="once") == first


def test_an_event_that_nothing_can_be_said_of_is_tried_again_or_let_go(town: Town, ada: Person, auditor: Person):
    def fail(recorded: Recorded[Any]) -> Sequence[Job]:
        raise ValueError(recorded.type)

    container = town.container
    container.reactor.catch_up()
    town.registered("ana@example.org")
    town.registered("ben@example.org")
    assert Reactor(container.pool, container.log, fail, due.EVENTS).catch_up()
    first, second, *_ = ada.get("/v1/admin/reactions/parked")["items"]
    assert first["error"] == f"ValueError: {first['type']}"
    jobs = len(ada.get("/v1/admin/jobs?state=due")["items"])
    ada.post(f"/v1/admin/reactions/parked/{first['position']}/retry")
    container.reactor.catch_up()
    assert len(ada.get("/v1/admin/jobs?state=due")["items"]) > jobs
    ada.post(f"/v1/admin/reactions/parked/{second['position']}/skip", {"reason": "Told by telephone."})
    left = [each["position"] for each in ada.get("/v1/admin/reactions/parked")["items"]]
    assert first["position"] not in left
    assert second["position"] not in left
    assert auditor.get("/v1/audit/events?type=operations.ReactionSkipped")["items"][0]["data"]["reason"] == "Told by telephone."
    assert ada.post(f"/v1/admin/reactions/parked/{second['position']}/retry", status=409) == ("not_parked", None)
