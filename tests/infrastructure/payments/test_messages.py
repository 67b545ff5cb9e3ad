"""Messages of providers: believed when signed, kept once, dealt with in any order, and kept visible when they are about nothing known."""

from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from cryptography.exceptions import InvalidTag

from application.jobs.ports import Skipped
from application.payments.ports import Announced, Forged
from application.payments.reconciliation import MESSAGES_KEPT
from infrastructure.payments.bodies import Bodies
from infrastructure.payments.sandbox.messages import HEADER
from infrastructure.payments.signature import check, sign
from tests.infrastructure.payments.till import KEY, Till

BODY = b'{"id":"evt_1","type":"charge.captured","data":{"charge":"sb_none_1"}}'


def test_what_the_provider_signed_is_believed(till: Till):
    assert till.sandbox.verify({HEADER: sign(KEY, BODY, till.clock())}, BODY) == Announced("evt_1", "charge.captured")


@pytest.mark.parametrize("header", ["", "t=1", "v1=00", "t=x,v1=00", f"t=9999999999,v1={'0' * 64}"])
def test_what_nobody_signed_is_forged(till: Till, header: str):
    with pytest.raises(Forged):
        check(KEY, header, BODY, till.clock())


def test_another_key_another_body_and_another_day_are_forged(till: Till):
    now = till.clock()
    for signature, body in (
        (sign(b"other", BODY, now), BODY),
        (sign(KEY, BODY, now), BODY + b" "),
        (sign(KEY, BODY, now - timedelta(minutes=6)), BODY),
        (sign(KEY, BODY, now + timedelta(minutes=6)), BODY),
    ):
        with pytest.raises(Forged):
            check(KEY, signature, body, now)


def test_what_is_signed_and_no_message_is_forged_too(till: Till):
    with pytest.raises(Forged):
        till.sandbox.verify({HEADER: sign(KEY, b"[]", till.clock())}, b"[]")


def unknown_to_us(till: Till) -> UUID:
    """A charge that the provider has, for a payment that we have not."""
    payment = uuid4()
    with till.pool.connection() as connection:
        connection.execute(
            "INSERT INTO sandbox_charges (key, reference, payment_id, attempt, number, currency, amount, manual, return_url, state,"
            " captured, created_at) VALUES ('k', 'sb_x_1', %s, 1, '4242424242424242', 'USD', 1000, false, '', 'captured', 1000, %s)",
            (payment, till.clock()),
        )
    return payment


def test_a_message_about_a_payment_that_we_do_not_have_is_kept_and_shown_and_may_be_dealt_with_again(till: Till):
    payment = unknown_to_us(till)
    body = msgspec.json.encode({"id": "evt_9", "type": "charge.captured", "data": {"charge": "sb_x_1"}})
    assert till.hear(body, {HEADER: sign(KEY, body, till.clock())}) == 200
    till.settle()
    (kept,) = till.books.messages("sandbox", "unknown", None, 10)
    assert (kept.note, kept.payment_id) == ("payment_not_found", payment)
    assert till.books.body(kept.id) == body
    assert till.books.again(kept.id, uuid4())
    till.settle()
    assert len(till.books.messages("sandbox", "unknown", None, 10)) == 1
    assert not till.books.again(uuid4(), uuid4())


def test_a_message_about_nothing_is_put_aside(till: Till):
    till.hear(BODY, {HEADER: sign(KEY, BODY, till.clock())})
    till.settle()
    assert [each.handling for each in till.books.messages(None, None, None, 10)] == ["ignored"]


def test_a_forged_message_is_not_kept(till: Till):
    assert till.hear(BODY, {HEADER: sign(b"other", BODY, till.clock())}) == 401
    assert till.books.messages(None, None, None, 10) == []


def test_messages_are_told_again_until_somebody_hears_them(till: Till):
    till.deaf = True
    till.ask("4242424242424242")
    till.settle()
    assert till.told == 0
    till.deaf = False
    till.later(timedelta(minutes=1))
    assert till.told == 1


def test_the_list_goes_on_where_a_page_ended(till: Till):
    for _ in range(3):
        till.ask("4242424242424242")
    till.settle()
    first = till.books.messages(None, None, None, 2)
    rest = till.books.messages(None, None, (first[-1].received_at, first[-1].id), 2)
    assert len({each.id for each in (*first, *rest)}) == 3


