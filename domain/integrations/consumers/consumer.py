"""A consumer group: whose it is, what of a feed it is given, and from where on; its owner and admins tend it."""

from uuid import UUID, uuid5

from domain.decider import Decider, Rejected
from domain.integrations.consumers.commands import (
    ConsumerCommand,
    CreateConsumer,
    DeleteConsumer,
    ReplayConsumer,
    RetryParkedDelivery,
    SkipParkedDelivery,
)
from domain.integrations.consumers.events import (
    ConsumerCreated,
    ConsumerDeleted,
    ConsumerEvent,
    ConsumerReplayed,
    ParkedDeliveryRetried,
    ParkedDeliverySkipped,
)
from domain.text import said
from domain.values import Actor, Role, Value

CONSUMERS = UUID("9d1f6a0e-3c52-5f7b-8a44-0b6d2e7c9a35")
"""The namespace of the streams of consumer groups, one by the names of its feed and its own."""

REASON_LIMIT = 500


class Uncreated(Value, frozen=True, tag=True):
    """There is none, or none any longer: the name is free."""


class Following(Value, frozen=True, tag=True):
    id: UUID
    owner: UUID


Consumer = Uncreated | Following


def consumer_stream(feed: str, name: str) -> UUID:
    return uuid5(CONSUMERS, f"{feed}/{name}")


def decide(command: ConsumerCommand, consumer: Consumer) -> list[ConsumerEvent]:
    match command, consumer:
        case CreateConsumer(), Uncreated():
            return create(command)
        case CreateConsumer(), Following():
            raise Rejected("consumer_exists", "Take another name; it may be somebody else's.")
        case _, Uncreated():
            raise Rejected("consumer_not_found")
        case _, Following() if not tends(command.by, consumer):
            raise Rejected("not_yours")
        case ReplayConsumer(), Following():
            return [ConsumerReplayed(consumer.id, command.position, command.by.id, command.now)]
        case RetryParkedDelivery(), Following():
            return [ParkedDeliveryRetried(consumer.id, command.position, command.by.id, command.now)]
        case SkipParkedDelivery(), Following():
            reason = said(command.reason, REASON_LIMIT, "/reason")
            return [ParkedDeliverySkipped(consumer.id, command.position, reason, command.by.id, command.now)]
        case DeleteConsumer(), Following():
            return [ConsumerDeleted(consumer.id, command.by.id, command.now)]


def create(command: CreateConsumer) -> list[ConsumerEvent]:
    if not command.by.is_any(Role.CONSUMER, Role.ADMIN):
        raise Rejected("not_yours")
    settings = command.position, command.types, command.max_attempts, command.lease_seconds
    return [ConsumerCreated(command.consumer_id, command.feed, command.name, *settings, command.by.id, command.now)]


def tends(by: Actor, consumer: Following) -> bool:
    return by.id == consumer.owner or by.is_any(Role.ADMIN)


def evolve(consumer: Consumer, event: ConsumerEvent) -> Consumer:
    match event:
        case ConsumerCreated(consumer_id=id, by=owner):
            return Following(id, owner)
        case ConsumerDeleted():
            return Uncreated()
        case ConsumerReplayed() | ParkedDeliveryRetried() | ParkedDeliverySkipped():
            return consumer


def actions(consumer: Consumer, by: Actor) -> list[str]:
    if isinstance(consumer, Uncreated) or not tends(by, consumer):
        return []
    return ["pull", "replay", "delete"]


consumers = Decider("consumer", Uncreated(), decide, evolve, actions=actions)
