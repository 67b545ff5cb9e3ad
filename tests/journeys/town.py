"""A whole installation in one process: the routes as served, its read models and its mail; on Postgres alone, or with a search."""

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from httpx import Response
from litestar.testing import TestClient

from application.bootstrap import Bootstrap, admin
from infrastructure import settings
from infrastructure.container import Container
from infrastructure.projector.runner import Runner
from infrastructure.readstores.bookkeeping import Connection
from infrastructure.readstores.opensearch import OpenSearchStore
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.readstores.redis import RedisStore
from infrastructure.readstores.store import Store
from interfaces.http.streams import Streams
from projections.catalogue import PROJECTIONS
from tests.fakes.clock import Moving
from tests.fakes.passwords import QUICK
from tests.journeys.stage import staged

ADMIN = ("admin@tradewind.example", "Tradewind-Admin-1")
PASSWORD = "Vento-norte-7-nos"


NOWHERE = "http://127.0.0.1:1"
NO_REDIS = "redis://127.0.0.1:1"


class Town:
    def __init__(
        self,
        database: str,
        opensearch_url: str = NOWHERE,
        index_prefix: str = "",
        site: str = "https://tradewind.example",
        redis_url: str = NO_REDIS,
        **more: str,
    ) -> None:
        """`more` are further settings, by their variables."""
        self.clock = Moving()
        self.container = Container(
            settings.load(
                {
                    "DATABASE_URL": database,
                    "REDIS_URL": redis_url,
                    "OPENSEARCH_URL": opensearch_url,
                    "TRADEWIND_RATE_LIMITS": "0",
                    "TRADEWIND_SECRET_KEY": "a secret that is long enough for tests",
                    "TRADEWIND_KEY_ENCRYPTION_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
                    "TRADEWIND_PUBLIC_URL": site,
                    **more,
                }
            ),
            clock=self.clock,
            index_prefix=index_prefix,
        )
        self.container.passwords = QUICK
        with ExitStack() as opening:
            app = opening.enter_context(staged(self.container, Streams()))
            self.http = opening.enter_context(TestClient[Any](app))  # one event loop for all requests, as servers have
            self._opened = opening.pop_all()
        self.deaf = False
        self.container.paying.post = self.hear
        stores: dict[str, Callable[[Connection], Store]] = {"postgres": PostgresStore}
        if opensearch_url != NOWHERE:
            stores["opensearch"] = lambda connection: OpenSearchStore(connection, self.container.opensearch, index_prefix)
        if redis_url != NO_REDIS:
            stores["redis"] = lambda connection: RedisStore(connection, self.container.redis)
        self.container.forgetting.patience = 0.0  # here the projector waits for the worker
        kept = [each for each in PROJECTIONS if each.engine in stores]
        self.runner = Runner(kept, self.container.log, database, stores)
        commands = self.container.signing_in.commands
        bootstrap = Bootstrap(
            self.container.handle, commands["register"], commands["change_standing"], self.container.clock, self.container.ids
        )
        bootstrap([admin(*ADMIN)])

    def close(self) -> None:
        self._opened.close()
        self.runner.close()
        self.container.close()

    def hear(self, body: bytes, headers: Mapping[str, str]) -> int:
        """What the sandbox provider tells us; nobody hears it while the town is deaf."""
        return 503 if self.deaf else self.http.post("/v1/webhooks/sandbox", content=body, headers=dict(headers)).status_code

    def settle(self) -> None:
        """Do what is owed by now, and what is owed for that, until nothing is."""
        owed = True
        while owed:
            read = self.container.reactor.catch_up()
            self.runner.catch_up()
            owed = bool(read + self.container.worker.empty())

    def later(self, passed: timedelta) -> None:
        """Let time pass for commands and for what falls due; sessions do not age."""
        self.settle()
        self.clock.ahead += passed
        self.settle()

    def mail(self, to: str, page: str) -> str:
        """The token of the newest mailed link that leads to the page, once everything that is owed has been sent."""
        self.settle()
        links = [link for mail in self.container.mailbox.newest(10, to=to) for link in mail.links]
        return next(parse_qs(urlsplit(link).query)["token"][0] for link in links if f"/{page}?" in link)

    def texted(self, to: str) -> str:
        """The newest text message to the number, once everything that is owed has been sent."""
        self.settle()
        return self.container.messaging.textbox.newest(1, to=to)[0].text

    def guest(self) -> "Person":
        return Person(self, {})

    def sign_in(self, email: str, password: str = PASSWORD) -> "Person":
        tokens = self.guest().post("/v1/sessions", {"email": email, "password": password}, 201)
        return Person(self, tokens)

    def by_phone(self, number: str, name: str | None = None) -> "Person":
        """Signed in, and registered where that is new, with the code texted to the number."""
        self.guest().post("/v1/phone-codes", {"phone": number}, 204)
        code = re.findall(r"\b[0-9]{6}\b", self.texted(number))[0]
        return Person(self, self.guest().post("/v1/sessions/phone", {"phone": number, "code": code, "name": name}, 201))

    def admin(self) -> "Person":
        return self.sign_in(*ADMIN)

    def registered(self, email: str, name: str = "Ana Sousa") -> "Person":
        self.guest().post("/v1/users", {"email": email, "name": name, "password": PASSWORD}, 201)
        return self.sign_in(email)


class Person:
    """Someone with a browser; `get` sees what was done before it."""

    def __init__(self, town: Town, tokens: Mapping[str, Any]) -> None:
        self.town = town
        self.tokens = tokens

    @property
    def id(self) -> str:
        return self.tokens["userId"]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.tokens:
            given["Authorization"] = f"Bearer {self.tokens['accessToken']}"
        if method == "GET":
            self.town.runner.catch_up()
        return self.town.http.request(method, path, json=body, headers=given)

    def get(self, path: str, status: int = 200) -> Any:
        return answered(self.ask("GET", path), status)

    def post(self, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        return answered(self.ask("POST", path, body, **headers), status)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        return answered(self.ask("PUT", path, body), status)

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        return answered(self.ask("PATCH", path, body), status)

    def delete(self, path: str, status: int = 200) -> Any:
        return answered(self.ask("DELETE", path), status)


def answered(response: Response, status: int) -> Any:
    """The body; what is refused is told by its code and pointer."""
    assert response.status_code == status, response.text
    if not response.content:
        return None
    body = response.json()
    return (body["code"], body.get("pointer")) if status >= 400 else body
