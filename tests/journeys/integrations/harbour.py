"""A service that works off a feed by a consumer group."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from tests.journeys.town import PASSWORD, Person, Town

BOOKING = "/v1/feeds/users/consumers/booking"
TYPES = [f"users.{each}" for each in ("UserRegistered", "UserSuspended", "UserReinstated")]


class Service(Person):
    @classmethod
    def made(cls, town: Town, name: str) -> "Service":
        ada = town.admin()
        account = ada.post("/v1/service-accounts", {"name": name}, 201)["id"]
        made = ada.post("/v1/api-keys", {"userId": account, "name": "one", "scopes": ["feeds:read"]}, 201)
        return cls(town, {"accessToken": made["key"], "userId": account})

    def follow(self, name: str = "booking", **settings: Any) -> None:
        self.town.runner.catch_up()
        self.post("/v1/feeds/users/consumers", {"name": name, "types": TYPES, **settings}, 201)

    def pull(self, limit: int = 100) -> list[dict[str, Any]]:
        return self.post(f"{BOOKING}/pull", {"limit": limit})["items"]

    def acknowledge(self, given: Sequence[dict[str, Any]], status: int = 200) -> Any:
        return self.post(f"{BOOKING}/acknowledge", {"leases": [each["lease"] for each in given]}, status)

    def reject(self, given: Sequence[dict[str, Any]], **more: Any) -> Any:
        return self.post(f"{BOOKING}/reject", {"leases": [each["lease"] for each in given], **more})

    def shown(self) -> dict[str, Any]:
        return self.get(BOOKING)


class People:
    """Whoever registers, one after the other; some are suspended, and come back."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.numbers = count(1)

    def come(self, many: int) -> list[str]:
        body = {"name": "Ana", "password": PASSWORD}
        made = [self.town.guest().post("/v1/users", {**body, "email": f"p{next(self.numbers)}@example.org"}, 201) for _ in range(many)]
        self.town.runner.catch_up()
        return [each["id"] for each in made]

    def go(self, person: str) -> None:
        self.town.admin().post(f"/v1/users/{person}/suspend", {"reason": "Sold a boat that was not hers."})
        self.town.runner.catch_up()

    def come_back(self, person: str) -> None:
        self.town.admin().post(f"/v1/users/{person}/reinstate")
        self.town.runner.catch_up()


def told(given: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Of each event its subject and its type."""
    return [(each["event"]["subject"], each["event"]["type"].partition(".")[2]) for each in given]
