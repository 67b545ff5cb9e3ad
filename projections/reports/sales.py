"""What was sold, line by line: an order counts when it is confirmed, and what is cancelled or returned is taken off on its own day.

The category is the one that the line names, which is the listing's at the checkout: a product that moves later takes no past
sales with it. Of orders from before lines named it, the category is empty.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from msgspec.structs import replace

from domain.orders.events import OrderCancelled, OrderConfirmed, OrderLinesCancelled, OrderPlaced, OrderReturned
from domain.trade import OrderLine
from domain.values import Value
from projections.view import Journal, Sum

SaleEvent = OrderPlaced | OrderConfirmed | OrderLinesCancelled | OrderCancelled | OrderReturned


class Sale(Value, frozen=True):
    """Pieces of one article sold on a day, below zero where they came back; `net + tax == total`, discounts are taken off.

    An order's delivery is a row of its own without an article, and so is counted what an order is: one when it is confirmed, and
    one less when it is cancelled. Amounts are in minor units.
    """

    day: date
    kind: str
    order_id: UUID
    seller_id: UUID
    currency: str
    category: str = ""
    listing_id: UUID | None = None
    sku: str = ""
    title: str = ""
    orders: int = 0
    pieces: int = 0
    net: int = 0
    tax: int = 0
    total: int = 0
    delivery: int = 0


class Order(Value, frozen=True):
    """What of an order is still to come or the buyer's: all but the pieces `gone`, and so much of the delivery's price."""

    seller_id: UUID
    currency: str
    lines: tuple[OrderLine, ...]
    delivery: int
    gone: Mapping[int, int] = {}
    sold: bool = False


def evolve(order: Order | None, event: SaleEvent) -> Order | None:
    if isinstance(event, OrderPlaced):
        return Order(event.seller_id, event.currency, event.lines, event.delivery_fee)
    if order is None or isinstance(event, OrderCancelled):
        return None
    if isinstance(event, OrderConfirmed):
        return replace(order, sold=True)
    return replace(order, gone=more(order, parts(event)), delivery=order.delivery - delivery_back(order, event))


def rows(order: Order | None, event: SaleEvent) -> Sequence[Sale]:
    if order is None or isinstance(event, OrderPlaced):
        return []
    if isinstance(event, OrderConfirmed):
        return sales(order, event, "sold", left(order), orders=1, delivery=order.delivery)
    if not order.sold:
        return []
    if isinstance(event, OrderCancelled):
        return sales(order, event, "cancelled", left(order), orders=-1, delivery=-order.delivery, sign=-1)
    kind = "returned" if isinstance(event, OrderReturned) else "cancelled"
    return sales(order, event, kind, parts(event), delivery=-delivery_back(order, event), sign=-1)


def sales(
    order: Order, event: SaleEvent, kind: str, parts: Mapping[int, int], *, orders: int = 0, delivery: int = 0, sign: int = 1
) -> list[Sale]:
    day, currency = day_of(event.at), order.currency
    whole = [Sale(day, kind, event.order_id, order.seller_id, currency, orders=orders, delivery=delivery)] if orders or delivery else []
    lines = [(each, *share(order, each, parts[each.line])) for each in order.lines if parts.get(each.line)]
    return whole + [
        Sale(
            day,
            kind,
            event.order_id,
            order.seller_id,
            currency,
            line.category,
            line.listing_id,
            line.sku,
            line.title,
            0,
            sign * parts[line.line],
            sign * net,
            sign * (total - net),
            sign * total,
        )
        for line, net, total in lines
    ]


def share(order: Order, line: OrderLine, pieces: int) -> tuple[int, int]:
    """Net and total of so many more pieces of a line: however it is taken apart, its pieces add up to what it cost."""
    before = order.gone.get(line.line, 0)

    def of(amount: int) -> int:
        return amount * (before + pieces) // line.quantity - amount * before // line.quantity

    return of(line.net), of(line.total)


def left(order: Order) -> dict[int, int]:
    return {each.line: each.quantity - order.gone.get(each.line, 0) for each in order.lines}


def parts(event: OrderLinesCancelled | OrderReturned) -> dict[int, int]:
    return {each.line: each.quantity for each in event.parts}


def more(order: Order, parts: Mapping[int, int]) -> dict[int, int]:
    return {each.line: order.gone.get(each.line, 0) + parts.get(each.line, 0) for each in order.lines}


def delivery_back(order: Order, event: OrderLinesCancelled | OrderReturned) -> int:
    """What is paid back beyond the goods is the delivery's price."""
    gone = parts(event)
    return min(order.delivery, max(0, event.refund - worth(order, gone)))


def worth(order: Order, parts: Mapping[int, int]) -> int:
    found: Iterable[int] = (share(order, each, parts.get(each.line, 0))[1] for each in order.lines)
    return sum(found)


def day_of(at: datetime) -> date:
    return at.astimezone(UTC).date()


def order_of(event: SaleEvent) -> UUID:
    return event.order_id


DAILY = Sum(
    "daily",
    by=("day", "currency", "seller_id", "category", "listing_id", "sku", "title"),
    of=("orders", "pieces", "net", "tax", "total", "delivery"),
)

journal: Journal[Sale] = Journal(
    "sales",
    Sale,
    key=order_of,
    rows=rows,
    events=(OrderPlaced, OrderConfirmed, OrderLinesCancelled, OrderCancelled, OrderReturned),
    indexes=("order_id, position, ordinal",),
    sums=(DAILY,),
    known=Order,
    evolve=evolve,
)
