"""What a cart costs: pieces times prices by quantity, less a discount, with tax and delivery, parted among the sellers.

Amounts are integers in minor units. What is divided (a discount among lines, a delivery fee among orders) goes by the largest
remainder, so that the parts add up to the whole; tax is rounded line by line, a half upwards.
"""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Rejected
from domain.goods import TaxClass
from domain.orders.taxes import NONE, Taxes, split
from domain.trade import OrderLine
from domain.values import Value

MOST = 10**12
"""Of one line and of a whole checkout, in minor units."""


class Wanted(Value, frozen=True):
    """So many pieces of one article at the price that holds for so many."""

    listing_id: UUID
    seller_id: UUID
    stock_id: UUID
    sku: str
    title: str
    quantity: int
    unit_price: int
    tax_class: TaxClass = TaxClass.STANDARD
    category: str = ""

    @property
    def price(self) -> int:
        return self.quantity * self.unit_price


class PricedOrder(Value, frozen=True):
    """One seller's part; the fields mean what they do in `OrderPlaced`."""

    seller_id: UUID
    lines: tuple[OrderLine, ...]
    goods: int
    discount: int
    delivery_fee: int
    delivery_tax: int
    tax: int
    total: int
    reverse_charge: bool = False


class Priced(Value, frozen=True):
    """The whole: every amount is the sum of the orders'."""

    currency: str
    orders: tuple[PricedOrder, ...]
    goods: int
    discount: int
    delivery_fee: int
    tax: int
    total: int


def priced(
    wanted: Sequence[Wanted], currency: str, taxes: Taxes, *, discount: int = 0, fee: int = 0, relieved: frozenset[UUID] = frozenset()
) -> Priced:
    """The orders in the order in which their sellers first appear; `total_too_large` beyond what is reasonable.

    `discount` never takes more than the goods cost; it does not touch the delivery's `fee`. Sellers who are `relieved` of the tax,
    because the buyer owes it himself, are wanted of `without_tax`.
    """
    prices = [each.price for each in wanted]
    if sum(prices) + fee > MOST:
        raise Rejected("total_too_large", f"At most {MOST} minor units.")
    off = parted(min(discount, sum(prices)), prices)
    sellers = list(dict.fromkeys(each.seller_id for each in wanted))
    goods = [sum(each.price for each in wanted if each.seller_id == seller) for seller in sellers]
    orders = [
        of_seller(
            seller,
            [(each, less) for each, less in zip(wanted, off, strict=True) if each.seller_id == seller],
            taxes,
            part,
            seller in relieved,
        )
        for seller, part in zip(sellers, parted(fee, goods), strict=True)
    ]
    return Priced(
        currency,
        tuple(orders),
        sum(each.goods for each in orders),
        sum(each.discount for each in orders),
        sum(each.delivery_fee for each in orders),
        sum(each.tax for each in orders),
        sum(each.total for each in orders),
    )


def without_tax(wanted: Wanted, taxes: Taxes) -> Wanted:
    """At the price that it has without the tax in it."""
    net, _ = split(wanted.unit_price, taxes.rate(wanted.tax_class), included=taxes.included)
    return replace(wanted, unit_price=net)


def of_seller(seller_id: UUID, wanted: Sequence[tuple[Wanted, int]], taxes: Taxes, fee: int, relieved: bool) -> PricedOrder:
    if relieved:
        (fee, _), taxes = split(fee, taxes.standard, included=taxes.included), NONE
    lines = tuple(line(number, each, less, taxes) for number, (each, less) in enumerate(wanted, 1))
    net, delivery_tax = split(fee, taxes.standard, included=taxes.included)
    delivery = net + delivery_tax
    return PricedOrder(
        seller_id,
        lines,
        sum(each.price for each, _ in wanted),
        sum(each.discount for each in lines),
        delivery,
        delivery_tax,
        sum(each.tax for each in lines) + delivery_tax,
        sum(each.total for each in lines) + delivery,
        relieved,
    )


def line(number: int, wanted: Wanted, discount: int, taxes: Taxes) -> OrderLine:
    rate = taxes.rate(wanted.tax_class)
    net, tax = split(wanted.price - discount, rate, included=taxes.included)
    return OrderLine(
        number,
        wanted.listing_id,
        wanted.seller_id,
        wanted.stock_id,
        wanted.sku,
        wanted.title,
        wanted.quantity,
        wanted.unit_price,
        discount,
        net,
        rate,
        tax,
        net + tax,
        wanted.category,
    )


def parted(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount in parts by weight: each is rounded down, what is left goes one by one to the largest remainders, the first first."""
    if not weights:
        return []
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(amount * weights[index] % whole))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return parts
