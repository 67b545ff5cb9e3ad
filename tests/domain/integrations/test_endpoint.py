"""Whose a webhook endpoint is, what its owner and operators may have done to it, and when it is given up."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.integrations.endpoints import commands as c
from domain.integrations.endpoints import events as e
from domain.integrations.endpoints.endpoint import endpoints
from domain.values import SYSTEM, Actor, Role
from tests.bdd import Given

BOOKS = Actor(UUID(int=1), frozenset({Role.CONSUMER}))
OTHER = Actor(UUID(int=2), frozenset({Role.CONSUMER}))
ADA = Actor(UUID(int=3), frozenset({Role.ADMIN}))
ANA = Actor(UUID(int=4), frozenset({Role.SELLER, Role.AUDITOR}))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOOK = UUID(int=7)
SENT = UUID(int=8)
URL = "https://books.example/hooks?of=tradewind"

CREATED = e.EndpointCreated(HOOK, URL, ("orders.OrderPlaced",), "Bookkeeping", BOOKS.id, NOON)
DISABLED = e.EndpointDisabled(HOOK, BOOKS.id, NOON)
FAILED = e.EndpointGivenUp(HOOK, BOOKS.id, "failing", NOON - timedelta(days=5), NOON)
ENABLED = e.EndpointEnabled(HOOK, BOOKS.id, NOON)
DELETED = e.EndpointDeleted(HOOK, BOOKS.id, NOON)


def create(by: Actor = BOOKS, url: str = URL, *types: str) -> c.CreateEndpoint:
    return c.CreateEndpoint(HOOK, url, types or ("orders.OrderPlaced",), " Bookkeeping ", by, NOON)


def change(url: str | None = None, types: tuple[str, ...] | None = None, description: str | None = None) -> c.ChangeEndpoint:
    return c.ChangeEndpoint(HOOK, url, types, description, BOOKS, NOON)


def give_up(because: e.GivenUp, since: datetime | None = None) -> c.GiveUpEndpoint:
    return c.GiveUpEndpoint(HOOK, because, since, SYSTEM, NOON)


def test_services_and_admins_make_endpoints():
    Given(endpoints).when(create()).then(CREATED)
    Given(endpoints).when(create(ADA)).then(e.EndpointCreated(HOOK, URL, ("orders.OrderPlaced",), "Bookkeeping", ADA.id, NOON))
    Given(endpoints, CREATED).when(create()).then()
    Given(endpoints).when(create(ANA)).rejected("not_yours")


def test_types_are_kept_once_each_in_order():
    twice = create(BOOKS, URL, "orders.OrderShipped", "orders.OrderPlaced", "orders.OrderPlaced")
    Given(endpoints).when(twice).then(
        e.EndpointCreated(HOOK, URL, ("orders.OrderPlaced", "orders.OrderShipped"), "Bookkeeping", BOOKS.id, NOON)
    )


@pytest.mark.parametrize(
    "url",
    [
        "books.example/hooks",
        "ftp://books.example",
        "https://",
        "https:///hooks",
        "https://ana:secret@books.example",
        "https://ana@books.example",
        "https://books.example/#top",
        "https://books.example:99999/",
        "https://books.example:0/",
        "https://books.example/a b",
        "https://bücher.example/",
        "https://[::1/",
        "https://books.example/" + "x" * 2000,
        "https://books.example/\nHost: other",
        "",
    ],
)
def test_an_address_that_nothing_can_be_sent_to_is_refused(url: str):
    Given(endpoints).when(create(url=url)).rejected("url_invalid", pointer="/url")
    Given(endpoints, CREATED).when(change(url=url)).rejected("url_invalid", pointer="/url")


def test_what_is_changed_is_told_one_by_one_and_what_is_as_before_is_not():
    Given(endpoints, CREATED).when(change("https://new.example", (), "Ledger")).then(
        e.EndpointMoved(HOOK, "https://new.example", BOOKS.id, NOON),
        e.EndpointTypesChosen(HOOK, (), BOOKS.id, NOON),
        e.EndpointDescribed(HOOK, "Ledger", BOOKS.id, NOON),
    )
    Given(endpoints, CREATED).when(change(URL, ("orders.OrderPlaced",), "Bookkeeping")).then()
    Given(endpoints, CREATED).when(change()).then()


def test_a_new_secret_signs_beside_the_old_one_for_a_day():
    Given(endpoints, CREATED).when(c.RotateSecret(HOOK, BOOKS, NOON)).then(
        e.SecretRotated(HOOK, NOON + timedelta(hours=24), BOOKS.id, NOON)
    )


SENDING = [
    (c.TestEndpoint(HOOK, SENT, BOOKS, NOON), e.EndpointTested(HOOK, SENT, BOOKS.id, NOON)),
    (c.RepeatDelivery(HOOK, SENT, ADA, NOON), e.DeliveryRepeated(HOOK, SENT, ADA.id, NOON)),
    (c.ReplayEndpoint(HOOK, 41, BOOKS, NOON), e.EndpointReplayed(HOOK, 41, BOOKS.id, NOON)),
]


@pytest.mark.parametrize(("command", "event"), SENDING)
def test_its_owner_and_operators_have_something_sent_while_it_is_enabled(command: c.EndpointCommand, event: e.EndpointEvent):
    Given(endpoints, CREATED).when(command).then(event)
    Given(endpoints, CREATED, DISABLED, ENABLED).when(command).then(event)
    Given(endpoints, CREATED, DISABLED).when(command).rejected("endpoint_disabled")
    Given(endpoints, CREATED, FAILED).when(command).rejected("endpoint_disabled")


def test_it_is_disabled_and_enabled_once():
    Given(endpoints, CREATED).when(c.DisableEndpoint(HOOK, BOOKS, NOON)).then(DISABLED)
    Given(endpoints, CREATED, DISABLED).when(c.DisableEndpoint(HOOK, BOOKS, NOON)).then()
    Given(endpoints, CREATED, DISABLED).when(c.EnableEndpoint(HOOK, BOOKS, NOON)).then(ENABLED)
    Given(endpoints, CREATED, FAILED).when(c.EnableEndpoint(HOOK, BOOKS, NOON)).then(ENABLED)
    Given(endpoints, CREATED).when(c.EnableEndpoint(HOOK, BOOKS, NOON)).then()


def test_it_is_given_up_when_nothing_has_got_through_for_five_days():
    Given(endpoints, CREATED).when(give_up("failing", NOON - timedelta(days=5))).then(FAILED)
    Given(endpoints, CREATED).when(give_up("failing", NOON - timedelta(days=5) + timedelta(seconds=1))).then()
    Given(endpoints, CREATED).when(give_up("failing")).then()


def test_it_is_given_up_at_once_where_it_says_that_it_is_gone():
    Given(endpoints, CREATED).when(give_up("gone")).then(e.EndpointGivenUp(HOOK, BOOKS.id, "gone", None, NOON))
    Given(endpoints, CREATED, DISABLED).when(give_up("gone")).then()


ALL: list[c.EndpointCommand] = [
    change(description="x"),
    c.RotateSecret(HOOK, BOOKS, NOON),
    c.TestEndpoint(HOOK, SENT, BOOKS, NOON),
    c.RepeatDelivery(HOOK, SENT, BOOKS, NOON),
    c.ReplayEndpoint(HOOK, 41, BOOKS, NOON),
    c.DisableEndpoint(HOOK, BOOKS, NOON),
    c.EnableEndpoint(HOOK, BOOKS, NOON),
    c.DeleteEndpoint(HOOK, BOOKS, NOON),
    give_up("gone"),
]


@pytest.mark.parametrize("command", ALL)
def test_what_is_not_there_or_gone_is_not_found(command: c.EndpointCommand):
    Given(endpoints).when(command).rejected("endpoint_not_found")
    Given(endpoints, CREATED, DELETED).when(command).rejected("endpoint_not_found")


@pytest.mark.parametrize("command", ALL[:-1])
@pytest.mark.parametrize("by", [OTHER, ANA])
def test_nobody_else_tends_it(command: c.EndpointCommand, by: Actor):
    Given(endpoints, CREATED).when(replace(command, by=by)).rejected("not_yours")


def test_its_owner_deletes_it():
    Given(endpoints, CREATED).when(c.DeleteEndpoint(HOOK, BOOKS, NOON)).then(DELETED)


def test_it_is_shown_what_may_be_done():
    Given(endpoints, CREATED).offers(BOOKS, "change", "rotate", "test", "replay", "disable", "delete")
    Given(endpoints, CREATED, DISABLED).offers(ADA, "change", "rotate", "enable", "delete")
    Given(endpoints, CREATED).offers(OTHER)
    Given(endpoints, CREATED, DELETED).offers(BOOKS)
