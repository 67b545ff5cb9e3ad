"""What an invoice says, gathered from the history of its order and from what seller and buyer have said of themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from application.jobs.ports import History, Skipped
from domain.invoices.billing import Billing, day_of
from domain.invoices.commands import Pieces
from domain.invoices.events import Item, Party, Sale
from domain.invoices.totals import DELIVERY
from domain.orders.events import OrderConfirmed, OrderLinesCancelled, OrderPaid, OrderPaidLate, OrderPlaced, OrderReturned
from domain.orders.order import orders
from domain.orders.placed import Placed
from domain.orders.taxes import taxes_in
from domain.recorded import Recorded
from domain.trade import OrderLine
from domain.users.user import User
from domain.values import ERASED, SYSTEM, Address, Erased


class Paid(Struct, frozen=True):
    """An order whose money has come."""

    placed: OrderPlaced
    order: Placed
    at: datetime


class Unpaid(Exception):
    """The order has not heard of its money yet."""


def paid(history: History, order_id: UUID) -> Paid:
    """Raises `Unpaid`, or `Skipped` where money that came too late went back: nothing was sold."""
    recorded = history.stream(order_id)
    order = orders.fold(each.event for each in recorded)
    if not isinstance(order, Placed):
        raise Skipped("no_order")
    at = paid_at(recorded)
    if at is None and any(isinstance(each.event, OrderPaidLate) for each in recorded):
        raise Skipped("paid_late")
    if at is None:
        raise Unpaid(order_id)
    return Paid(recorded[0].event, order, at)


def paid_at(recorded: Sequence[Recorded[Any]]) -> datetime | None:
    """When the service saw the money; what somebody has confirmed by hand is not paid by that."""
    for each in recorded:
        match each.event:
            case OrderConfirmed(by=by, at=at) if by == SYSTEM.id:
                return at
            case OrderPaid(at=at):
                return at
            case _:
                pass
    return None


def sale_of(paid: Paid, seller: Billing) -> Sale:
    placed = paid.placed
    return Sale(
        placed.order_id,
        placed.payment_id,
        placed.currency,
        (*(billed(each) for each in placed.lines), *delivery(placed)),
        placed.tax_place,
        day_of(placed.at, seller),
        day_of(paid.at, seller),
        placed.reverse_charge,
    )


def billed(line: OrderLine) -> Item:
    return Item(
        line.line,
        line.title,
        line.sku,
        line.quantity,
        line.unit_price,
        line.discount,
        line.net,
        line.tax_rate,
        line.tax,
        line.total,
    )


def delivery(placed: OrderPlaced) -> tuple[Item, ...]:
    if not placed.delivery_fee:
        return ()
    taxes = taxes_in(placed.tax_place)
    net = placed.delivery_fee - placed.delivery_tax
    rate = taxes.standard if placed.delivery_tax else 0
    shown = placed.delivery_fee if taxes.included else net
    return (Item(DELIVERY, "Delivery", "", 1, shown, 0, net, rate, placed.delivery_tax, placed.delivery_fee),)


def party(billing: Billing, name: str | Erased, address: Address | Erased | None) -> Party | Erased:
    """What somebody has said for his papers; where that is nothing, his name and address as they are known otherwise."""
    stated = (billing.name or name, billing.address or address, billing.vat_number, billing.registration)
    match stated:
        case str() as named, Address() | None as posted, str() as vat_number, str() as registration:
            return Party(named, posted, vat_number, registration)
        case _:
            return ERASED


def numbered(party: Party | Erased, vat_number: str | Erased) -> Party | Erased:
    """With the VAT number that was given for this purchase, where one was."""
    return replace(party, vat_number=vat_number) if isinstance(party, Party) and isinstance(vat_number, str) and vat_number else party


def seated(user: User) -> tuple[str | Erased, Address | Erased | None]:
    """Name and first address of a profile."""
    addresses = getattr(user, "addresses", ())
    return getattr(user, "name", ""), ERASED if isinstance(addresses, Erased) else next(iter(addresses), None)


def called(address: Address | Erased) -> tuple[str | Erased, Address | Erased]:
    """Name and address of whom an order goes to."""
    return (ERASED if isinstance(address, Erased) else address.name), address


def returned(history: History, order_id: UUID, refund_id: UUID) -> tuple[Pieces, ...]:
    """The pieces that a refund is for; none where it is for a part of everything, or for all that is left."""
    for each in history.stream(order_id):
        match each.event:
            case (OrderLinesCancelled() | OrderReturned()) as event if event.refund_id == refund_id:
                return tuple(Pieces(part.line, part.quantity) for part in event.parts)
            case _:
                pass
    return ()
