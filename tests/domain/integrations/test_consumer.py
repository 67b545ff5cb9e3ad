"""Whose a consumer group is, and what its owner and the operators may have done to it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.integrations.consumers import commands as c
from domain.integrations.consumers import events as e
from domain.integrations.consumers.consumer import consumer_stream, consumers
from domain.values import Actor, Role
from tests.bdd import Given

BOOKS = Actor(UUID(int=1), frozenset({Role.CONSUMER}))
OTHER = Actor(UUID(int=2), frozenset({Role.CONSUMER}))
ADA = Actor(UUID(int=3), frozenset({Role.ADMIN}))
ANA = Actor(UUID(int=4), frozenset({Role.SELLER, Role.AUDITOR}))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
GROUP = consumer_stream("orders", "booking")

CREATED = e.ConsumerCreated(GROUP, "orders", "booking", 7, ("orders.OrderPlaced",), 5, 60, BOOKS.id, NOON)
DELETED = e.ConsumerDeleted(GROUP, BOOKS.id, NOON)


def create(by: Actor) -> c.CreateConsumer:
    return c.CreateConsumer(GROUP, "orders", "booking", 7, ("orders.OrderPlaced",), 5, 60, by, NOON)


def test_a_service_makes_a_group_of_its_own():
    Given(consumers).when(create(BOOKS)).then(CREATED)
    Given(consumers, CREATED).when(create(BOOKS)).rejected("consumer_exists")
    Given(consumers, CREATED).when(create(OTHER)).rejected("consumer_exists")
    Given(consumers).when(create(ANA)).rejected("not_yours")


def test_groups_of_one_name_at_two_feeds_are_two():
    assert consumer_stream("orders", "booking") != consumer_stream("users", "booking")


TENDED = [
    (c.ReplayConsumer(GROUP, 3, BOOKS, NOON), e.ConsumerReplayed(GROUP, 3, BOOKS.id, NOON)),
    (c.RetryParkedDelivery(GROUP, 9, ADA, NOON), e.ParkedDeliveryRetried(GROUP, 9, ADA.id, NOON)),
    (c.SkipParkedDelivery(GROUP, 9, " a test ", ADA, NOON), e.ParkedDeliverySkipped(GROUP, 9, "a test", ADA.id, NOON)),
    (c.DeleteConsumer(GROUP, BOOKS, NOON), DELETED),
]


@pytest.mark.parametrize(("command", "event"), TENDED)
def test_its_owner_and_operators_tend_it(command: c.ConsumerCommand, event: e.ConsumerEvent):
    Given(consumers, CREATED).when(command).then(event)
    Given(consumers).when(command).rejected("consumer_not_found")
    Given(consumers, CREATED, DELETED).when(command).rejected("consumer_not_found")


@pytest.mark.parametrize(
    "command",
    [
        c.ReplayConsumer(GROUP, 3, OTHER, NOON),
        c.RetryParkedDelivery(GROUP, 9, OTHER, NOON),
        c.SkipParkedDelivery(GROUP, 9, "a test", ANA, NOON),
        c.DeleteConsumer(GROUP, OTHER, NOON),
    ],
)
def test_nobody_else_does(command: c.ConsumerCommand):
    Given(consumers, CREATED).when(command).rejected("not_yours")


def test_whoever_skips_says_why():
    Given(consumers, CREATED).when(c.SkipParkedDelivery(GROUP, 9, " ", BOOKS, NOON)).rejected("text_invalid", pointer="/reason")


def test_a_name_is_free_again_once_its_group_is_deleted():
    Given(consumers, CREATED, DELETED).when(create(OTHER)).then(
        e.ConsumerCreated(GROUP, "orders", "booking", 7, ("orders.OrderPlaced",), 5, 60, OTHER.id, NOON)
    )


def test_it_is_shown_what_may_be_done():
    Given(consumers, CREATED).offers(BOOKS, "pull", "replay", "delete")
    Given(consumers, CREATED).offers(ADA, "pull", "replay", "delete")
    Given(consumers, CREATED).offers(OTHER)
    Given(consumers).offers(ADA)
