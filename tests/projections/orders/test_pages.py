"""What people see of orders, carts, codes and slots after what has happened."""

from uuid import UUID

from domain.orders import events as e
from domain.orders.carts.events import CartCheckedOut, CartItem, CartItemPut, CartItemRemoved, CartMerged
from domain.orders.codes.events import CodeDeclared, CodeGivenBack, CodeTerms, CodeUsed, CodeWithdrawn
from domain.orders.placed import RETURNED, RETURNING
from domain.values import Actor, Money, Role
from projections.orders import cart, codes, page, timeline
from tests.bdd import Shown, erased
from tests.domain.orders.shop import (
    ANA,
    BEN,
    BREAD,
    CARA,
    ELSEWHERE,
    HOME,
    IDS,
    MILK,
    NOON,
    ORDER,
    PAYMENT,
    STAN,
    TOTAL,
    arrived,
    cancelled,
    confirmed,
    paid,
    placed,
    refund,
    requested,
)

PARTS = (e.Part(1, 3), e.Part(2, 1))
returned = e.OrderReturned(*IDS, PARTS, e.Reason.DAMAGED, ANA.id, (), TOTAL, refund(1), PAYMENT, NOON)


def test_an_order_is_shown_with_what_it_costs_and_where_it_goes():
    shown = Shown(page.view, placed()).one
    assert (shown.status, shown.stage, shown.total, shown.address) == ("CREATED", "CREATED", Money(TOTAL, "CHF"), HOME)
    assert [(each.title, each.quantity, each.gone, each.total.amount) for each in shown.lines] == [
        ("Milk", 3, 0, 540),
        ("Bread", 1, 0, 450),
    ]
    assert shown.delivery is not None
    assert shown.delivery.timezone == "Europe/Zurich"


def test_an_order_is_paid_by_the_service_or_answered_for():
    assert Shown(page.view, *paid).one.paid
    by_staff = e.OrderConfirmed(*IDS, PAYMENT, (), STAN.id, NOON)
    assert not Shown(page.view, placed(), by_staff).one.paid
    assert Shown(page.view, placed(), by_staff, e.OrderPaid(ORDER, CARA.id, PAYMENT, NOON)).one.paid


def test_what_is_cancelled_says_why_and_what_goes_back():
    shown = Shown(page.view, placed(), confirmed, cancelled(repaid=TOTAL)).one
    assert (shown.status, shown.cancelled, shown.refunded.amount) == ("CANCELLED", "other", TOTAL)
    assert all(each.gone == each.quantity for each in shown.lines)


def test_a_return_is_seen_on_its_way():
    asked = Shown(page.view, *arrived, requested).one
    assert asked.stage == RETURNING
    assert asked.returning is not None
    assert asked.returning.parts == requested.parts
    refused = Shown(page.view, *arrived, requested, e.OrderReturnRefused(*IDS, ANA.id, NOON, "Opened.")).one
    assert (refused.stage, refused.returning, refused.note) == ("DELIVERED", None, "Opened.")
    back = Shown(page.view, *arrived, requested, returned).one
    assert (back.stage, back.refunded.amount) == (RETURNED, TOTAL)


def test_a_new_address_is_shown_and_a_forgotten_buyers_is_not():
    moved = e.OrderAddressChanged(ORDER, CARA.id, ELSEWHERE, CARA.id, NOON)
    assert Shown(page.view, placed(), moved).one.address == ELSEWHERE
    forgotten = Shown(page.view, *(erased(each) for each in (placed(), moved, requested, cancelled()))).one
    assert (forgotten.address, forgotten.contact, forgotten.spot) == (None, "", None)


def test_only_those_whom_it_concerns_see_an_order():
    assert page.visible_to(CARA).values == {"caller": CARA.id}
    for role in (Role.STAFF, Role.ADMIN, Role.AUDITOR):
        assert page.visible_to(Actor(BEN.id, frozenset({role}))).text == "true"


def test_a_timeline_tells_every_step_once():
    told = Shown(timeline.view, *arrived, requested, returned).one.entries
    assert [each.what for each in told] == ["placed", "confirmed", "packed", "dispatched", "delivered", "return_requested", "returned"]
    assert [each.by for each in told[:3]] == [CARA.id, None, ANA.id]
    assert told[-1].refund == Money(TOTAL, "CHF")
    assert set(page.EVENTS) == set(timeline.WORDS)


def test_a_cart_holds_what_was_put_in_and_not_taken_out():
    milk = CartItem(MILK, "MILK", ANA.id, 2, Money(180, "CHF"))
    bread = CartItem(BREAD, "LOAF", ANA.id, 1, Money(450, "CHF"))
    id = UUID(int=1)
    history = (CartItemPut(id, milk, NOON), CartItemPut(id, bread, NOON), CartItemRemoved(id, MILK, "MILK", NOON))
    assert Shown(cart.view, *history).one.items == (bread,)
    assert Shown(cart.view, *history, CartMerged(id, UUID(int=2), (milk, bread), NOON)).one.items == (milk, bread)
    assert Shown(cart.view, *history, CartCheckedOut(id, UUID(int=3), NOON)).one.items == ()


def test_a_code_is_shown_with_its_uses():
    id, terms = UUID(int=1), CodeTerms(basis_points=1_000)
    declared = CodeDeclared(id, "TENTH", terms, STAN.id, NOON)
    used = CodeUsed(id, UUID(int=2), (ORDER,), CARA.id, 1, NOON)
    shown = Shown(codes.view, declared, used, declared).one
    assert (shown.terms, shown.uses, shown.withdrawn) == (terms, 1, False)
    back = CodeGivenBack(id, UUID(int=2), ORDER, CARA.id, 0, NOON)
    assert Shown(codes.view, declared, used, back, CodeWithdrawn(id, STAN.id, NOON)).one.withdrawn
