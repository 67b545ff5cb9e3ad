"""What buyers, sellers and people who wait are told: by letter, and by text where they asked for it."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.jobs.letters.facts import money, order_number, window
from application.jobs.ports import Skipped
from domain.deliveries.delivery import delivery_id
from domain.deliveries.events import DeliveryDelivered, DeliveryFailed, DeliveryInTransit, DeliveryOpened, DeliveryPickedUp, FailureReason
from domain.listings.events import ListingDrafted, ListingPublished
from domain.notifications.events import StockAlertRaised
from domain.orders.events import OrderCancelled, OrderConfirmed, OrderDelivered, OrderDispatched, OrderPacked, OrderPlaced, Reason
from domain.payments.events import PaymentFailed, PaymentRequested
from domain.stock.events import StockRanLow
from domain.trade import OrderLine, Share
from domain.users.events import EmailVerified, PreferencesSet, ProfileEdited, UserRegistered, UserRegisteredByPhone, UserSuspended
from domain.users.preferences import Preferences
from domain.values import ERASED, Address, Value
from tests.application.jobs.office import JOB, NOON, Office

ANA, BEN, GUS, CLEO, ORDER, MILK, STOCK, PAYMENT, ALERT, NOBODY = (UUID(int=number) for number in range(1, 11))
PARCEL = delivery_id(ORDER)
HOME = Address("Ana", ("Rua da Rosa 1",), "Lisboa", "1200-001", "PT")
HOUR = timedelta(hours=1)

milk = OrderLine(1, MILK, BEN, STOCK, "MILK-1", "Fresh milk", 2, 160, 0, 302, 600, 18, 320)
placed = OrderPlaced(
    ORDER,
    PAYMENT,
    ANA,
    BEN,
    "EUR",
    (milk,),
    320,
    0,
    0,
    0,
    18,
    320,
    HOME,
    "ana@example.org",
    PAYMENT,
    NOON + HOUR / 4,
    NOON,
    starts_at=NOON + HOUR,
    ends_at=NOON + 3 * HOUR,
    timezone="Europe/Lisbon",
)
confirmed = OrderConfirmed(ORDER, ANA, BEN, PAYMENT, (), NOBODY, NOON)
packed = OrderPacked(ORDER, ANA, BEN, HOME, BEN, NOON)
dispatched = OrderDispatched(ORDER, ANA, BEN, NOBODY, NOON)
arrived = OrderDelivered(ORDER, ANA, BEN, NOBODY, NOON)
cancelled = OrderCancelled(ORDER, ANA, BEN, Reason.OUT_OF_STOCK, BEN, (), None, None, 320, UUID(int=77), PAYMENT, NOON)
opened = DeliveryOpened(PARCEL, ORDER, ANA, BEN, HOME, None, "Europe/Lisbon", None, None, NOON)
fetched = DeliveryPickedUp(PARCEL, ORDER, CLEO, CLEO, NOON)
on_its_way = DeliveryInTransit(PARCEL, ORDER, ANA, CLEO, CLEO, NOON)
handed_over = DeliveryDelivered(PARCEL, ORDER, ANA, BEN, CLEO, None, 1, True, "", "", None, None, CLEO, NOON)
requested = PaymentRequested(PAYMENT, PAYMENT, ANA, "EUR", 320, (Share(ORDER, BEN, 320),), "sandbox", "card", NOON + HOUR / 4, NOON)
declined = PaymentFailed(PAYMENT, PAYMENT, ANA, 1, "sandbox", "card_declined", "EUR", 0, NOON)
low = StockRanLow(STOCK, ANA, "MILK-1", 3, 5, NOON)
raised = StockAlertRaised(ANA, MILK, "MILK-1", NOON)


def failed(*, last: bool = False) -> DeliveryFailed:
    return DeliveryFailed(PARCEL, ORDER, ANA, BEN, CLEO, None, FailureReason.NOBODY_HOME, "", 3 if last else 1, last, CLEO, NOON)


def ana(**notices: tuple[str, ...]) -> Office:
    """Ana has placed an order, has a telephone, and wants to be told in these ways."""
    office = Office().happened(ANA, UserRegistered(ANA, "ana@example.org", "Ana", NOON), EmailVerified(ANA, NOON))
    office.happened(ANA, ProfileEdited(ANA, "Ana", "+351910000001", ()), PreferencesSet(ANA, Preferences(notices=notices)))
    return office.happened(ORDER, placed)


@pytest.mark.parametrize("event", [confirmed, packed, dispatched, arrived])
def test_a_buyer_is_told_each_step_of_the_order(event: Value):
    office = ana()
    mail = office.letter_about(ORDER, event)
    assert (mail.id, mail.address, mail.name) == (JOB, "ana@example.org", "Ana")
    assert office.post.facts["order"] == order_number(ORDER)
    assert office.post.facts["total"] == "3.20 EUR"
    assert office.post.facts["quote"] == "2 x Fresh milk"
    assert office.post.facts["window"] == "Friday 1 May, 14:05 to 16:05"
    assert office.post.facts["link"] == f"https://tw.example/v1/orders/{ORDER}"


def test_a_guest_is_written_to_where_he_wanted_it_with_a_link_that_lets_him_in():
    office = Office().happened(ORDER, replace(placed, buyer_id=GUS, contact="gus@example.org", guest=True))
    mail = office.letter_about(ORDER, confirmed)
    assert (mail.address, mail.name) == ("gus@example.org", "")
    assert office.post.facts["link"] == f"https://tw.example/v1/orders/{ORDER}?token=guest.{GUS.int}"


def test_a_forgotten_guest_is_not_written_to():
    office = Office().happened(ORDER, replace(placed, buyer_id=GUS, contact=ERASED, guest=True))
    with pytest.raises(Skipped, match="person_erased"):
        office.letter_about(ORDER, confirmed)
    with pytest.raises(Skipped, match="no_person"):
        office.text_about(ORDER, packed)


def test_a_cancelled_order_says_why_and_what_comes_back():
    office = ana()
    office.letter_about(ORDER, cancelled)
    assert (office.post.facts["why"], office.post.facts["refund"]) == ("the seller has run out of it", "3.20 EUR")
    other = ana()
    other.letter_about(ORDER, replace(cancelled, refund=0, reason=Reason.UNPAID))
    assert (other.post.facts["why"], other.post.facts["refund"]) == ("it was not paid in time", "")


def test_who_is_suspended_still_hears_of_his_order():
    office = ana().happened(ANA, UserSuspended(ANA, "spam", NOBODY, NOON))
    assert office.letter_about(ORDER, arrived).address == "ana@example.org"


def test_on_the_way_the_buyer_gets_the_code_for_the_door():
    office = ana().happened(PARCEL, opened, fetched)
    office.letter_about(PARCEL, on_its_way)
    assert office.post.facts["code"] == f"code.{str(PARCEL)[:4]}"


def test_once_it_is_there_nobody_is_told_that_it_is_on_its_way():
    office = ana().happened(PARCEL, opened, fetched, on_its_way, handed_over)
    with pytest.raises(Skipped, match="superseded"):
        office.letter(PARCEL, on_its_way)


@pytest.mark.parametrize("last", [False, True])
def test_a_failed_delivery_says_why_and_what_comes_next(last: bool):
    office = ana().happened(PARCEL, opened, fetched, on_its_way)
    office.letter_about(PARCEL, failed(last=last))
    assert office.post.facts["why"] == "nobody was there to take it"
    assert bool(office.post.facts["last"]) == last


def test_texts_go_to_those_who_asked_for_texts_of_this_kind():
    office = ana(deliveries=("sms",), orders=("email",)).happened(PARCEL, opened, fetched)
    text = office.text_about(PARCEL, on_its_way)
    assert (text.id, text.number, text.text) == (JOB, "+351910000001", "text of out_for_delivery")
    with pytest.raises(Skipped, match="unwanted"):
        office.letter(PARCEL, on_its_way)
    with pytest.raises(Skipped, match="unwanted"):
        office.text_about(ORDER, confirmed)


def test_nobody_is_texted_who_did_not_ask_for_it():
    office = ana().happened(PARCEL, opened, fetched)
    with pytest.raises(Skipped, match="unwanted"):
        office.text_about(PARCEL, on_its_way)


def test_who_gave_no_number_is_not_texted():
    office = ana(orders=("sms",)).happened(ANA, ProfileEdited(ANA, "Ana", "", ()))
    with pytest.raises(Skipped, match="no_number"):
        office.text_about(ORDER, confirmed)
    office.happened(ANA, ProfileEdited(ANA, ERASED, ERASED, ERASED))
    with pytest.raises(Skipped, match="person_erased"):
        office.text_about(ORDER, packed)


def test_a_declined_payment_says_until_when_another_may_be_tried():
    office = ana().happened(PAYMENT, requested)
    office.letter_about(PAYMENT, declined)
    assert (office.post.facts["until"], office.post.facts["total"]) == ("13:20 on 1 May", "3.20 EUR")


def test_a_declined_payment_is_not_told_once_the_order_is_paid_or_over():
    office = ana().happened(PAYMENT, requested, declined)
    office.now = NOON + HOUR
    with pytest.raises(Skipped, match="superseded"):
        office.letter(PAYMENT, declined)
    paid = ana().happened(PAYMENT, requested, declined).happened(ORDER, confirmed)
    with pytest.raises(Skipped, match="superseded"):
        paid.letter(PAYMENT, declined)


def test_a_seller_is_told_what_runs_low():
    office = ana()
    assert office.letter_about(STOCK, low).address == "ana@example.org"
    assert (office.post.facts["sku"], office.post.facts["left"]) == ("MILK-1", "3")


def test_who_waited_is_told_what_is_back_while_it_is_offered():
    drafted = ListingDrafted(MILK, BEN, "product", "groceries", "Fresh milk", "", {}, None, None, NOON)
    office = ana().happened(MILK, drafted)
    with pytest.raises(Skipped, match="not_offered"):
        office.letter_about(ALERT, raised)
    office.happened(MILK, ListingPublished(MILK, NOON))
    assert office.letter(ALERT, raised).address == "ana@example.org"
    assert office.post.facts["title"] == "Fresh milk"


def test_amounts_and_windows_read_as_people_write_them():
    assert [money(5, "EUR"), money(123456789, "USD"), money(1500, "JPY"), money(1234, "KWD")] == [
        "0.05 EUR",
        "1,234,567.89 USD",
        "1,500 JPY",
        "1.234 KWD",
    ]
    assert window(None, None, "UTC") == ""


def test_who_has_no_mail_is_texted_what_would_be_mailed():
    office = Office().happened(ANA, UserRegisteredByPhone(ANA, "+263771234567", "Ana", NOON)).happened(ORDER, placed)
    assert office.text_about(ORDER, packed).number == "+263771234567"
    with pytest.raises(Skipped, match="no_address"):
        office.letter_about(ORDER, packed)
    office.happened(ANA, PreferencesSet(ANA, Preferences(notices={"orders": ()})))
    with pytest.raises(Skipped, match="unwanted"):
        office.text_about(ORDER, packed)
