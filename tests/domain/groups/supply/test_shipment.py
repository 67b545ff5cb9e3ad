from datetime import date
from uuid import UUID

from msgspec.structs import replace

from domain.groups.supply import commands as c
from domain.groups.supply import events as e
from domain.groups.supply.shipment import LOST, shipments
from domain.values import SYSTEM
from tests.bdd import Given
from tests.domain.groups.supply.deal import (
    DAY,
    EVE,
    GROUP,
    ISSUE,
    MUSA,
    NOON,
    NYASHA,
    SAM,
    SHIPMENT,
    TENDAI,
    arrive,
    cancelled,
    complain,
    complaint,
    ended,
    open_it,
    opened,
    sent,
    settle,
    settled,
    ship,
    there,
)

half = sent(60, complete=False)
DUE = NOON + 24 * DAY


def test_a_shipment_is_opened_once():
    Given(shipments).when(open_it).then(opened)
    Given(shipments, opened).when(open_it).then()


def test_everything_is_sent_at_once_or_in_parts():
    Given(shipments, opened).when(ship()).then(sent())
    Given(shipments, opened).when(ship(quantity=60)).then(half)
    Given(shipments, opened, half).when(ship(quantity=40)).then(sent(40, 2))


def test_no_more_is_sent_than_was_bought():
    Given(shipments, opened, half).when(ship(quantity=41)).rejected("over_shipped", pointer="/quantity")
    Given(shipments, opened, sent()).when(ship(quantity=1)).rejected("over_shipped", pointer="/quantity")


def test_the_supplier_says_by_whom_and_until_when():
    Given(shipments, opened).when(ship(carrier=" ")).rejected("text_invalid", pointer="/carrier")
    Given(shipments, opened).when(ship(eta=date(2026, 5, 31))).rejected("eta_invalid", pointer="/eta")


def test_only_the_supplier_sends():
    Given(shipments, opened).when(ship(EVE)).rejected("not_yours")
    Given(shipments, opened).when(ship(TENDAI)).rejected("not_yours")
    Given(shipments, opened).when(ship(NYASHA, for_supplier=True)).then(sent(by=NYASHA))


def test_a_part_arrives_and_the_last_one_completes():
    both = (opened, half, sent(40, 2))
    Given(shipments, *both).when(arrive(part=2)).then(there(40, 2, complete=False))
    Given(shipments, *both, there(40, 2, complete=False)).when(arrive()).then(there(60))
    Given(shipments, *both, there(40, 2, complete=False)).when(arrive(part=2)).then()


def test_parts_that_are_there_are_not_everything_while_more_is_to_come():
    Given(shipments, opened, half).when(arrive()).then(there(60, complete=False))


def test_there_is_no_part_that_was_not_sent():
    Given(shipments, opened, half).when(arrive(part=2)).rejected("part_not_found", pointer="/part")
    Given(shipments, opened).when(arrive()).rejected("nothing_under_way")


def test_the_suppliers_word_for_it_needs_the_name_of_who_took_it_in():
    Given(shipments, opened, sent()).when(arrive(MUSA)).rejected("proof_required", pointer="/receivedBy")
    Given(shipments, opened, sent()).when(arrive(MUSA, received_by="Mai Tatenda")).then(there(by=MUSA, received_by="Mai Tatenda"))


def test_staff_complain_of_what_is_there():
    Given(shipments, opened, sent(), there()).when(complain()).then(complaint)
    Given(shipments, opened, sent(), there()).when(complain(TENDAI)).rejected("not_yours")
    Given(shipments, opened, sent()).when(complain()).rejected("quantity_invalid", pointer="/quantity")
    Given(shipments, opened).when(complain()).rejected("nothing_arrived")


def test_no_piece_is_complained_of_twice():
    given = Given(shipments, opened, sent(), there(), complaint)
    given.when(complain(quantity=96, issue=UUID(int=9))).rejected("quantity_invalid", pointer="/quantity")
    given.when(complain()).then()


