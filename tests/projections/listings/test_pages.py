"""What the page, the queue and the counts show of a listing's history."""

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.listings.events import ListingEvent, ListingPriced, ListingSubmitted, Status
from domain.listings.listing import Written, listings
from domain.values import Actor, Money, Role
from projections.listings import counts, page
from projections.listings.page import ListingPage, seen_by, visible_to
from projections.sql import ALL
from tests.bdd import Shown, counted
from tests.domain.listings.boats import (
    ADA,
    ANA,
    BEN,
    BOAT,
    CRUISER,
    DINGHY,
    LATER,
    MO,
    NOON,
    PRICE,
    STAEFA,
    approved,
    archived,
    changes_requested,
    drafted,
    edited,
    on_sale,
    paused,
    published,
    rejected,
    resumed,
    sold,
    submitted,
)

DRAFT = ListingPage(
    BOAT, ANA.id, Status.DRAFT, "classified", "boats", "Bavaria 38", "Well kept.", CRUISER, PRICE, STAEFA, created_at=NOON, changed_at=NOON
)


def test_a_page_begins_with_the_draft():
    Shown(page.view, drafted()).then(DRAFT)


def test_a_page_shows_the_newest_content_and_price():
    priced = ListingPriced(BOAT, Money(1, "CHF"), LATER)
    Shown(page.view, drafted(), edited(at=LATER)).then(replace(DRAFT, title="Bavaria 38 Sport", changed_at=LATER))
    Shown(page.view, drafted(), priced).then(replace(DRAFT, price=Money(1, "CHF"), changed_at=LATER))


@pytest.mark.parametrize(
    ("history", "status"),
    [
        ((submitted,), Status.SUBMITTED),
        ((submitted, approved), Status.APPROVED),
        ((submitted, rejected), Status.REJECTED),
        ((submitted, changes_requested), Status.CHANGES_REQUESTED),
        ((submitted, approved, published), Status.PUBLISHED),
        ((submitted, approved, published, paused), Status.PAUSED),
        ((submitted, approved, published, paused, resumed), Status.PUBLISHED),
        ((submitted, approved, published, sold), Status.SOLD),
        ((archived,), Status.ARCHIVED),
    ],
)
def test_the_status_follows_history_on_the_page_and_in_the_counts(history: tuple[ListingEvent, ...], status: Status):
    assert Shown(page.view, drafted(), *history).one.status == status
    assert counted(counts.count, drafted(), *history) == {status: 1}


def test_a_listing_waits_in_the_queue_only_while_it_is_submitted():
    assert Shown(page.view, drafted(), submitted).one.submitted_at == NOON
    for judged in (approved, rejected, changes_requested, archived):
        assert Shown(page.view, drafted(), submitted, judged).one.submitted_at is None


def test_an_edit_after_approval_puts_the_page_back_into_the_queue():
    again = Shown(page.view, *on_sale, edited(), ListingSubmitted(BOAT, LATER)).one
    assert (again.status, again.submitted_at) == (Status.SUBMITTED, LATER)


def test_a_refusal_is_explained_until_the_next_submission():
    assert Shown(page.view, drafted(), submitted, changes_requested).one.reason == "Which engine?"
    assert Shown(page.view, drafted(), submitted, changes_requested, edited()).one.reason == "Which engine?"
    assert Shown(page.view, drafted(), submitted, changes_requested, submitted).one.reason is None


def test_counts_are_of_all_listings():
    assert counted(counts.count, *on_sale, drafted(DINGHY), edited()) == {"published": 1, "draft": 1}


def test_the_page_takes_every_event_so_that_its_version_is_the_streams():
    assert set(page.view.events) == set(listings.events)


@given(st.lists(st.sampled_from([drafted(), edited(), *on_sale, changes_requested, paused, rejected, sold, archived]), max_size=12))
def test_any_order_of_events_folds_as_the_decider_folds_it(history: list[ListingEvent]):
    shown = Shown(page.view, *history).documents
    state = listings.fold(history)
    folded = {(state.status, state.title)} if isinstance(state, Written) else set[tuple[Status, str]]()
    assert {(each.status, each.title) for each in shown.values()} == folded


def test_everyone_sees_published_listings_and_his_own():
    assert visible_to(BEN).values == {"caller": BEN.id}
    for by in (MO, ADA, Actor(BEN.id, frozenset({Role.AUDITOR}))):
        assert visible_to(by) == ALL


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("by", [ANA, BEN, MO, ADA, Actor(BEN.id, frozenset({Role.AUDITOR})), Actor(BEN.id, frozenset({Role.SELLER}))])
def test_one_listing_is_seen_by_whom_the_list_shows_it(postgres_url: str, status: Status, by: Actor):
    where = visible_to(by)
    row = {"status": status.value, "seller_id": ANA.id}
    listed = f"SELECT {where.text} FROM (SELECT %(status)s::text AS status, %(seller_id)s::uuid AS seller_id) AS row"
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute(listed.encode(), {**where.values, **row}).fetchone() == (seen_by(row, by),)
