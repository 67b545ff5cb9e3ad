"""What people see of groups after what has happened: the page, the members, the steps and the search."""

from typing import Any
from uuid import UUID

from msgspec import json

from domain.groups import events as e
from domain.groups.group import groups
from domain.groups.ids import contribution_id
from domain.groups.values import Failing, Status, Visibility
from domain.values import Actor, Money
from projections.groups import index, members, page, timeline
from projections.groups.members import Membership, Standing
from projections.groups.shown import GroupPage, NextPrice, Progress
from tests.bdd import Shown
from tests.domain.groups.traders import (
    ANA,
    BEN,
    CLEO,
    DAN,
    DEADLINE,
    GROUP,
    HALL,
    MORA,
    PAY_BY,
    SAM,
    Contributes,
    after,
    agrees,
    asks,
    changes,
    closes,
    collects,
    fails,
    joins,
    lapses,
    leaves,
    opened,
    refund_fails,
    refunds,
    ships,
    taken,
)


def shown(*commands: Any) -> GroupPage:
    return Shown(page.view, *after(*commands)).one.page


def part(who: Actor, *commands: Any) -> Membership:
    return Shown(members.view, *after(*commands)).documents[contribution_id(GROUP, who.id)]


def dollars(amount: int) -> Money:
    return Money(amount, "USD")


def test_a_new_group_costs_what_its_minimum_costs_and_says_what_more_would_save():
    begun = shown(opened())
    assert (begun.status, begun.price, begun.list_price) == (Status.GATHERING, dollars(900), dollars(1_000))
    assert begun.next_price == NextPrice(20, dollars(800), 20)
    assert (begun.conditions.fee_rate, begun.conditions.fee, begun.conditions.pay_within) == (1_000, dollars(90), 1_800)
    assert begun.progress == Progress()


def test_only_what_is_paid_is_progress():
    reserved = shown(opened(), joins(BEN, 7))
    assert reserved.progress == Progress(reserved=7, participants=1)
    paid = shown(opened(), *taken(BEN, 7), joins(CLEO, 4))
    assert paid.progress == Progress(reserved=11, paid=7, percent=70, participants=2, payers=1)
    assert paid.next_price == NextPrice(20, dollars(800), 13)
    full = shown(opened(), *taken(BEN, 7), *taken(CLEO, 4))
    assert (full.status, full.progress.percent) == (Status.MINIMUM_REACHED, 110)


def test_the_waiting_list_is_counted_through_every_turn():
    crowd = opened(), joins(BEN, 12), joins(CLEO, 8), joins(DAN, 5), joins(ANA, 2)
    assert shown(*crowd).progress == Progress(reserved=20, participants=2, waiting=2)
    assert shown(*crowd, changes(DAN, 6)).progress.waiting == 2
    assert shown(*crowd, leaves(DAN)).progress == Progress(reserved=20, participants=2, waiting=1)
    assert shown(*crowd, leaves(CLEO)).progress == Progress(reserved=19, participants=3, waiting=0)


def test_the_lock_leaves_the_paid_at_the_price_of_all():
    locked = shown(opened(), *taken(BEN, 12), *taken(CLEO, 8))
    assert (locked.status, locked.price, locked.next_price) == (Status.LOCKED, dollars(800), None)
    assert (locked.outcome.quantity, locked.outcome.amount, locked.outcome.locked) == (20, dollars(16_000), "full")
    due = shown(opened(), *taken(BEN, 10), joins(CLEO, 4), closes())
    assert (due.progress.reserved, due.progress.participants, due.outcome.locked) == (10, 1, "deadline")


BOUGHT = opened(), *taken(BEN, 7), joins(CLEO, 4, pickup=HALL), Contributes(CLEO), closes(), agrees(850), ships("delivered")


def test_the_page_follows_the_goods_to_the_last_piece():
    there = shown(*BOUGHT)
    assert (there.status, there.price, there.outcome.amount) == (Status.PICKING_UP, dollars(850), dollars(9_350))
    assert shown(*BOUGHT, collects(BEN, 3)).progress.collected == 3
    done = shown(*BOUGHT, collects(BEN, 7), collects(CLEO, 4))
    assert (done.status, done.progress.collected, done.outcome.settled) == (Status.COMPLETED, 11, dollars(9_350))


