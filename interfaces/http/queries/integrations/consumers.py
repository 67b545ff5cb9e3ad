"""How consumer groups stand: how far behind, what is out, and what was given up."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller
from litestar.params import FromPath
from msgspec import Struct

from domain.values import Role
from interfaces.http.caller import Caller
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.feeds import READERS, named
from interfaces.http.queries.operations.projections import After, Limit
from interfaces.http.queries.users.users import Cursor
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections import cursors
from projections.feeds.consumers import ConsumerGroups, ConsumerShown
from projections.feeds.envelope import CloudEvent, cloud_event
from projections.view import Feed


class ConsumerList(Struct, frozen=True):
    items: list[ConsumerShown]
    next: str | None


class Parked(Struct, frozen=True, rename="camel"):
    """`reason` is what its last worker said, or that the lease ended."""

    event: CloudEvent
    attempts: int
    reason: str
    parked_at: datetime


class ParkedList(Struct, frozen=True):
    """`next` is what to ask for as `after`, or null where nothing followed."""

    items: list[Parked]
    next: int | None


class ConsumerQueries(Controller):
    path = "/v1/feeds/{name:str}/consumers"
    tags = ("consumers",)

    @get("/", guards=[READERS], sync_to_thread=True, responses=problems("feed_not_found", "bad_cursor"))
    def consumers(
        self, name: FromPath[str], caller: Given[Caller], consumer_groups: Given[ConsumerGroups], limit: Limit = 100, cursor: Cursor = None
    ) -> ConsumerList:
        """The feed's groups by name: a service sees its own, auditors and admins see all."""
        feed, asked = named(name), ("consumers", name)
        after = "" if cursor is None else cursors.read(cursor, asked, str)
        found = consumer_groups.all(feed, owner(caller), after, limit + 1)
        return ConsumerList(list(found[:limit]), cursors.written(found[limit - 1].name, asked) if len(found) > limit else None)

    @get("/{consumer:str}", guards=[READERS], sync_to_thread=True, responses=problems("feed_not_found", "consumer_not_found"))
    def consumer(
        self, name: FromPath[str], consumer: FromPath[str], caller: Given[Caller], consumer_groups: Given[ConsumerGroups]
    ) -> ConsumerShown:
        """One group."""
        return visible(consumer_groups, named(name), consumer, caller)

    @get("/{consumer:str}/parked", guards=[READERS], sync_to_thread=True, responses=problems("feed_not_found", "consumer_not_found"))
    def parked_deliveries(
        self,
        name: FromPath[str],
        consumer: FromPath[str],
        caller: Given[Caller],
        consumer_groups: Given[ConsumerGroups],
        after: After = 0,
        limit: Limit = 100,
    ) -> ParkedList:
        """The events that were given up, in order. Later ones of their subjects wait until each is retried or skipped."""
        feed = named(name)
        visible(consumer_groups, feed, consumer, caller)
        found = consumer_groups.parked(feed, consumer, after, limit + 1)
        items = [Parked(cloud_event(feed, each.told), each.attempts, each.reason, each.parked_at) for each in found[:limit]]
        return ParkedList(items, found[limit - 1].told.position if len(found) > limit else None)


def owner(caller: Caller) -> UUID | None:
    """Whose groups the caller sees; None: everybody's."""
    return None if caller.actor.is_any(Role.ADMIN, Role.AUDITOR) else caller.id


def visible(consumer_groups: ConsumerGroups, feed: Feed[Any], name: str, caller: Caller) -> ConsumerShown:
    found = consumer_groups.one(feed, name, owner(caller))
    if found is None:
        raise Problem(404, "consumer_not_found")
    return found