def test_the_daily_comparison_repairs_what_was_missed(till: Till):
    till.deaf = True
    payment = till.ask("4000000000000077", minutes=600)
    till.settle()
    till.clock.ahead += timedelta(minutes=2)
    assert [(each["code"], each["repaired"]) for each in till.compared()] == [("missed_captured", True)]
    assert till.standing(payment) == "captured"
    assert till.compared() == []


def test_the_daily_comparison_tells_what_it_cannot_repair(till: Till):
    unknown_to_us(till)
    lost, kept, less = (till.ask("4242424242424242") for _ in range(3))
    till.settle()
    with till.pool.connection() as connection:
        connection.execute("DELETE FROM sandbox_charges WHERE payment_id = %s", (lost,))
        connection.execute("UPDATE sandbox_charges SET captured = 900 WHERE payment_id = %s", (less,))
    found = {(each["code"], each["paymentId"]) for each in till.compared()}
    assert {code for code, _ in found} == {"payment_unknown", "provider_has_none", "amount_differs"}
    assert {("provider_has_none", str(lost)), ("amount_differs", str(less))} < found
    assert str(kept) not in {payment for _, payment in found}


def test_every_day_has_one_comparison_however_many_workers_start(till: Till):
    for _ in range(3):
        till.compare.begin()
    assert till.count("SELECT count(*) FROM jobs WHERE kind = 'compare_payments'") == 1
    till.later(timedelta(days=3), steps=12)
    assert till.count("SELECT count(*) FROM payment_comparisons") in {2, 3}
    assert till.count("SELECT count(*) FROM jobs WHERE kind = 'compare_payments' AND state = 'due'") == 1


def kept(till: Till) -> tuple[UUID, bytes, bool]:
    with till.pool.connection() as connection:
        (found,) = connection.execute("SELECT id, body, sealed FROM payment_messages").fetchall()
    return found[0], bytes(found[1]), found[2]


def told_of_nothing_known(till: Till) -> bytes:
    unknown_to_us(till)
    body = msgspec.json.encode({"id": "evt_9", "type": "charge.captured", "data": {"charge": "sb_x_1"}})
    assert till.hear(body, {HEADER: sign(KEY, body, till.clock())}) == 200
    till.settle()
    return body


def test_a_message_names_people_and_is_sealed_where_it_lies_under_its_own_id(till: Till):
    body = told_of_nothing_known(till)
    id, at_rest, sealed = kept(till)
    assert sealed
    assert b"charge" not in at_rest
    assert till.books.body(id) == till.books.message(id).body == body
    with pytest.raises(InvalidTag):
        Bodies(KEY).opened(uuid4(), at_rest)


def test_what_was_kept_in_clear_is_sealed_on_the_next_occasion_and_can_be_replayed_before_and_after(till: Till):
    body = told_of_nothing_known(till)
    with till.pool.connection() as connection:
        connection.execute("UPDATE payment_messages SET body = %s, sealed = false", (body,))
    assert till.books.body(kept(till)[0]) == body
    till.compared()
    id, at_rest, sealed = kept(till)
    assert sealed
    assert at_rest != body
    assert till.books.body(id) == body
    assert till.books.again(id, uuid4())
    till.settle()
    assert [each.note for each in till.books.messages("sandbox", "unknown", None, 10)] == ["payment_not_found"]


def test_what_messages_said_is_kept_no_longer_than_of_use_but_that_they_came_stays_known(till: Till):
    body = told_of_nothing_known(till)
    till.clock.ahead += MESSAGES_KEPT - timedelta(minutes=1)
    till.compared()
    id, _, _ = kept(till)
    assert till.books.body(id) == body
    till.clock.ahead += timedelta(minutes=2)
    till.compared()
    assert kept(till) == (id, b"", True)
    assert till.books.body(id) is None
    assert not till.books.again(id, uuid4())
    assert len(till.books.messages("sandbox", None, None, 10)) == 1
    with pytest.raises(Skipped):
        till.books.message(id)
    assert not till.books.receive("sandbox", Announced("evt_9", "charge.captured"), body, uuid4())
