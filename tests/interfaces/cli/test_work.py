"""The role `work` as operators start it: beside jobs it sends webhooks, as soon as they are told."""

from threading import Event
from time import monotonic

from tests.interfaces.cli.shell import Shell
from tests.journeys.integrations.harbour import Service
from tests.journeys.integrations.receiver import Receiver, verified
from tests.journeys.town import PASSWORD, Town

SOON = 60.0


def test_work_sends_what_project_tells(database: str):
    shell = Shell(database)
    shell.settings["TRADEWIND_WEBHOOKS_ANYWHERE"] = "1"
    town = Town(database, TRADEWIND_WEBHOOKS_ANYWHERE="1")
    with Receiver() as receiver, shell.started("project"), shell.started("work") as work:
        try:
            books = Service.made(town, "Books")
            asked = {"url": receiver.url, "types": ["users.UserRegistered"]}
            endpoint = books.post("/v1/webhook-endpoints", asked, 201)
            ana = town.guest().post("/v1/users", {"name": "Ana", "password": PASSWORD, "email": "ana@example.org"}, 201)
            until = monotonic() + SOON
            while not receiver.requests and monotonic() < until:
                Event().wait(0.02)
            assert [verified(each, endpoint["secret"])["subject"] for each in receiver.requests] == [ana["id"]]
        finally:
            town.close()
    assert work.returncode == 0
