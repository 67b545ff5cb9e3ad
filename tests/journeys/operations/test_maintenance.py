"""While the service is kept for maintenance it only reads, but for its operators."""

import pytest

from interfaces.http import maintenance
from tests.journeys.town import Person, Town

READ_ONLY = ("read_only", None)
SLOOP = {"category": "boats", "title": "Sloop"}


@pytest.fixture(autouse=True)
def known_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server looks at the switch once a second, which a test need not wait for."""
    monkeypatch.setattr(maintenance, "FRESH", 0.0)


def test_only_reading_is_possible_until_an_operator_ends_it(town: Town, ada: Person):
    ana = town.registered("ana@example.org")
    boat = ana.post("/v1/listings", SLOOP, 201)["id"]
    ada.post("/v1/admin/maintenance/begin", {"reason": "We move to a larger house."})
    refused = ana.ask("POST", "/v1/listings", SLOOP)
    assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (503, "read_only", "60")
    assert "We move to a larger house." in refused.json()["detail"]
    assert ana.patch(f"/v1/listings/{boat}", {"title": "Yawl"}, 503) == READ_ONLY
    assert ana.get(f"/v1/listings/{boat}")["title"] == "Sloop"
    assert ada.get("/v1/admin/maintenance")["readOnly"]
    assert ada.post("/v1/admin/maintenance/begin", {"reason": "Twice."}, 409) == ("already_read_only", None)
    ada.post("/v1/admin/maintenance/end")
    ana.patch(f"/v1/listings/{boat}", {"title": "Yawl"})
    assert ada.post("/v1/admin/maintenance/end", status=409) == ("not_read_only", None)


def test_operators_sign_in_and_work_meanwhile(town: Town, ada: Person):
    ada.post("/v1/admin/maintenance/begin", {"reason": "A move."})
    town.runner.catch_up()
    again = town.admin()
    again.post("/v1/admin/projections/listing_page/pause", {"reason": "Likewise."})
    again.post("/v1/admin/maintenance/end")


def test_no_job_is_done_meanwhile_and_all_of_them_afterwards(town: Town, ada: Person):
    town.settle()
    town.registered("ana@example.org")
    ada.post("/v1/admin/maintenance/begin", {"reason": "A move."})
    town.settle()
    assert town.container.mailbox.newest(1, to="ana@example.org") == []
    ada.post("/v1/admin/maintenance/end")
    town.settle()
    assert len(town.container.mailbox.newest(1, to="ana@example.org")) == 1
