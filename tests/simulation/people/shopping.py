"""Buyers who fill carts, check out, pay and call off, and a seller who receives, counts, packs and delivers."""

from application.commands.checkouts import Purchase
from domain.orders import commands as order
from domain.orders.carts.cart import cart_id
from domain.orders.carts.events import CartItem
from domain.orders.events import (
    OrderConfirmed,
    OrderPlaced,
    Reason,
)
from domain.payments.commands import RetryPayment
from domain.payments.events import PaymentRequested
from domain.stock.commands import AdjustStock, CountStock, ReceiveStock
from domain.stock.events import AdjustmentReason
from domain.stock.stock import MAIN, stock_id
from domain.values import Actor
from tests.simulation.outside import DECLINED, GOOD, SLOW
from tests.simulation.people.person import Person
from tests.simulation.people.town import HOME, PRICE, SAM, SKUS, thing
from tests.simulation.service import SANDBOX


class Buyer(Person):
    def act(self) -> None:
        what = self.stage.random.choice((self.buy, self.buy, self.buy, self.cancel, self.pay_again))
        what()

    def buy(self) -> None:
        chance, me = self.stage.random, self.actor.id
        cart, sku = cart_id(me), chance.choice(SKUS)
        item = CartItem(thing(sku), sku, SAM.id, chance.randint(1, 3), PRICE)
        self.give(cart, lambda: order.FillCart(cart, (item,), self.stage.now))
        checkout, method = self.new_id(), chance.choice((GOOD, GOOD, GOOD, DECLINED, SLOW))
        purchase = Purchase(me, HOME, SANDBOX, method, cart, contact="ana@example.org")
        self.ask("a checkout", lambda server, meta: server.check_out(purchase, checkout, self.stage.now, meta).orders)

    def cancel(self) -> None:
        placed: OrderPlaced | None = self.one(OrderPlaced)
        if placed:
            id = placed.order_id
            self.give(id, lambda: order.CancelOrder(id, Reason.CHANGED_MIND, Actor(placed.buyer_id), self.stage.now))

    def pay_again(self) -> None:
        asked: PaymentRequested | None = self.one(PaymentRequested)
        if asked:
            id, payer = asked.payment_id, Actor(asked.payer_id)
            self.give(id, lambda: RetryPayment(id, SANDBOX, GOOD, payer, self.stage.now))


class Seller(Person):
    def act(self) -> None:
        chance, sku = self.stage.random, self.stage.random.choice(SKUS)
        stock = stock_id(SAM.id, sku)
        match chance.randint(0, 5):
            case 0:
                self.give(stock, lambda: ReceiveStock(stock, SAM.id, sku, MAIN, 5, SAM, self.stage.now))
            case 1:
                self.give(stock, lambda: AdjustStock(stock, -1, AdjustmentReason.DAMAGED, SAM, self.stage.now))
            case 2:
                self.give(stock, lambda: CountStock(stock, SAM.id, sku, MAIN, 9, SAM, self.stage.now))
            case _:
                self.send()

    def send(self) -> None:
        confirmed: OrderConfirmed | None = self.one(OrderConfirmed)
        if confirmed:
            id = confirmed.order_id
            step = self.stage.random.choice((order.PackOrder, order.DispatchOrder, order.DeliverOrder))
            self.give(id, lambda: step(id, SAM, self.stage.now))