def test_a_replacement_is_a_further_part():
    promised = (opened, sent(), there(), complaint, settled("replacement", quantity=5))
    replacement = sent(5, 2, complete=False, replaces=ISSUE)
    Given(shipments, opened, sent(), there(), complaint).when(settle("replacement")).then(settled("replacement", quantity=5))
    Given(shipments, *promised).when(ship(quantity=5, replaces=ISSUE)).then(replacement)
    Given(shipments, *promised).when(ship(quantity=6, replaces=ISSUE)).rejected("over_shipped", pointer="/quantity")
    Given(shipments, *promised, replacement).when(arrive(part=2)).then(there(5, 2, complete=False))
    Given(shipments, *promised).when(ship(replaces=UUID(int=9))).rejected("issue_not_found", pointer="/replaces")


def test_a_refund_is_within_what_was_agreed_on():
    given = Given(shipments, opened, sent(), there(), complaint)
    given.when(settle("refund", 4_400)).then(settled("refund", 4_400))
    given.when(settle("refund", 88_001)).rejected("amount_invalid", pointer="/amount")
    given.when(settle("refund")).rejected("amount_invalid", pointer="/amount")
    given.when(settle("replacement", 1)).rejected("amount_invalid", pointer="/amount")


def test_an_issue_is_settled_once():
    Given(shipments, opened, sent(), there(), complaint, settled("refund", 4_400)).when(settle("refund", 1)).rejected("issue_resolved")
    Given(shipments, opened, sent(), there()).when(settle("refund", 1)).rejected("issue_not_found", pointer="/issueId")


def test_a_replacement_that_does_not_come_can_be_paid_back_instead():
    promised = Given(shipments, opened, sent(), there(), complaint, settled("replacement", quantity=5))
    promised.when(settle("refund", 4_400)).then(settled("refund", 4_400))
    promised.when(settle("replacement")).rejected("issue_resolved")


def test_what_is_not_under_way_when_it_is_due_has_lapsed():
    Given(shipments, opened).when(c.LapseShipment(SHIPMENT, SYSTEM, DUE)).then(ended)
    Given(shipments, opened, half).when(c.LapseShipment(SHIPMENT, SYSTEM, DUE)).then(replace(ended, shipped=60))
    Given(shipments, opened).when(c.LapseShipment(SHIPMENT, SYSTEM, DUE - DAY)).then()
    Given(shipments, opened, sent()).when(c.LapseShipment(SHIPMENT, SYSTEM, DUE)).then()


def test_what_nobody_has_seen_a_month_after_its_time_is_lost():
    arrival = NOON + DAY + LOST
    Given(shipments, opened, sent()).when(c.LapseShipment(SHIPMENT, SYSTEM, arrival)).then(e.ShipmentLapsed(SHIPMENT, GROUP, 100, arrival))
    Given(shipments, opened, sent(), there()).when(c.LapseShipment(SHIPMENT, SYSTEM, arrival)).then()


def test_nothing_is_sent_for_a_group_that_failed():
    command = c.CancelShipment(SHIPMENT, SYSTEM, NOON)
    Given(shipments, opened, half).when(command).then(cancelled)
    Given(shipments, opened, sent(), there()).when(command).then()
    Given(shipments).when(command).then()
    Given(shipments, opened, cancelled).when(ship()).rejected("shipment_ended")
    Given(shipments, opened, ended).when(ship()).rejected("shipment_ended")


def test_everybody_is_offered_what_there_is_to_do():
    Given(shipments, opened).offers(MUSA, "ship")
    Given(shipments, opened).offers(TENDAI)
    Given(shipments, opened, sent()).offers(TENDAI, "arrive")
    Given(shipments, opened, sent()).offers(MUSA, "arrive")
    Given(shipments, opened, sent(), there()).offers(SAM, "issue")
    Given(shipments, opened, sent(), there(), complaint).offers(SAM, "issue", "resolve")
    Given(shipments, opened, sent(), there(), complaint, settled("replacement", quantity=5)).offers(MUSA, "ship")
    Given(shipments, opened, ended).offers(MUSA)
