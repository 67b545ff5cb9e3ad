"""Who uses the service: buyers, a seller, a group's organiser and its supplier, and a provider of payments that sends messages."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from application.commands.checkouts import Purchase
from application.commands.groups.contributions import Way
from application.handler import Handler
from application.payments.reports import report
from application.ports import Conflict, Meta, Result, Unavailable
from domain.decider import Rejected
from domain.goods import TaxClass, Tier, Unit, Variant
from domain.groups import commands as group
from domain.groups.events import GroupLocked, GroupOpened, PickUpOpened
from domain.groups.ids import pass_id, quote_id, shipment_id
from domain.groups.passes.commands import RedeemPass
from domain.groups.supply.commands import AcceptQuote, RecordArrival, RejectQuote, ShipGoods, SubmitQuote
from domain.groups.values import PickupPlace, Visibility
from domain.listings import commands as listing
from domain.orders import commands as order
from domain.orders.cart import cart_id
from domain.orders.events import CartItem, OrderPlaced, Reason
from domain.payments.commands import RetryPayment
from domain.payments.events import PaymentRequested
from domain.recorded import Recorded
from domain.stock.commands import AdjustStock, CountStock, ReceiveStock
from domain.stock.events import AdjustmentReason
from domain.stock.stock import MAIN, stock_id
from domain.users.commands import RegisterUser
from domain.values import SYSTEM, Actor, Address, Money, Place, Role, Value
from tests.simulation.invariants import Broken
from tests.simulation.outside import DECLINED, GOOD, SLOW
from tests.simulation.service import SANDBOX, Server, Service
from tests.simulation.stage import Died, Stage

TOWN = UUID("018f0000-0000-7000-8000-0000000051a1")
HOME = Address("Ana", ("Seestrasse 1",), "Stäfa", "8712", "CH")
ANA, BEN, CARA, SAM, MILL = (Actor(uuid5(TOWN, name), frozenset({Role.CUSTOMER})) for name in ("ana", "ben", "cara", "sam", "mill"))
MODERATOR = Actor(uuid5(TOWN, "mo"), frozenset({Role.MODERATOR}))
SKUS = ("MILK", "LOAF")
MINIMUM, MAXIMUM = 6, 9
PICKUP = uuid5(TOWN, "market")
Work = Callable[[Server, Meta], Any]


def thing(sku: str) -> UUID:
    return uuid5(TOWN, sku)


class Person(ABC):
    """Asks servers for things, and asks again by the same command id where no answer comes."""

    def __init__(self, stage: Stage, service: Service, actor: Actor) -> None:
        self.stage = stage
        self.service = service
        self.actor = actor
        self.acknowledged: list[tuple[UUID, Sequence[Result]]] = []

    @abstractmethod
    def act(self) -> None:
        """Do one thing, if there is any to do."""

    def give(self, stream: UUID, make: Callable[[], Value]) -> None:
        self.ask(type(make()).__name__, lambda server, meta: [server.handle(stream, make(), meta)])

    def ask(self, what: str, work: Work) -> None:
        chance = self.stage.random
        id = UUID(int=chance.getrandbits(128), version=4)
        meta = Meta(id, self.actor.id, id, None, id.bytes)
        again = chance.random() < 0.1  # who is impatient asks twice
        while True:
            self.stage.point(f"asks for {what}")
            try:
                server = chance.choice(self.service.servers)
                results = [Result(each.stream, each.version, each.position) for each in server.ask(lambda one: work(one, meta))]
            except Rejected as refused:
                self.stage.told(f"is refused: {refused.code}")
                self._refused(id, refused)
                return
            except (Died, Unavailable, Conflict):
                self.stage.told("gets no answer")
                continue
            self._answered(id, results)
            if not again:
                return
            again = False

    def _refused(self, id: UUID, refused: Rejected) -> None:
        if id in self.service.log.commands:
            raise Broken(f"a command was refused as {refused.code}, though it ran", *(each.stream for each in self._results(id)))

    def _answered(self, id: UUID, results: Sequence[Result]) -> None:
        streams = [each.stream for each in results]
        if id not in self.service.log.commands:
            raise Broken("a command was acknowledged that is not on the log", *streams)
        known = {each.stream: each for each in self._results(id)}
        if any(known.get(each.stream) != each for each in results):
            raise Broken(f"a command was answered as {results}, and led to {list(known.values())}", *streams)
        self.acknowledged.append((id, results))

    def _results(self, id: UUID) -> Sequence[Result]:
        return self.service.log.commands[id][1]

    def known(self, kind: type[Any]) -> list[Recorded[Any]]:
        """What has happened of this kind: people see what is there."""
        return [each for each in self.service.log.events if type(each.event) is kind]

    def one(self, kind: type[Any]) -> Any:
        """Something that has happened, sooner of late; None where nothing has."""
        found = self.known(kind)[-4:]
        return self.stage.random.choice(found).event if found else None


class Buyer(Person):
    def act(self) -> None:
        may = (self.buy, self.buy, self.cancel, self.pay_again, self.join, self.join, self.contribute, self.change)
        what = self.stage.random.choice(may)
        what()

    def buy(self) -> None:
        chance, me = self.stage.random, self.actor.id
        cart, sku = cart_id(me), chance.choice(SKUS)
        item = CartItem(thing(sku), sku, SAM.id, chance.randint(1, 3), Money(180, "CHF"))
        self.give(cart, lambda: order.FillCart(cart, (item,), self.stage.now))
        checkout = UUID(int=chance.getrandbits(128), version=4)
        method = chance.choice((GOOD, GOOD, DECLINED, SLOW))
        purchase = Purchase(me, HOME, SANDBOX, method, cart, contact="ana@example.org")
        self.ask(
            "a checkout",
            lambda server, meta: server.check_out(purchase, checkout, self.stage.now, meta).orders,
        )

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

    def join(self) -> None:
        opened: GroupOpened | None = self.one(GroupOpened)
        if opened:
            id, quantity = opened.group_id, self.stage.random.randint(2, 5)
            self.give(id, lambda: group.JoinGroup(id, self.actor.id, quantity, PICKUP, self.actor, self.stage.now))

    def contribute(self) -> None:
        opened: GroupOpened | None = self.one(GroupOpened)
        if opened:
            payment = UUID(int=self.stage.random.getrandbits(128), version=4)
            way = Way(SANDBOX, self.stage.random.choice((GOOD, GOOD, GOOD, DECLINED, SLOW)), None)

            def pay(server: Server, meta: Meta) -> Any:
                asked = server.contribute(opened.group_id, payment, way, self.actor, self.stage.now, meta)
                return [asked.group, asked.payment]

            self.ask("a contribution", pay)

    def change(self) -> None:
        opened: GroupOpened | None = self.one(GroupOpened)
        if opened:
            id, quantity = opened.group_id, self.stage.random.randint(1, 5)
            if quantity == 1:
                self.give(id, lambda: group.LeaveGroup(id, self.actor.id, self.actor, self.stage.now))
            else:
                self.give(id, lambda: group.ChangeQuantity(id, self.actor.id, quantity, self.actor, self.stage.now))


class Seller(Person):
    def act(self) -> None:
        chance, sku = self.stage.random, self.stage.random.choice(SKUS)
        stock, now = stock_id(SAM.id, sku), lambda: self.stage.now
        match chance.randint(0, 4):
            case 0:
                self.give(stock, lambda: ReceiveStock(stock, SAM.id, sku, MAIN, 3, SAM, now()))
            case 1:
                self.give(stock, lambda: AdjustStock(stock, -1, AdjustmentReason.DAMAGED, SAM, now()))
            case 2:
                self.give(stock, lambda: CountStock(stock, SAM.id, sku, MAIN, 6, SAM, now()))
            case _:
                placed: OrderPlaced | None = self.one(OrderPlaced)
                if placed:
                    step = chance.choice((order.PackOrder, order.PackOrder, order.DispatchOrder, order.DeliverOrder))
                    self.give(placed.order_id, lambda: step(placed.order_id, SAM, now()))


class Organiser(Person):
    """Opens groups, settles with the supplier, and hands the goods out, at two counters at once where there are two of him."""

    def act(self) -> None:
        chance = self.stage.random
        match chance.randint(0, 6):
            case 0 if len(self.known(GroupOpened)) < 4:
                self.open()
            case 1 | 2:
                self.settle()
            case 3:
                if opened := self.one(GroupOpened):
                    id, cancel = opened.group_id, chance.random() < 0.1
                    ending = group.CancelGroup if cancel else group.LockGroup
                    self.give(id, lambda: ending(id, CARA, self.stage.now))
            case _:
                self.hand_out()

    def open(self) -> None:
        id, begun = UUID(int=self.stage.random.getrandbits(128), version=4), self.stage.now
        deadline = begun + timedelta(hours=self.stage.random.randint(1, 48))
        market = Place("ZW", "Harare", "Harare", -17.86, 31.04)
        spot = PickupPlace(PICKUP, "Mbare", "Ardbennie Road", market, deadline + timedelta(days=9), deadline + timedelta(days=10))
        self.give(
            id,
            lambda: group.OpenGroup(
                id, CARA.id, uuid5(TOWN, "company"), MILL.id, uuid5(TOWN, "maize"), "MAIZE", "Maize", "bulk", "USD", Unit.PACK,
                MINIMUM, MAXIMUM, 1, MAXIMUM, (Tier(8, 550),), 600, deadline, (spot,), Visibility.PUBLIC, (), 1_000,
                TaxClass.STANDARD, 3, CARA, begun,
            ),
        )  # fmt: skip

    def settle(self) -> None:
        locked: GroupLocked | None = self.one(GroupLocked)
        if locked:
            quote, shipment = quote_id(locked.group_id), shipment_id(locked.group_id)
            if self.stage.random.random() < 0.5:
                self.give(shipment, lambda: RecordArrival(shipment, 1, CARA, self.stage.now))
            elif self.stage.random.random() < 0.05:
                self.give(quote, lambda: RejectQuote(quote, "Too dear.", CARA, self.stage.now))
            else:
                self.give(quote, lambda: AcceptQuote(quote, CARA, self.stage.now))

    def hand_out(self) -> None:
        ready: PickUpOpened | None = self.one(PickUpOpened)
        if ready:
            part = self.stage.random.choice(ready.parts)
            id, redemption = pass_id(ready.group_id, part.member_id, 1), UUID(int=self.stage.random.getrandbits(128), version=4)
            quantity = self.stage.random.choice((None, 1, 2))
            self.give(id, lambda: RedeemPass(id, quantity, redemption, CARA, self.stage.now))


class Supplier(Person):
    def act(self) -> None:
        locked: GroupLocked | None = self.one(GroupLocked)
        if not locked:
            return
        quote, shipment = quote_id(locked.group_id), shipment_id(locked.group_id)
        if self.stage.random.random() < 0.5:
            valid = self.stage.now + timedelta(days=3)
            self.give(quote, lambda: SubmitQuote(quote, 500, locked.quantity, 3, valid, "", MILL, self.stage.now, for_supplier=True))
        else:
            eta = (self.stage.now + timedelta(days=2)).date()
            self.give(shipment, lambda: ShipGoods(shipment, locked.quantity, "Swift", "1", eta, MILL, self.stage.now, for_supplier=True))


class Messenger(Person):
    """What the provider says of a charge, late, twice or never."""

    def act(self) -> None:
        charges = list(self.service.provider.charges)[-6:]
        if charges:
            seen = self.service.provider.settle(self.stage.random.choice(charges))
            if report(seen, self.stage.now) is not None:
                self.give(seen.payment_id, lambda: self.said(seen))

    def said(self, seen: Any) -> Any:
        return report(seen, self.stage.now)


def settle_in(handle: Handler, now: Any) -> None:
    """The town before anything goes wrong: people, and two things on sale with some of each in stock."""

    def give(stream: UUID, command: Value) -> None:
        handle(stream, command, Meta(uuid5(stream, f"{command}"), SYSTEM.id, stream))

    for number, each in enumerate((ANA, BEN, CARA, SAM, MILL)):
        give(each.id, RegisterUser(each.id, f"p{number}@example.org", f"P{number}", uuid5(each.id, "link"), now))
    for sku in SKUS:
        id, price = thing(sku), Money(180, "CHF")
        give(id, listing.DraftListing(id, SAM.id, "product", "pantry", SAM, now, sku.title()))
        give(id, listing.OfferVariants(id, (Variant(sku, price),), SAM, now, {sku: 2}))
        give(id, listing.SubmitListing(id, SAM, now))
        give(id, listing.ApproveListing(id, MODERATOR, now))
        give(id, listing.PublishListing(id, SAM, now))
        stock = stock_id(SAM.id, sku)
        give(stock, ReceiveStock(stock, SAM.id, sku, MAIN, 6, SAM, now))
