"""Listings that were on offer before there were tiers hold places like any other, and nobody loses what he has on offer for that."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.jobs.ports import Interrupted
from application.ports import Meta
from application.tiers.holding import BATCH, HoldingPlaces
from domain.listings import commands as c
from domain.subscriptions.tiers.places import places, places_id
from domain.values import SYSTEM, Actor, Money, Role, Value
from infrastructure.payments.offered import OfferedOnLog
from tests.journeys.listings.test_imports import brought
from tests.journeys.listings.test_listings import ANA, BEN, moderator
from tests.journeys.listings.test_product_imports import work
from tests.journeys.town import Person, Town
from tests.journeys.users.test_tiers import approved, member

MIGRATION = Path(__file__).parents[3] / "infrastructure/migrations/0200_places_held.sql"
MO = Actor(UUID(int=7), frozenset({Role.MODERATOR}))
HEADER = "sku,title,category,price,currency\n"


def offered(town: Town, seller: Person, count: int) -> list[UUID]:
    """Published as it was before there were tiers: without a place."""
    by, now = Actor(UUID(seller.id), frozenset({Role.SELLER})), town.clock()
    ids = [town.container.ids() for _ in range(count)]
    given: list[tuple[UUID, Value]] = []
    for id in ids:
        draft = c.DraftListing(id, by.id, "classified", "boats", by, now, "Sloop", "", {"type": ["dinghy"]}, Money(100, "EUR"))
        steps = (draft, c.SubmitListing(id, by, now), c.ApproveListing(id, MO, now), c.PublishListing(id, by, now))
        given += [(id, each) for each in steps]
    town.container.handle.together(given, Meta(uuid4(), SYSTEM.id, uuid4()))
    return ids


def held(town: Town, seller: Person) -> frozenset[UUID]:
    return town.container.handle.state(places_id(UUID(seller.id)), places).taken


def give(town: Town, listing: UUID, command: Value) -> None:
    town.container.handle(listing, command, Meta(uuid4(), SYSTEM.id, uuid4()))


def migrate(town: Town) -> None:
    """Once more what the migration does, which found no listings when the database was made."""
    with town.container.pool.connection() as connection:
        connection.execute(MIGRATION.read_bytes())
    town.settle()


def last(town: Town) -> Any:
    with town.container.pool.connection() as connection:
        return connection.execute("SELECT count(*), max(position) FROM events").fetchone()


def holding(town: Town) -> HoldingPlaces:
    return HoldingPlaces(town.container.handle, OfferedOnLog(town.container.pool), town.clock)


def test_who_has_more_than_his_tier_allows_keeps_it_all_and_is_told_why_there_is_no_room_for_more(town: Town):
    ana, mo, guest = town.registered(ANA), moderator(town), town.guest()
    boats = offered(town, ana, 202)
    waiting = approved(ana, mo, "M-1")
    migrate(town)
    assert held(town, ana) == frozenset(boats)
    refused = ana.ask("POST", f"/v1/listings/{waiting}/publish").json()
    assert refused["code"] == "listing_limit_reached"
    assert refused["detail"] == "Your tier allows 200 listings on offer; 202 are. They all stay. The tier premium allows 1,000."
    assert all(guest.get(f"/v1/listings/{each}")["status"] == "published" for each in boats[::50])
    for each in boats[:2]:
        ana.post(f"/v1/listings/{each}/pause")
    assert ana.post(f"/v1/listings/{waiting}/publish", None, 409)[0] == "listing_limit_reached"
    ana.post(f"/v1/listings/{boats[2]}/archive")
    ana.post(f"/v1/listings/{waiting}/publish")
    assert ana.post(f"/v1/listings/{boats[0]}/resume", None, 409)[0] == "listing_limit_reached"
    member(town, ana)
    ana.post(f"/v1/listings/{boats[0]}/resume")


def test_what_an_admin_imports_needs_no_room_and_takes_it(town: Town):
    ana, mo = town.registered(ANA), moderator(town)
    rows = "".join(f"M-{each},Milk {each},dairy-eggs,1.80,CHF\n" for each in range(201))
    brought(town, town.admin(), (HEADER + rows).encode(), f"format=products&seller={ana.id}&publish=true")
    work(town)
    assert len(held(town, ana)) == 201
    waiting = approved(ana, mo, "N-1")
    assert "201 are. They all stay." in ana.ask("POST", f"/v1/listings/{waiting}/publish").json()["detail"]


def test_only_what_is_on_offer_holds_a_place_and_once_held_nothing_is_repeated(town: Town):
    ana, ben = town.registered(ANA), town.registered(BEN)
    shown, paused, edited, drafted = offered(town, ana, 4)
    his = offered(town, ben, 1)
    by, now = Actor(UUID(ana.id), frozenset({Role.SELLER})), town.clock()
    give(town, paused, c.PauseListing(paused, by, now))
    give(town, edited, c.EditListing(edited, by, now, title="Ketch"))
    give(town, drafted, c.EditListing(drafted, by, now, title="Yawl"))
    give(town, drafted, c.RejectListing(drafted, "Not a boat.", MO, now))
    migrate(town)
    assert (held(town, ana), held(town, ben)) == ({shown, edited}, set(his))
    before = last(town)
    migrate(town)
    holding(town)(uuid4(), uuid4(), lambda _done: None)
    assert last(town) == before


def test_it_may_be_stopped_between_two_batches_and_goes_on(town: Town):
    ana = town.registered(ANA)
    boats = offered(town, ana, BATCH + 20)

    def stopped(_done: int) -> None:
        raise Interrupted

    job = uuid4()
    with pytest.raises(Interrupted):
        holding(town)(job, uuid4(), stopped)
    assert held(town, ana) == set(sorted(boats)[:BATCH])
    ana.post(f"/v1/listings/{boats[0]}/pause")
    holding(town)(job, uuid4(), lambda _done: None)
    assert held(town, ana) == set(boats[1:])


def test_what_is_taken_down_at_that_moment_leaves_no_place_behind(town: Town):
    ana = town.registered(ANA)
    boats = offered(town, ana, 3)

    class TakenDown:
        """Says what was so, and then it is otherwise."""

        def on_offer(self, after: UUID, limit: int) -> Sequence[UUID]:
            found = OfferedOnLog(town.container.pool).on_offer(after, limit)
            if found:
                ana.post(f"/v1/listings/{boats[1]}/mark-sold")
            return found

    HoldingPlaces(town.container.handle, TakenDown(), town.clock)(uuid4(), uuid4(), lambda _done: None)
    assert held(town, ana) == {boats[0], boats[2]}
