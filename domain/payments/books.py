"""What the ledger remembers of a payment: what each order brought, what of it has gone back, and who bore that."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.payments.accounts import Account, Chart, of_seller
from domain.payments.events import (
    DisputeOpened,
    DisputeWon,
    PaymentCaptured,
    PaymentEvent,
    PaymentRequested,
    RefundFailed,
    RefundRequested,
)
from domain.payments.fees import fee, returnable, rule_at
from domain.payments.shares import Share, parts
from domain.values import Value


class Split(Value, frozen=True):
    """Of an amount that goes back for an order: the platform's fee and the tax that go back with it. The seller bears the rest."""

    order_id: UUID
    amount: int
    fee: int
    tax: int

    @property
    def seller(self) -> int:
        return self.amount - self.fee - self.tax


class Sale(Value, frozen=True):
    """An order: `tax` of `total` as it was placed, what was `paid`, and what of that has gone back.

    `earned` is what the seller has by it now; `released`: the goods were delivered, so it is due to him. `returnable` is what of
    the fee may go back at all.
    """

    seller_id: UUID
    total: int = 0
    tax: int = 0
    place: str = ""
    paid: int = 0
    paid_tax: int = 0
    fee: int = 0
    returnable: int = 0
    returned: int = 0
    returned_fee: int = 0
    returned_tax: int = 0
    earned: int = 0
    released: bool = False

    @property
    def due(self) -> Account:
        """Where the seller's money for this order is."""
        return of_seller(Chart.AVAILABLE if self.released else Chart.PENDING, self.seller_id)

    @property
    def tax_office(self) -> Account:
        return Account(Chart.TAX, self.place)


class Books(Value, frozen=True):
    """`currency` is what was asked in; `splits` are those of each refund, by its id, and of each dispute, by its name."""

    currency: str = ""
    sales: Mapping[UUID, Sale] = {}
    splits: Mapping[str, tuple[Split, ...]] = {}

    def sale(self, share: Share) -> Sale:
        return self.sales.get(share.order_id) or Sale(share.seller_id)


def placed(books: Books, order_id: UUID, sale: Sale) -> Books:
    """An order is to be paid by this payment: only here is its tax told."""
    return replace(books, sales={**books.sales, order_id: sale})


def delivered(books: Books, order_id: UUID, seller_id: UUID) -> Books:
    sale = books.sales.get(order_id) or Sale(seller_id)
    return replace(books, sales={**books.sales, order_id: replace(sale, released=True)})


def sold(sale: Sale, amount: int, at: datetime) -> Sale:
    """The order is paid: its tax, in proportion where only a part was taken, and the fee of the rule in force on what is left."""
    tax = parts(amount, [sale.tax, sale.total - sale.tax])[0] if sale.tax else 0
    rule = rule_at(at)
    charged = fee(rule, amount - tax)
    back = returnable(rule, charged)
    return replace(sale, paid=amount, paid_tax=tax, fee=charged, returnable=back, earned=amount - tax - charged)


def split(sale: Sale, share: Share) -> Split:
    """In proportion to all that has gone back so far, less what went before: any number of parts adds up to the whole.

    What goes back beyond what was paid, as when a bank takes what was refunded already, is the seller's to bear.
    """
    back = min(sale.returned + share.amount, sale.paid)
    kept = sale.paid - sale.returnable - sale.paid_tax
    fee, tax, _ = parts(back, [sale.returnable, sale.paid_tax, kept]) if back else (0, 0, 0)
    return Split(share.order_id, share.amount, fee - sale.returned_fee, tax - sale.returned_tax)


def evolve(books: Books, event: PaymentEvent) -> Books:
    match event:
        case PaymentRequested():
            return replace(books, currency=event.currency)
        case PaymentCaptured():
            paid = {each.order_id: sold(books.sale(each), each.amount, event.at) for each in event.shares}
            return replace(books, sales={**books.sales, **paid})
        case RefundRequested(refund_id=id):
            return taken(books, str(id), event.shares)
        case RefundFailed(refund_id=id):
            return restored(books, str(id))
        case DisputeOpened(dispute=name):
            return taken(books, name, event.shares)
        case DisputeWon(dispute=name):
            return restored(books, name)
        case _:
            return books


def taken(books: Books, cause: str, shares: Sequence[Share]) -> Books:
    splits = tuple(split(books.sale(share), share) for share in shares)
    sales = {share.order_id: moved(books.sale(share), each, 1) for share, each in zip(shares, splits, strict=True)}
    return replace(books, sales={**books.sales, **sales}, splits={**books.splits, cause: splits})


def restored(books: Books, cause: str) -> Books:
    sales = {each.order_id: moved(books.sales[each.order_id], each, -1) for each in books.splits.get(cause, ())}
    return replace(books, sales={**books.sales, **sales})


def moved(sale: Sale, part: Split, way: int) -> Sale:
    changed: dict[str, Any] = {
        "returned": sale.returned + way * part.amount,
        "returned_fee": sale.returned_fee + way * part.fee,
        "returned_tax": sale.returned_tax + way * part.tax,
        "earned": sale.earned - way * part.seller,
    }
    return replace(sale, **changed)
