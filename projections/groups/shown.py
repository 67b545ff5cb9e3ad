"""What is told of a group: its terms, its progress, what a piece costs, and what became of it."""

from datetime import datetime
from uuid import UUID

from msgspec import Raw, Struct

from domain.goods import TaxClass, Tier, Unit
from domain.groups.terms import PAID_WITHIN
from domain.groups.values import Failing, Locking, PickupPlace, Status, Visibility
from domain.values import Money, Value


class Progress(Value, frozen=True):
    """Pieces reserved (those paid for among them) and paid; `percent` is what is paid of the minimum, and may go beyond 100.

    `participants` hold a place, `payers` of them have paid, `waiting` stand on the waiting list. `collected` pieces were picked up.
    """

    reserved: int = 0
    paid: int = 0
    percent: int = 0
    participants: int = 0
    payers: int = 0
    waiting: int = 0
    collected: int = 0


class NextPrice(Value, frozen=True):
    """What a piece costs once `quantity` are paid for, of which so many are `missing`."""

    quantity: int
    price: Money
    missing: int


class Conditions(Value, frozen=True):
    """What one agrees to by joining. `fee` is the platform's part of one piece's price, never on top of it.

    Of a group that fails everybody gets everything back, the fee too; where the price has fallen by the lock, the difference. What
    is reserved has to be paid within `pay_within` seconds, and by the deadline.
    """

    fee_rate: int
    fee: Money
    fee_included: bool = True
    refunded_if_failed: bool = True
    difference_refunded: bool = True
    pay_within: int = int(PAID_WITHIN.total_seconds())


class Outcome(Value, frozen=True, omit_defaults=True):
    """What there is since the lock: what was bought at which price, by whose papers, or why it failed."""

    locked: Locking | None = None
    quantity: int | None = None
    price: Money | None = None
    amount: Money | None = None
    quote_id: UUID | None = None
    quoted: Money | None = None
    invoice_id: UUID | None = None
    shipment_id: UUID | None = None
    failed: Failing | None = None
    pick_up_ends_at: datetime | None = None
    settled: Money | None = None


class GroupPage(Value, frozen=True):
    """`price` is what a piece costs who pays now; `next_price` is null where more pieces make it no cheaper."""

    id: UUID
    organiser_id: UUID
    supplier_id: UUID
    seller_id: UUID
    listing_id: UUID
    sku: str
    title: str
    category: str
    unit: Unit
    content: int
    minimum: int
    maximum: int
    least: int
    most: int
    tiers: tuple[Tier, ...]
    list_price: Money
    deadline: datetime
    extended: bool
    pickups: tuple[PickupPlace, ...]
    visibility: Visibility
    tax_class: TaxClass
    lead_days: int
    status: Status
    price: Money
    next_price: NextPrice | None
    conditions: Conditions
    progress: Progress
    outcome: Outcome
    opened_at: datetime
    changed_at: datetime


class GroupRow(Value, frozen=True):
    """`page` is what may be shown to everybody who may see the group; the rest is for nobody.

    `invited` are those who may see one by invitation, `line` is the waiting list, `failing` are refunds that failed and were not
    tried again.
    """

    page: GroupPage
    invited: tuple[UUID, ...]
    line: tuple[UUID, ...] = ()
    failing: tuple[UUID, ...] = ()


class StoredGroup(Struct, frozen=True):
    """A stored row as it is read to be shown: the page stays the bytes that it is."""

    page: Raw
    failing: tuple[UUID, ...]
    invited: tuple[UUID, ...] = ()
