"""Buying what is in the cart: first what it would cost, then all of it at once or nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response
from litestar.params import JSONBody
from litestar.types import ExceptionHandlersMap

from application.commands.buying.quotes import Quote, Quotes
from application.commands.checkouts import CheckedOut, CheckOut, PricesChanged
from application.handler import Handler
from application.payments.ports import Providers
from application.payments.retrying import require_method
from application.ports import Clock
from domain.decider import Rejected
from domain.orders.carts.cart import Cart, carts
from domain.orders.pricing import PricedOrder
from domain.values import Money, Value
from interfaces.http.answers import Accepted
from interfaces.http.caller import anyone
from interfaces.http.commands.orders.bodies import Checkout, Preview
from interfaces.http.commands.orders.carts import known
from interfaces.http.commands.payments.addresses import PayAt
from interfaces.http.dispatch import KEYED, Dispatch
from interfaces.http.errors import Problem, ProblemDocument, answer, problems
from interfaces.http.requests import Given
from interfaces.http.routes import post
from interfaces.http.shopper import Shopper

REFUSED = (
    "cart_empty",
    "not_on_sale",
    "own_listing",
    "currency_mixed",
    "total_too_large",
    "slot_closed",
    "outside_zone",
    "code_not_started",
    "code_over",
    "code_minimum",
    "code_currency",
    "code_needs_account",
    "code_used",
    "code_exhausted",
)


class PreviewedLine(Value, frozen=True):
    listing_id: UUID
    sku: str
    title: str
    quantity: int
    unit_price: Money
    discount: Money
    tax_rate: int
    tax: Money
    total: Money


class PreviewedOrder(Value, frozen=True):
    """One seller's part of the checkout; with `reverseCharge` prices are without the tax, which the buyer owes himself."""

    seller_id: UUID
    lines: list[PreviewedLine]
    goods: Money
    discount: Money
    delivery_fee: Money
    tax: Money
    total: Money
    reverse_charge: bool = False


class PreviewedTrouble(Value, frozen=True):
    """Why an item cannot be bought as it is; `item` is its place in the cart, from 0."""

    item: int
    code: str
    detail: str


class PreviewedWindow(Value, frozen=True):
    starts_at: datetime
    ends_at: datetime
    timezone: str


class Previewed(Value, frozen=True):
    """What is in trouble for want of stock is priced all the same; what is not on sale is left out."""

    orders: list[PreviewedOrder]
    troubles: list[PreviewedTrouble]
    goods: Money
    discount: Money
    delivery_fee: Money
    tax: Money
    total: Money
    delivery: PreviewedWindow | None


class AcceptedOrder(Accepted, frozen=True):
    seller_id: UUID
    total: Money


class AcceptedCheckout(Accepted, frozen=True):
    """The id is the checkout's; each seller's order has its own, all are paid by one payment until `paymentDue`.

    `checkoutUrl` is where a browser goes to pay, whatever the provider asks for; apps that know it look at the payment's `actionUrl`.
    """

    orders: list[AcceptedOrder]
    payment_id: UUID
    checkout_url: str
    payment_due: datetime
    total: Money


def repriced(request: Request[Any, Any, Any], error: PricesChanged) -> Response[ProblemDocument]:
    return answer(request, Problem(409, error.code, error.detail, total=error.total))


REPRICED: ExceptionHandlersMap = {PricesChanged: repriced}


class CheckoutCommands(Controller):
    path = "/v1/checkouts"
    tags = ("checkouts",)
    exception_handlers = REPRICED

    @post("/preview", status_code=200, guards=[anyone], sync_to_thread=True, responses=problems(*REFUSED))
    def preview(
        self,
        data: JSONBody[Preview],
        shopper: Given[Shopper],
        handle: Given[Handler],
        quotes: Given[Quotes],
        clock: Given[Clock],
    ) -> Response[Previewed]:
        """What the cart would cost now, seller by seller, and what of it cannot be bought; nothing is written or held."""
        cart: Cart = handle.state(known(shopper).cart, carts)
        if not cart.items:
            raise Rejected("cart_empty", "There is nothing to buy.")
        return Response(previewed(quotes(data.asked(shopper, cart.items), clock(), with_stock=True)))

    @post(
        "/",
        guards=[anyone],
        sync_to_thread=True,
        opt={KEYED: True},
        responses=problems(*REFUSED, "cart_changed", "prices_changed", "out_of_stock", "slot_full", "cart_given_over"),
    )
    def check_out(
        self,
        data: JSONBody[Checkout],
        shopper: Given[Shopper],
        run: Given[Dispatch],
        check_out: Given[CheckOut],
        providers: Given[Providers],
        pay_at: Given[PayAt],
    ) -> Response[AcceptedCheckout]:
        """Buy what is in the cart: one order for each seller, with stock, slot, code and payment, or nothing at all.

        A refusal that concerns an item of the cart points to it as `/items/0`, where 0 is its place; `prices_changed` has the `total`
        as it is by now, to be shown and confirmed.
        """
        who = known(shopper)
        require_method(providers, data.payment.provider, data.payment.method, data.expected_total.currency, "/payment")
        given = run.acting(who.actor)
        done = check_out(data.purchase(who), run.new_id(), run.now, given.meta)
        return who.told(accepted(done, given, pay_at))


def accepted(done: CheckedOut, run: Dispatch, pay_at: PayAt) -> Response[AcceptedCheckout]:
    bought: list[AcceptedOrder] = []
    for each in done.orders:
        total = Money(each.state.total, done.currency)
        actions = each.decider.actions(each.state, run.by)
        bought.append(AcceptedOrder(each.stream, each.version, each.position, actions, each.state.seller_id, total))
    total = Money(done.total, done.currency)
    body = AcceptedCheckout(
        done.checkout_id, 1, done.position, [], bought, done.payment_id, pay_at(done.payment_id), done.payment_due, total
    )
    headers = {"ETag": '"1"', "Position": str(done.position), "Location": f"/v1/checkouts/{done.checkout_id}"}
    if done.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Response(body, status_code=201, headers=headers)


def previewed(quote: Quote) -> Previewed:
    cost, booking = quote.priced, quote.booking
    money = in_currency(cost.currency)
    return Previewed(
        [previewed_order(each, money) for each in cost.orders],
        [PreviewedTrouble(each.item, each.code, each.detail) for each in quote.troubles],
        money(cost.goods),
        money(cost.discount),
        money(cost.delivery_fee),
        money(cost.tax),
        money(cost.total),
        PreviewedWindow(booking.offer.starts_at, booking.offer.ends_at, booking.terms.timezone) if booking else None,
    )


def previewed_order(order: PricedOrder, money: Any) -> PreviewedOrder:
    lines = [
        PreviewedLine(
            each.listing_id,
            each.sku,
            each.title,
            each.quantity,
            money(each.unit_price),
            money(each.discount),
            each.tax_rate,
            money(each.tax),
            money(each.total),
        )
        for each in order.lines
    ]
    return PreviewedOrder(
        order.seller_id,
        lines,
        money(order.goods),
        money(order.discount),
        money(order.delivery_fee),
        money(order.tax),
        money(order.total),
        order.reverse_charge,
    )


def in_currency(currency: str) -> Any:
    def money(amount: int) -> Money:
        return Money(amount, currency)

    return money
