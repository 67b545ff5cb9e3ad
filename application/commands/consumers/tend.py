"""What a consumer group's owner asks for happens to its books in the append that records who asked for it."""

from datetime import datetime
from uuid import UUID

from application.commands.consumers.books import (
    CloseConsumer,
    ConsumerBooks,
    DropDelivery,
    HoldConsumer,
    OpenConsumer,
    Place,
    ReviveDelivery,
    RewindConsumer,
)
from application.handler import Appended, Handler
from application.ports import Meta, Row
from domain.decider import Rejected
from domain.integrations.consumers.commands import (
    ConsumerCommand,
    CreateConsumer,
    DeleteConsumer,
    ReplayConsumer,
    RetryParkedDelivery,
    SkipParkedDelivery,
)
from domain.integrations.consumers.consumer import consumer_stream, consumers
from domain.values import Actor, Value


class Following(Value, frozen=True):
    """What a new group is to be given, and how: a lease that is not acknowledged in time ends, and so often an event is given."""

    feed: str
    name: str
    place: Place
    types: tuple[str, ...]
    max_attempts: int
    lease_seconds: int


class TendConsumer:
    """A command given again is answered as before, whatever the books say by now."""

    def __init__(self, handle: Handler, books: ConsumerBooks) -> None:
        self._handle = handle
        self._books = books

    def create(self, asked: Following, by: Actor, now: datetime, meta: Meta, expected: int | None = None) -> Appended:
        """`position_unknown` and `consumer_exists`."""
        stream = consumer_stream(asked.feed, asked.name)
        if before := self._handle.before(meta, consumers):
            return before[0]
        position = self._books.position_of(asked.feed, asked.place)
        settings = asked.types, asked.max_attempts, asked.lease_seconds
        command = CreateConsumer(stream, asked.feed, asked.name, position, *settings, by, now)
        return self._handle(stream, command, meta, expected, self._rows(command))

    def replay(self, feed: str, name: str, place: Place, by: Actor, now: datetime, meta: Meta, expected: int | None = None) -> Appended:
        """`position_unknown`, `consumer_not_found` and `not_yours`."""
        if before := self._handle.before(meta, consumers):
            return before[0]
        command = ReplayConsumer(consumer_stream(feed, name), self._books.position_of(feed, place), by, now)
        return self._handle(command.consumer_id, command, meta, expected, self._rows(command))

    def parked(self, command: RetryParkedDelivery | SkipParkedDelivery, meta: Meta, expected: int | None = None) -> Appended:
        """`not_parked`, `consumer_not_found` and `not_yours`."""
        if before := self._handle.before(meta, consumers):
            return before[0]
        consumers.decide(command, self._handle.state(command.consumer_id, consumers))  # whose it is not learns nothing of what is parked
        if not self._books.parked(command.consumer_id, command.position):
            raise Rejected("not_parked")
        return self._handle(command.consumer_id, command, meta, expected, self._rows(command))

    def delete(self, command: DeleteConsumer, meta: Meta, expected: int | None = None) -> Appended:
        """`consumer_not_found` and `not_yours`."""
        return self._handle(command.consumer_id, command, meta, expected, self._rows(command))

    def _rows(self, command: ConsumerCommand) -> list[Row]:
        id: UUID = command.consumer_id
        match command:
            case CreateConsumer():
                given = command.position, list(command.types), command.max_attempts, command.lease_seconds
                return [OpenConsumer(id, command.feed, command.name, command.by.id, *given, command.now)]
            case ReplayConsumer():
                return [HoldConsumer(id), RewindConsumer(id, command.position)]
            case RetryParkedDelivery():
                return [HoldConsumer(id), ReviveDelivery(id, command.position, command.now)]
            case SkipParkedDelivery():
                return [HoldConsumer(id), DropDelivery(id, command.position, command.now)]
            case DeleteConsumer():
                return [CloseConsumer(id)]
