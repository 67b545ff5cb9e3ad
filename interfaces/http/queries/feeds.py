"""Feeds of public events for consumers: as pages, or as a stream that stays open."""

from functools import partial
from typing import Annotated, Any

import msgspec
from anyio import to_thread
from litestar import Controller, Request
from litestar.params import FromPath, QueryParameter
from msgspec import Meta, Struct

from domain.values import Role
from interfaces.http.caller import identify, scoped
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.tails import Tails
from interfaces.http.requests import Given, header
from interfaces.http.routes import get
from interfaces.http.streams import EVENT_STREAM, EventStream, Streams, follow
from interfaces.http.waiting import caught_up
from projections.feeds.catalogue import FEEDS
from projections.feeds.consumers import LogHead
from projections.feeds.envelope import CloudEvent, cloud_event
from projections.ports import Feeds, Unavailable
from projections.view import Feed, schema_of

TYPES = {feed.type_of(payload) for feed in FEEDS.values() for payload in feed.payloads}
ONE_OF = "|".join(sorted(each.replace(".", r"\.") for each in TYPES))
Types = Annotated[
    str | None,
    QueryParameter(
        description="Only these types, separated by commas.",
        schema_extra={"pattern": f"^({ONE_OF})(,({ONE_OF}))*$", "examples": ["listings.ListingPublished,listings.ListingSold"]},
    ),
]
READERS = scoped("feeds:read", Role.ADMIN, Role.AUDITOR)


class PublicType(Struct, frozen=True, rename="camel"):
    """A type of event: the version of its schema, and the JSON Schema of its `data`."""

    type: str
    schema_version: int
    schema: dict[str, Any]


ERASED = (
    "Events hold ids and no personal data, so that none changes when a person is erased: his id stays, and leads to nobody. "
    "`users.UserErased` tells that it happened."
)


class FeedSummary(Struct, frozen=True, rename="camel"):
    """`erased` says what somebody looks like in the feed's old events once he is erased."""

    name: Annotated[str, Meta(examples=["listings"])]
    about: str
    erased: str
    types: list[PublicType]


class FeedList(Struct, frozen=True):
    items: list[FeedSummary]


class Head(Struct, frozen=True):
    head: Annotated[int, Meta(ge=0, examples=[4711], description="How far the feed has come: nothing new appears at or below it.")]


class FeedPage(Struct, frozen=True):
    """`next` is what to ask for as `after`; when it equals `head`, there is nothing more for now."""

    items: list[CloudEvent]
    next: Annotated[int, Meta(examples=[4711])]
    head: Annotated[int, Meta(examples=[4800])]


class FeedQueries(Controller):
    path = "/v1/feeds"
    tags = ("feeds",)

    @get("/", guards=[READERS], sync_to_thread=False)
    def all(self) -> FeedList:
        """The feeds there are, with the types of their events and the JSON Schemas of these."""
        return FeedList([summary(feed) for feed in FEEDS.values()])

    @get("/{name:str}/head", guards=[READERS], sync_to_thread=True, responses=problems("feed_not_found"))
    def head(self, name: FromPath[str], feeds: Given[Feeds]) -> Head:
        """How far a feed has come."""
        return Head(feeds.read(named(name), 0, 1).head)

    @get("/{name:str}", guards=[READERS], opt={"feed": True}, responses=problems("feed_not_found", "unknown_type", "position_unknown"))
    async def read(
        self,
        name: FromPath[str],
        request: Request[Any, Any, Any],
        feeds: Given[Feeds],
        streams: Given[Streams],
        log_head: Given[LogHead],
        tails: Given[Tails],
        after: Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="Only events behind this position.")] = 0,
        types: Types = None,
        limit: Annotated[int, QueryParameter(ge=1, le=1000, description="How many events at most; a stream has no end.")] = 100,
    ) -> FeedPage:
        """Public events in order, from any position on: a page, or with `Accept: text/event-stream` a stream.

        A stream sends each event with its position as id, goes on after `Last-Event-ID` where a client comes back, and stays open.
        Nothing new ever appears at or below `head`, and events are kept for ever. A position that the log has not come to is refused.
        """
        feed, wanted = named(name), known_types(types)
        last = header(request, "last-event-id", int)
        await caught_up(request, feed.name)

        if EVENT_STREAM not in request.headers.get("accept", ""):
            read = await to_thread.run_sync(feeds.read, feed, after, limit, wanted, limiter=streams.limiter)
            if after > read.head:
                await known_position(log_head, after, "after", streams)
            return FeedPage([cloud_event(feed, each) for each in read.items], read.next, read.head)

        tail = tails.of(feed)
        messages = partial(tail.read, types=wanted)
        start = after if last is None else max(0, last)
        await known_position(log_head, start, "after" if last is None else "Last-Event-ID", streams)
        first = await messages(start)
        content = follow(streams, first, messages, tail.grown, partial(still_allowed, request))
        answer: Any = EventStream(content)
        return answer


async def still_allowed(request: Request[Any, Any, Any]) -> bool:
    """Whether the token or key that opened a stream is still good."""
    try:
        await identify(request)
    except (Problem, Unavailable):
        return False
    return True


def named(name: str) -> Feed[Any]:
    found = FEEDS.get(name)
    if found is None:
        raise Problem(404, "feed_not_found", f"The feeds are {', '.join(FEEDS)}.")
    return found


async def known_position(log_head: LogHead, position: int, parameter: str, streams: Streams) -> None:
    if position and position > await to_thread.run_sync(log_head, limiter=streams.limiter):
        raise Problem(404, "position_unknown", "The log has not come that far.", parameter=parameter)


def known_types(types: str | None) -> tuple[str, ...]:
    wanted = () if types is None else tuple(types.split(","))
    for each in wanted:
        if each not in TYPES:
            raise Problem(400, "unknown_type", "See /v1/feeds for the types there are.", parameter="types")
    return wanted


def summary(feed: Feed[Any]) -> FeedSummary:
    types = [PublicType(feed.type_of(each), schema_of(each), msgspec.json.schema(each)) for each in feed.payloads]
    return FeedSummary(feed.feed, feed.about, ERASED, types)
