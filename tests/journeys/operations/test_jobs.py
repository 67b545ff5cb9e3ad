"""Jobs that were given up are seen by operators, who have them done again or let them go."""

from uuid import uuid4

from infrastructure.jobs.worker import Worker
from tests.journeys.town import Person, Town


def give_up(town: Town) -> None:
    def fail(_: object) -> None:
        raise ValueError("never")

    town.settle()
    town.registered("ana@example.org")
    town.registered("ben@example.org")
    town.container.reactor.catch_up()
    Worker(town.container.jobs, fail, attempts=1).empty()


def test_a_job_that_was_given_up_is_done_again(town: Town, ada: Person):
    give_up(town)
    (dead, *_) = ada.get("/v1/admin/jobs?kind=send_letter")["items"]
    assert (dead["state"], dead["note"], dead["attempts"]) == ("dead", "ValueError: never", 1)
    ada.post(f"/v1/admin/jobs/{dead['id']}/retry")
    town.container.worker.empty()
    assert ada.get(f"/v1/admin/jobs/{dead['id']}")["state"] == "done"
    assert ada.post(f"/v1/admin/jobs/{dead['id']}/retry", status=409) == ("job_not_dead", None)


def test_a_job_is_let_go_for_a_reason(town: Town, ada: Person, auditor: Person):
    give_up(town)
    (dead, *_) = ada.get("/v1/admin/jobs")["items"]
    ada.post(f"/v1/admin/jobs/{dead['id']}/discard", {"reason": "The address is dead."})
    assert ada.get(f"/v1/admin/jobs/{dead['id']}")["state"] == "discarded"
    (found,) = auditor.get("/v1/audit/events?type=operations.JobDiscarded")["items"]
    assert (found["data"]["jobId"], found["data"]["reason"]) == (dead["id"], "The address is dead.")


def test_jobs_are_listed_by_state_and_kind_in_pages(town: Town, ada: Person):
    give_up(town)
    whole = [each["id"] for each in ada.get("/v1/admin/jobs?state=dead")["items"]]
    walked: list[str] = []
    cursor = ""
    while True:
        found = ada.get(f"/v1/admin/jobs?state=dead&limit=1{cursor}")
        walked += [each["id"] for each in found["items"]]
        if found["next"] is None:
            break
        cursor = f"&cursor={found['next']}"
    assert walked == whole
    assert len(whole) > 1
    assert ada.get("/v1/admin/jobs?kind=no_such")["items"] == []
    assert ada.get("/v1/admin/jobs?cursor=abc", 400)[0] == "bad_cursor"


def test_what_is_no_job_is_not_found(ada: Person):
    assert ada.get(f"/v1/admin/jobs/{uuid4()}", 404) == ("job_not_found", None)
    assert ada.post(f"/v1/admin/jobs/{uuid4()}/retry", status=404) == ("job_not_found", None)
