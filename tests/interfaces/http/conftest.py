"""The HTTP interface without engines: the real layers and routes over a log, read models and callers held in memory."""

from asyncio import sleep
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from litestar import Litestar, Request
from litestar.di import Provide
from litestar.testing import TestClient
from msgspec import Raw

from application.commands.tiers import PutFirst, PutOnOffer, ShowImages, TakeFromOffer
from application.handler import Handler
from domain.listings.listing import listings
from domain.subscriptions.tiers.membership import memberships
from domain.subscriptions.tiers.places import places
from domain.users.identity import Identity
from domain.values import Role
from interfaces.http import dispatch
from interfaces.http.app import Edge, Side, create_app
from interfaces.http.commands.listings.listings import ListingCommands
from interfaces.http.dispatch import Dispatch
from interfaces.http.middleware.correlate import Correlate
from interfaces.http.middleware.head import Head
from interfaces.http.openapi import asyncapi, front, openapi, page
from interfaces.http.queries.feeds import FeedQueries
from interfaces.http.queries.health import HealthQueries
from interfaces.http.queries.metrics import MetricsQueries
from interfaces.http.queries.tails import Tails
from interfaces.http.streams import Streams
from projections.feeds.consumers import ConsumerShown
from projections.health import Component, Lag, Owed
from projections.operations import Maintenance, ReadModel
from projections.ports import Reading, Told, Unavailable
from projections.view import Feed
from projections.webhooks.endpoints import Figures
from tests.fakes.history import FakeHistory

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ANA, BEN, ADMIN, SERVICE = (UUID(int=number) for number in range(1, 5))
LIMIT = 20_000
LOG_HEAD = 1_000
OFFERING = {"put_on_offer": PutOnOffer, "put_first": PutFirst, "show_images": ShowImages, "take_from_offer": TakeFromOffer}


class FakeAuthentication:
    def __init__(self) -> None:
        self.known = {
            "ana": Identity(ANA, frozenset({Role.SELLER})),
            "ben": Identity(BEN, frozenset({Role.CUSTOMER})),
            "admin": Identity(ADMIN, frozenset({Role.ADMIN})),
            "reader": Identity(SERVICE, frozenset({Role.CONSUMER}), None, frozenset({"feeds:read"})),
            "writer": Identity(SERVICE, frozenset({Role.CONSUMER}), None, frozenset({"orders:write"})),
        }

    def remembered(self, bearer: str) -> Identity | None:
        return self.known.get(bearer)

    def check(self, bearer: str) -> Identity | None:
        return self.known.get(bearer)


class FakePositions:
    def __init__(self) -> None:
        self.reached = 0

    async def wait_for(self, projection: str, position: int, seconds: float) -> bool:
        assert projection.startswith("feed_")
        assert seconds > 0
        await sleep(0)  # as whoever follows a feed in a loop must let others have their turn
        return position <= self.reached


class FakeFeeds:
    def __init__(self) -> None:
        self.events: list[Told] = []
        self.away = False

    def tell(self, type_: str, data: bytes = b"{}") -> None:
        position = 2 * len(self.events) + 2
        self.events.append(Told(position, type_, 1, UUID(int=position), str(ANA), NOON, Raw(data)))

    def read(self, feed: Feed[Any], after: int, limit: int, types: Sequence[str] = ()) -> Reading:
        if self.away:
            raise Unavailable("postgres")
        head = self.events[-1].position if self.events else 0
        mine = [each for each in self.events if each.position > after and each.type.startswith(f"{feed.feed}.")]
        found = [each for each in mine if not types or each.type in types][:limit]
        return Reading(found, found[-1].position if len(found) == limit else max(after, head), head)


class FakeHealth:
    def __init__(self) -> None:
        self.found = [Component("postgres", "ok", "answers", 0.1), Component("redis", "ok", "answers", 0.1)]
        self.behind: list[Lag] | None = [Lag("listing_page", 1, 102, 100, 90, 10, 2.5, 1, 60.5, 88)]

    def components(self) -> Sequence[Component]:
        return self.found

    def owed(self) -> Owed:
        if self.behind is None:
            raise Unavailable("postgres")
        return Owed(position=90, seconds=2.5, parked=1, waiting=7, overdue=40.5, dead=3)

    def lags(self) -> Sequence[Lag]:
        if self.behind is None:
            raise Unavailable("postgres")
        return self.behind


class FakeOperations:
    """Nothing has been told to stand still, and nothing is being built."""

    def read_models(self) -> Sequence[ReadModel]:
        return []

    def maintenance(self) -> Maintenance:
        return Maintenance(read_only=False, reason="", since=datetime(2026, 6, 1, tzinfo=UTC))


class FakeEndpoints:
    """Nothing is to be sent to anybody."""

    def figures(self) -> Figures:
        return Figures(0, 0, 0.0)


class FakeGroups:
    """Nobody follows together with others."""

    def all(self, *_: object) -> Sequence[ConsumerShown]:
        return []


@pytest.fixture
def history() -> FakeHistory:
    return FakeHistory()


@pytest.fixture
def feeds() -> FakeFeeds:
    return FakeFeeds()


@pytest.fixture
def health() -> FakeHealth:
    return FakeHealth()


@pytest.fixture
def positions() -> FakePositions:
    return FakePositions()


@pytest.fixture
def streams() -> Streams:
    return Streams()


@pytest.fixture
def app(history: FakeHistory, feeds: FakeFeeds, health: FakeHealth, positions: FakePositions, streams: Streams) -> Litestar:
    handler = Handler(history, [listings, memberships, places])

    def provide_dispatch(request: Request[Any, Any, Any]) -> Dispatch:
        return Dispatch(request, handler, lambda: NOON, uuid4)

    commands = Side(
        [ListingCommands],
        {each: of(handler) for each, of in OFFERING.items()},
        providers={"run": Provide(provide_dispatch, sync_to_thread=False)},
        error_handlers=dispatch.HANDLERS,
        before=[dispatch.fingerprint],
    )
    tails = Tails(feeds, positions, streams)
    queries = Side(
        [FeedQueries], {"feeds": feeds, "positions": positions, "streams": streams, "tails": tails, "log_head": lambda: LOG_HEAD}
    )
    given = {
        "health": health,
        "operations": FakeOperations(),
        "webhook_endpoints": FakeEndpoints(),
        "consumer_groups": FakeGroups(),
        "metrics_token": "let-me-see",
    }
    common = Side([HealthQueries, MetricsQueries, front, openapi, asyncapi, page], given)
    return create_app(Edge(FakeAuthentication(), uuid4, positions, LIMIT), [commands, queries, common])


@pytest.fixture
def client(app: Litestar) -> Generator[TestClient[Any]]:
    with TestClient(Correlate(Head(app), uuid4), raise_server_exceptions=False) as opened:
        yield opened


def by(name: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}", **{key.replace("_", "-"): value for key, value in headers.items()}}
