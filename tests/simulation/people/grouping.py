"""Those who buy together: members who join, pay and change their minds, an organiser with two counters, and the supplier."""

from datetime import timedelta
from uuid import uuid5

from application.commands.groups.contributions import Way
from application.handler import Appended
from application.ports import Meta
from domain.goods import TaxClass, Tier, Unit
from domain.groups import commands as group
from domain.groups.events import PickUpOpened
from domain.groups.ids import pass_id, quote_id, shipment_id
from domain.groups.passes.commands import RedeemPass
from domain.groups.supply.commands import AcceptQuote, RecordArrival, RejectQuote, ShipGoods, SubmitQuote
from domain.groups.values import PickupPlace, Status, Visibility
from domain.values import Place
from tests.simulation.outside import DECLINED, GOOD, SLOW
from tests.simulation.people.person import Person
from tests.simulation.people.town import CARA, MILL, PICKUP, TOWN
from tests.simulation.service import SANDBOX, Server

MINIMUM, MAXIMUM = 6, 9
AT_ONCE = 2
"""Groups that are open at the same time."""

OPEN = (Status.GATHERING, Status.MINIMUM_REACHED)


class Member(Person):
    def act(self) -> None:
        may = (self.join, self.join, self.contribute, self.contribute, self.contribute, self.change, self.leave)
        self.stage.random.choice(may)()

    def join(self, quantity: int = 0) -> None:
        if found := self.group(*OPEN):
            id, wanted = found.group_id, quantity or self.stage.random.randint(2, 5)
            self.give(id, lambda: group.JoinGroup(id, self.actor.id, wanted, PICKUP, self.actor, self.stage.now))

    def contribute(self, method: str = "") -> None:
        found, payment = self.group(*OPEN), self.new_id()
        way = Way(SANDBOX, method or self.stage.random.choice((GOOD, GOOD, GOOD, GOOD, DECLINED, SLOW)), None)
        if found:
            id = found.group_id

            def pay(server: Server, meta: Meta) -> list[Appended]:
                asked = server.contribute(id, payment, way, self.actor, self.stage.now, meta)
                return [asked.group, asked.payment]

            self.ask("a contribution", pay)

    def change(self) -> None:
        if found := self.group(*OPEN):
            id, quantity = found.group_id, self.stage.random.randint(2, 5)
            self.give(id, lambda: group.ChangeQuantity(id, self.actor.id, quantity, self.actor, self.stage.now))

    def leave(self) -> None:
        if found := self.group(*OPEN):
            id = found.group_id
            self.give(id, lambda: group.LeaveGroup(id, self.actor.id, self.actor, self.stage.now))


class Organiser(Person):
    """Opens groups, settles with the supplier, and hands the goods out, at two counters at once where there are two of him."""

    def act(self) -> None:
        if len(self.groups()) < AT_ONCE:
            self.open()
            return
        self.stage.random.choice((self.lock, self.accept, self.receive, self.hand_out, self.hand_out, self.think_again))()

    def open(self) -> None:
        id, begun = self.new_id(), self.stage.now
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

    def lock(self) -> None:
        if found := self.group(Status.MINIMUM_REACHED):
            self.give(found.group_id, lambda: group.LockGroup(found.group_id, CARA, self.stage.now))

    def accept(self) -> None:
        if found := self.group(Status.SUPPLIER_NOTIFIED, Status.QUOTED):
            quote = quote_id(found.group_id)
            self.give(quote, lambda: AcceptQuote(quote, CARA, self.stage.now))

    def receive(self) -> None:
        if found := self.group(Status.SHIPPED):
            shipment = shipment_id(found.group_id)
            self.give(shipment, lambda: RecordArrival(shipment, 1, CARA, self.stage.now))

    def think_again(self) -> None:
        """Seldom."""
        if self.stage.random.random() < 0.3 and (found := self.group(*OPEN, Status.LOCKED, Status.QUOTED)):
            id, quote = found.group_id, quote_id(found.group_id)
            if found.status is Status.QUOTED:
                self.give(quote, lambda: RejectQuote(quote, "Too dear.", CARA, self.stage.now))
            else:
                self.give(id, lambda: group.CancelGroup(id, CARA, self.stage.now))

    def hand_out(self) -> None:
        """To whoever comes, also to one who has been there before."""
        ready: PickUpOpened | None = self.one(PickUpOpened)
        if ready:
            part = self.stage.random.choice(ready.parts)
            id, redemption = pass_id(ready.group_id, part.member_id, 1), self.new_id()
            quantity = self.stage.random.choice((None, 1, 2))
            self.give(id, lambda: RedeemPass(id, quantity, redemption, CARA, self.stage.now))


class Supplier(Person):
    def act(self) -> None:
        self.stage.random.choice((self.quote, self.ship))()

    def quote(self) -> None:
        if found := self.group(Status.LOCKED, Status.SUPPLIER_NOTIFIED):
            id, valid = quote_id(found.group_id), self.stage.now + timedelta(days=3)
            self.give(id, lambda: SubmitQuote(id, 500, found.bought, 3, valid, "", MILL, self.stage.now, for_supplier=True))

    def ship(self) -> None:
        if found := self.group(Status.ACCEPTED, Status.INVOICED):
            id, eta = shipment_id(found.group_id), (self.stage.now + timedelta(days=2)).date()
            self.give(id, lambda: ShipGoods(id, found.bought, "Swift", "1", eta, MILL, self.stage.now, for_supplier=True))
