"""What the ledger remembers of a payment: what each order brought, what of it has gone back, and who bore that."""

from collections.abc import Mapping, Sequence
from datetime import datetime
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
from domain.payments.purposes import CONTRIBUTION
from domain.payments.shares import Share, parts
from domain.values import Value


class Split(Value, frozen=True):
    """Of an amount that goes back for an order: the platform's fee and the tax that go back with it. The seller bears the rest.

    All are negative where the amount comes again.
    """

    order_id: UUID
    amount: int
    fee: int
    tax: int

    @property
    def seller(self) -> int:
        return self.amount - self.fee - self.tax


class Sale(Value, frozen=True):
    """An order: `tax` of `total` as it was placed, what was `paid`, and what of that has gone back.

    `earned` is what the seller has by it now, less than nothing where more was taken back; `released`: the goods were delivered, so
    it is due to him. `returnable` is what of the fee may go back at all.
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
    """`currency` is what was asked in; `disputed` are the parts of orders that each dispute is about, by its name.

    `group_id`: the payment is a contribution to this group purchase, which holds the money and has no sales.
    """

    currency: str = ""
    sales: Mapping[UUID, Sale] = {}
    disputed: Mapping[str, tuple[Share, ...]] = {}
    group_id: UUID | None = None

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
    back, earned = returnable(rule, charged), sale.earned + amount - tax - charged
    return replace(sale, paid=amount, paid_tax=tax, fee=charged, returnable=back, earned=earned)


def split(sale: Sale, share: Share, way: int = 1) -> Split:
    """What goes back, or comes again where `way` is -1: in proportion to all that is back by then, less what was before.

    So parts of any number and order add up to the whole. What goes back beyond what was paid, as when a bank takes what was refunded
    already, is the seller's to bear.
    """
    amount = way * share.amount
    back = min(sale.returned + amount, sale.paid)
    kept = sale.paid - sale.returnable - sale.paid_tax
    fee, tax, _ = parts(back, [sale.returnable, sale.paid_tax, kept]) if back else (0, 0, 0)
    return Split(share.order_id, amount, fee - sale.returned_fee, tax - sale.returned_tax)


def overdue(sale: Sale, share: Share) -> Split:
    """The tax and fee of what went back before it was known to have come."""
    return split(sale, share, 0)


def evolve(books: Books, event: PaymentEvent) -> Books:
    match event:
        case PaymentRequested():
            group = event.checkout_id if event.purpose == CONTRIBUTION else None
            return replace(books, currency=event.currency, group_id=group)
        case PaymentCaptured() | RefundRequested() | RefundFailed() if books.group_id:
            return books
        case DisputeOpened(dispute=name, shares=shares) if books.group_id:
            return replace(books, disputed={**books.disputed, name: shares})
        case DisputeWon() if books.group_id:
            return books
        case PaymentCaptured():
            paid = ((share, sold(books.sale(share), share.amount, event.at)) for share in event.shares)
            sales = {share.order_id: moved(sale, overdue(sale, share)) for share, sale in paid}
            return replace(books, sales={**books.sales, **sales})
        case RefundRequested():
            return moving(books, event.shares, 1)
        case RefundFailed():
            return moving(books, event.shares, -1)
        case DisputeOpened(dispute=name):
            return moving(replace(books, disputed={**books.disputed, name: event.shares}), event.shares, 1)
        case DisputeWon(dispute=name):
            return moving(books, books.disputed.get(name, ()), -1)
        case _:
            return books


def moving(books: Books, shares: Sequence[Share], way: int) -> Books:
    sales = {share.order_id: moved(books.sale(share), split(books.sale(share), share, way)) for share in shares}
    return replace(books, sales={**books.sales, **sales})


def moved(sale: Sale, part: Split) -> Sale:
    return replace(
        sale,
        returned=sale.returned + part.amount,
        returned_fee=sale.returned_fee + part.fee,
        returned_tax=sale.returned_tax + part.tax,
        earned=sale.earned - part.seller,
    )
