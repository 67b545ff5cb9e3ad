"""Where a shipment stands: what is under way, what is there, what is wrong with it, and what may be done next."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from domain.groups.supply.commands import RaiseQualityIssue, RecordArrival, ResolveQualityIssue, ShipGoods
from domain.groups.supply.events import ShipmentStatus, Way
from domain.groups.supply.quote import ORGANISER, STAFF, SUPPLIER
from domain.lifecycle import Lifecycle, step
from domain.values import Value

S = ShipmentStatus
SENDING = frozenset({S.OPEN, S.PARTLY_SHIPPED})
AWAITED = SENDING | {S.SHIPPED}
PRESENT = frozenset({S.PARTLY_SHIPPED, S.SHIPPED, S.ARRIVED})
LASTING = SENDING | PRESENT

LIFECYCLE = Lifecycle(
    "shipment",
    [
        step("ship", ShipGoods, LASTING, {SUPPLIER, STAFF}, "shipment_ended"),
        step("arrive", RecordArrival, PRESENT, {SUPPLIER, ORGANISER, STAFF}, "nothing_under_way"),
        step("issue", RaiseQualityIssue, PRESENT, {STAFF}, "nothing_arrived"),
        step("resolve", ResolveQualityIssue, PRESENT, {STAFF}, "nothing_arrived"),
    ],
)


class Part(Value, frozen=True):
    """What was sent at once."""

    quantity: int
    arrived: bool = False
    replaces: UUID | None = None


class Issue(Value, frozen=True):
    """`replaced` counts the pieces sent in place of those found wanting."""

    quantity: int
    way: Way | None = None
    replaced: int = 0

    @property
    def owed(self) -> int:
        """Pieces that are still to be replaced."""
        return self.quantity - self.replaced if self.way == "replacement" else 0

    @property
    def open(self) -> bool:
        """Whether something is to be decided: how it is resolved, or by a refund what was promised to be replaced and is not."""
        return self.way is None or self.owed > 0


class Unopened(Value, frozen=True, tag=True):
    pass


class Opened(Value, frozen=True, tag=True):
    """A shipment at any point of its life; `refunded` is what of its `amount` was given back for its quality."""

    shipment_id: UUID
    group_id: UUID
    supplier_id: UUID
    seller_id: UUID
    organiser_id: UUID
    quantity: int
    amount: int
    due_at: datetime
    status: ShipmentStatus = S.OPEN
    parts: tuple[Part, ...] = ()
    issues: Mapping[UUID, Issue] = {}
    refunded: int = 0

    @property
    def shipped(self) -> int:
        return sum(each.quantity for each in self.parts if each.replaces is None)

    @property
    def arrived(self) -> int:
        return sum(each.quantity for each in self.parts if each.arrived)

    @property
    def owed(self) -> int:
        """Pieces that are still to be sent, bought ones or replacements."""
        return self.quantity - self.shipped + sum(each.owed for each in self.issues.values())

    @property
    def under_way(self) -> int:
        return sum(each.quantity for each in self.parts if not each.arrived)

    @property
    def unquestioned(self) -> int:
        """Pieces that are there and that nobody has complained of."""
        return self.arrived - sum(each.quantity for each in self.issues.values())

    @property
    def open_issues(self) -> int:
        return sum(each.open for each in self.issues.values())


Shipment = Unopened | Opened


def offered(status: ShipmentStatus, held: frozenset[str], *, owed: int, under_way: int, unquestioned: int, open_issues: int) -> list[str]:
    """The steps that the status allows and that there is something to do for."""
    idle = {"ship": not owed, "arrive": not under_way, "issue": not unquestioned, "resolve": not open_issues}
    return [action for action in LIFECYCLE.actions(status, held) if not idle[action]]
