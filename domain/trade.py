"""What buying is spoken of in by every family: lines of an order, goods taken from stock, shares of a payment.

All amounts are integers in minor units of the currency of the order or payment that they belong to.
"""

from uuid import UUID

from domain.values import Value


class OrderLine(Value, frozen=True):
    """One sort of goods in an order, numbered from 1.

    `unit_price` is what the shop asks for one piece: with tax where prices are shown with it, without elsewhere. `discount` is this
    line's part of the order's discount, `tax_rate` in basis points (810 is 8.1 %). Whichever way prices are shown,
    `net + tax == total`, and `total` is what is paid for the line. `category` is the listing's when it was sold.
    """

    line: int
    listing_id: UUID
    seller_id: UUID
    stock_id: UUID
    sku: str
    title: str
    quantity: int
    unit_price: int
    discount: int
    net: int
    tax_rate: int
    tax: int
    total: int
    category: str = ""


class Taken(Value, frozen=True):
    """So many pieces of one stock."""

    stock_id: UUID
    quantity: int


class Share(Value, frozen=True):
    """What of a payment is for one seller's order."""

    order_id: UUID
    seller_id: UUID
    amount: int


class Spot(Value, frozen=True, tag="spot"):
    """A point on the globe in WGS 84 degrees; tagged, because a personal field may be a spot or erased."""

    latitude: float
    longitude: float


class Bank(Value, frozen=True, tag="bank"):
    """An account, by IBAN or number, or a mobile-money wallet; `bank` is its BIC or the payer's code for the bank or network.

    `branch` is the code of the branch, for countries whose banks need one: the routing number of one in the United States, the sort
    code of one in the United Kingdom. `bank_name` and `country` (ISO 3166) say more of the bank where payers want to know it; `kind` is
    `checking` or `savings`, or empty.
    """

    holder: str
    number: str
    bank: str
    currency: str
    branch: str = ""
    bank_name: str = ""
    country: str = ""
    kind: str = ""
