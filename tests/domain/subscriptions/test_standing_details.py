"""Where a recurring order goes and how it is paid."""

from msgspec.structs import replace

from domain.subscriptions.commands import GiveStandingDetails
from domain.subscriptions.events import StandingDetailsGiven
from domain.subscriptions.standing_details import details_id, standing_details
from domain.values import Actor, Address
from tests.bdd import Given, erased
from tests.domain.subscriptions.milk import AGAIN, BEN, CARA, FRIDAY_NOON, ORDER, STAN

HOME = Address("Cara", ("Seestrasse 1",), "Zürich", "8001", "CH")
given = StandingDetailsGiven(ORDER, CARA.id, HOME, "cara@example.org", "sandbox", "4242424242424242", FRIDAY_NOON)


def give(by: Actor = CARA, address: Address = HOME) -> GiveStandingDetails:
    return GiveStandingDetails(ORDER, CARA.id, address, "cara@example.org", "sandbox", "4242424242424242", by, FRIDAY_NOON)


def test_they_are_given_by_the_customer_alone():
    Given(standing_details).when(give()).then(given)
    for by in (BEN, STAN):
        Given(standing_details).when(give(by)).rejected("not_yours")
        Given(standing_details, given).when(give(by)).rejected("not_yours")


def test_the_same_again_changes_nothing():
    Given(standing_details, given).when(give()).then()
    moved = replace(HOME, lines=("Seestrasse 2",))
    Given(standing_details, given).when(give(address=moved)).then(replace(given, address=moved))


def test_they_fold_when_their_owner_is_forgotten():
    assert Given(standing_details, erased(given)).state != standing_details.initial


def test_each_recurring_order_has_its_own():
    assert details_id(ORDER) != details_id(AGAIN)