def test_a_group_that_failed_says_why_until_everybody_has_his_money():
    failed = opened(), *taken(BEN, 10), closes(), fails(Failing.SUPPLIER_REFUSED)
    assert (shown(*failed).status, shown(*failed).outcome.failed) == (Status.REFUNDING, Failing.SUPPLIER_REFUSED)
    owing = next(each for each in after(*failed) if isinstance(each, e.RefundingBegan)).owings[0]
    stuck = Shown(page.view, *after(*failed, refund_fails(owing))).one
    assert stuck.failing == (owing.refund_id,)
    assert part(BEN, *failed, refund_fails(owing)).refund_failed
    closed = Shown(page.view, *after(*failed, refund_fails(owing), refunds(owing))).one
    assert (closed.page.status, closed.failing) == (Status.CLOSED, ())
    ben = part(BEN, *failed, refunds(owing))
    assert (ben.paid, ben.refunded, ben.refund_failed) == (dollars(9_000), dollars(9_000), False)


def test_who_takes_part_and_who_waits_is_not_on_the_page():
    row = Shown(page.view, *after(opened(visibility=Visibility.INVITED, invited=(BEN.id, DAN.id)), joins(BEN, 4))).one
    text = json.encode(row.page).decode()
    assert str(BEN.id) not in text
    assert str(DAN.id) not in text
    assert row.invited == (BEN.id, DAN.id)


def test_a_group_by_invitation_is_seen_by_the_invited_and_those_who_run_it():
    invited = {"page_visibility": "invited", "page_organiser_id": ANA.id, "page_seller_id": SAM.id, "invited": [BEN.id]}
    assert [page.seen_by(invited, each) for each in (ANA, SAM, BEN, MORA, CLEO)] == [True, True, True, True, False]
    for visibility in ("public", "link"):
        assert page.seen_by({**invited, "page_visibility": visibility}, Actor(UUID(int=0)))


def test_a_member_sees_his_own_way_from_the_line_to_the_goods():
    reserved = part(BEN, opened(), joins(BEN, 7))
    assert (reserved.standing, reserved.pay_by, reserved.asked) == (Standing.RESERVED, PAY_BY, None)
    asked = part(BEN, opened(), joins(BEN, 7), asks(BEN, 6_300))
    assert (asked.asked, asked.payment_id is None) == (dollars(6_300), False)
    paid = part(BEN, opened(), *taken(BEN, 7))
    assert (paid.standing, paid.paid, paid.pay_by) == (Standing.PAID, dollars(6_300), None)
    waiting = part(DAN, opened(), joins(BEN, 12), joins(CLEO, 8), joins(DAN, 5))
    assert (waiting.standing, waiting.pay_by) == (Standing.QUEUED, None)
    lapsed = part(BEN, opened(), joins(BEN, 7), lapses(BEN))
    assert (lapsed.standing, lapsed.pay_by) == (Standing.LAPSED, None)
    assert part(BEN, opened(), joins(BEN, 7), lapses(BEN), joins(BEN, 3)).standing == Standing.RESERVED
    assert part(BEN, *BOUGHT, collects(BEN, 3), collects(BEN, 2)).collected == 5
    assert part(BEN, *BOUGHT).standing == Standing.PAID


def test_the_steps_tell_what_and_never_who():
    steps = [row for event in after(*BOUGHT) if type(event) in timeline.journal.events for row in timeline.rows(None, event)]
    assert [each.what for each in steps] == [
        "opened",
        "joined",
        "paid",
        "joined",
        "paid",
        "minimum_reached",
        "locked",
        "accepted",
        "shipped",
        "delivered",
        "pick_up_opened",
    ]
    assert (steps[1].quantity, steps[1].reserved, steps[4].paid, steps[6].reason) == (7, 7, 11, "deadline")
    assert steps[0].until == DEADLINE
    assert all(str(BEN.id) not in json.encode(each).decode() for each in steps)


def test_the_search_knows_public_groups_alone():
    found = Shown(index.index, *after(opened(), *taken(BEN, 7))).one
    assert (found.percent, found.price, found.locations) == (70, dollars(900), (index.Point(-17.86, 31.03),))
    assert found.places == ("Mbare market", "Harare", "Town hall")
    for hidden in (opened(visibility=Visibility.LINK), opened(visibility=Visibility.INVITED, invited=(BEN.id,))):
        Shown(index.index, *after(hidden, *taken(BEN, 7))).then()


def test_every_event_moves_the_version_of_the_page():
    assert set(page.EVENTS) == set(groups.events)
