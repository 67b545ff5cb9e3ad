"""Only who has had his part of a completed group rates the supplier that it bought of."""

from uuid import UUID, uuid4

import pytest

from application.commands.suppliers.ratings import Rate
from application.handler import Handler
from application.ports import Change, Meta
from domain.decider import Rejected
from domain.groups.group import groups
from domain.registry import DECIDERS
from domain.suppliers.rating import Rating
from domain.values import SYSTEM, Actor
from tests.domain.groups.test_fulfilment import READY
from tests.domain.groups.traders import BEN, CLEO, DAN, GROUP, NOON, SUPPLIER, after, collects
from tests.fakes.history import FakeHistory


def rate(by: Actor, *collected: object, supplier: UUID = SUPPLIER, times: int = 1) -> int:
    """How many stars there are after the last time."""
    log = FakeHistory()
    log.append([Change(GROUP, groups, 0, after(*READY, *collected))], Meta(uuid4(), SYSTEM.id, uuid4()))
    rating = Rate(Handler(log, DECIDERS))
    done = [rating(supplier, GROUP, 4, by, NOON, Meta(uuid4(), by.id, uuid4())) for _ in range(times)]
    assert isinstance(done[-1].state, Rating)
    return done[-1].state.stars


def refused(by: Actor, *collected: object, supplier: UUID = SUPPLIER, times: int = 1) -> str:
    with pytest.raises(Rejected) as refusal:
        rate(by, *collected, supplier=supplier, times=times)
    return refusal.value.code


WHOLE = (collects(BEN, 7), collects(CLEO, 4))


def test_a_member_of_a_completed_group_rates_its_supplier_once():
    assert rate(BEN, *WHOLE) == 4
    assert refused(BEN, *WHOLE, times=2) == "already_rated"


def test_nobody_rates_what_he_has_not_had():
    assert refused(BEN, collects(BEN, 3)) == "nothing_collected"
    assert refused(DAN, *WHOLE) == "nothing_collected"


def test_nobody_rates_whom_the_group_did_not_buy_of():
    assert refused(BEN, *WHOLE, supplier=GROUP) == "group_not_found"
