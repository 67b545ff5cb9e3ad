"""What becomes of a group by the passing of time."""

from datetime import timedelta

from domain.groups.commands import CloseGathering, EndPickUp, LapseMember
from domain.groups.events import DeadlineExtended, PickUpOpened
from domain.groups.group import groups
from tests.bdd import Happened
from tests.domain.groups.traders import BEN, DEADLINE, GROUP, NOON, OVER, PAY_BY, after, agrees, closes, joins, opened, ships, stand, taken

WEEK = timedelta(days=7)


def test_the_gathering_ends_at_the_deadline_and_at_the_one_it_is_put_off_to():
    (begun,) = after(opened())
    Happened(begun).later(DEADLINE, (GROUP, CloseGathering(GROUP, DEADLINE)))
    Happened(DeadlineExtended(GROUP, DEADLINE + WEEK, NOON)).later(DEADLINE + WEEK, (GROUP, CloseGathering(GROUP, DEADLINE + WEEK)))


def test_a_place_that_is_not_paid_for_lapses():
    (*_, joined) = after(opened(), joins(BEN, 4))
    Happened(joined).later(PAY_BY, (GROUP, LapseMember(GROUP, BEN.id, PAY_BY)))


def test_picking_up_ends_a_week_after_the_last_window():
    agreed = stand(opened(), *taken(BEN, 12), closes())
    (*_, ready) = groups.decide(ships("delivered"), groups.fold(groups.decide(agrees(900), agreed), agreed))
    assert isinstance(ready, PickUpOpened)
    Happened(ready).later(OVER + WEEK, (GROUP, EndPickUp(GROUP, OVER + WEEK)))
