"""Double entry: what each event of a payment moves from account to account, in whole minor units of one currency.

Every move is a debit and a credit of the same amount, so the books sum to zero after each, per currency and per order.

Rounding. The platform's fee is rounded to whole units, halves up. What goes back is split into fee, tax and the seller's part in
proportion to all that has gone back, by the largest remainder (`books.split`), so that parts always add up to the whole.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import chain
from uuid import UUID

from msgspec.structs import replace

from domain.payments.accounts import Account, Chart, of_group, of_provider, of_seller
from domain.payments.books import Books, Sale, Split, overdue, sold, split
from domain.payments.events import (
    AttemptAbandoned,
    DisputeLost,
    DisputeOpened,
    DisputeWon,
    ExcessCaptured,
    PaymentAuthorised,
    PaymentCancelled,
    PaymentCaptured,
    PaymentEvent,
    PaymentFailed,
    PaymentHeld,
    RefundDeferred,
    RefundFailed,
    RefundMet,
    RefundPaid,
    RefundRequested,
)
from domain.payments.shares import Share, parts
from domain.values import Value


class Cause(StrEnum):
    """Why money moved."""

    RESERVATION = "reservation"
    RESERVATION_POSTED = "reservation_posted"
    RESERVATION_VOIDED = "reservation_voided"
    CHARGE = "charge"
    PLATFORM_FEE = "platform_fee"
    PROVIDER_FEE = "provider_fee"
    HELD = "held"
    DELIVERY = "delivery"
    REFUND = "refund"
    REFUND_PAID = "refund_paid"
    REFUND_FAILED = "refund_failed"
    REFUND_MET = "refund_met"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    TIER = "tier"
    TIER_TAX = "tier_tax"
    SETTLEMENT = "settlement"
    PAYOUT = "payout"
    PAYOUT_PAID = "payout_paid"
    PAYOUT_FAILED = "payout_failed"


class Posting(Value, frozen=True):
    """One side of a move: `debit` or `credit` is zero. `order_id` is the order that it is for, where it is for one."""

    cause: Cause
    account: Account
    currency: str
    debit: int
    credit: int
    order_id: UUID | None = None


class Pen(Value, frozen=True):
    """Writes the moves of one cause in one currency, for one order or none."""

    cause: Cause
    currency: str
    order_id: UUID | None = None

    def moves(self, amount: int, debit: Account, credit: Account) -> tuple[Posting, ...]:
        """A debit and a credit: nothing for nothing, and the other way round for less than nothing."""
        if amount < 0:
            debit, credit, amount = credit, debit, -amount
        if amount == 0:
            return ()
        return (
            Posting(self.cause, debit, self.currency, amount, 0, self.order_id),
            Posting(self.cause, credit, self.currency, 0, amount, self.order_id),
        )


PLATFORM_FEES, PROVIDER_FEES = Account(Chart.PLATFORM_FEES), Account(Chart.PROVIDER_FEES)
HELD, REFUNDS, DISPUTES = Account(Chart.HELD), Account(Chart.REFUNDS), Account(Chart.DISPUTES)
LOSSES, PAYOUTS = Account(Chart.LOSSES), Account(Chart.PAYOUT_PENDING)

Postings = tuple[Posting, ...]


def postings(books: Books, event: PaymentEvent) -> Postings:
    """What the event moves; `books` are those of its payment, before it."""
    match event:
        case PaymentAuthorised():
            return reserved(Cause.RESERVATION, event.provider, event.currency, event.amount)
        case PaymentFailed() | PaymentCancelled() | AttemptAbandoned():
            return reserved(Cause.RESERVATION_VOIDED, event.provider, event.currency, -event.released)
        case PaymentCaptured() | PaymentHeld() | ExcessCaptured():
            posted = reserved(Cause.RESERVATION_POSTED, event.provider, books.currency or event.currency, -event.authorised)
            return (*posted, *(charged(books, event) if isinstance(event, PaymentCaptured) else kept(event)))
        case RefundRequested() | RefundPaid() | RefundFailed():
            return refunded(books, event)
        case RefundDeferred() | RefundMet():
            return by_bank(books, event)
        case DisputeOpened() | DisputeWon() | DisputeLost():
            return disputed(books, event)
        case _:
            return ()


def reserved(cause: Cause, provider: str, currency: str, amount: int) -> Postings:
    """The two phases of a charge: what a provider reserves is written apart, and struck out when it is taken or let go."""
    return Pen(cause, currency).moves(amount, of_provider(Chart.RESERVED, provider), of_provider(Chart.PROMISED, provider))


def charged(books: Books, event: PaymentCaptured) -> Postings:
    receivable = of_provider(Chart.RECEIVABLE, event.provider)
    if books.group_id:
        return contributed(books.group_id, event, receivable)
    written: list[Posting] = []
    for share, cost in per_order(event.shares, event.fee):
        sale = sold(books.sale(share), share.amount, event.at)
        charge, platform = Pen(Cause.CHARGE, event.currency, share.order_id), Pen(Cause.PLATFORM_FEE, event.currency, share.order_id)
        back = overdue(sale, share)
        written += charge.moves(share.amount - sale.paid_tax, receivable, sale.due)
        written += charge.moves(sale.paid_tax, receivable, sale.tax_office)
        written += charge.moves(back.tax, sale.tax_office, sale.due)
        written += platform.moves(sale.fee - back.fee, sale.due, PLATFORM_FEES)
        written += Pen(Cause.PROVIDER_FEE, event.currency, share.order_id).moves(cost, PROVIDER_FEES, receivable)
    return tuple(written)


def contributed(group_id: UUID, event: PaymentCaptured, receivable: Account) -> Postings:
    """What a member pays is held for the group; what the provider keeps of it is the market's to bear."""
    id = event.shares[0].order_id if event.shares else None
    return (
        *Pen(Cause.CHARGE, event.currency, id).moves(event.amount, receivable, of_group(Chart.GROUP_HELD, group_id)),
        *Pen(Cause.PROVIDER_FEE, event.currency, id).moves(event.fee, PROVIDER_FEES, receivable),
    )


def settled(group_id: UUID, seller_id: UUID, holdings: Iterable[tuple[str, int, int]]) -> Postings:
    """What was held for a group is due to its seller, less the platform's part: amount and fee by currency."""
    held, available = of_group(Chart.GROUP_HELD, group_id), of_seller(Chart.AVAILABLE, seller_id)
    return flat(
        (
            *Pen(Cause.PLATFORM_FEE, currency).moves(fee, held, PLATFORM_FEES),
            *Pen(Cause.SETTLEMENT, currency).moves(amount - fee, held, available),
        )
        for currency, amount, fee in holdings
    )


def paid_out(seller_id: UUID, currency: str, amount: int, way: int = 1) -> Postings:
    """What was due to a seller is on its way to him; with a `way` of -1 it is due to him again."""
    cause = Cause.PAYOUT if way > 0 else Cause.PAYOUT_FAILED
    return Pen(cause, currency).moves(way * amount, of_seller(Chart.AVAILABLE, seller_id), PAYOUTS)


def payout_arrived(provider: str, currency: str, amount: int, fee: int) -> Postings:
    """The provider has paid it of what it owed us, and kept its fee of the rest."""
    receivable = of_provider(Chart.RECEIVABLE, provider)
    return (
        *Pen(Cause.PAYOUT_PAID, currency).moves(amount, PAYOUTS, receivable),
        *Pen(Cause.PROVIDER_FEE, currency).moves(fee, PROVIDER_FEES, receivable),
    )


def kept(event: PaymentHeld | ExcessCaptured) -> Postings:
    receivable = of_provider(Chart.RECEIVABLE, event.provider)
    return (
        *Pen(Cause.HELD, event.currency).moves(event.amount, receivable, HELD),
        *Pen(Cause.PROVIDER_FEE, event.currency).moves(event.fee, PROVIDER_FEES, receivable),
    )


def delivered(books: Books, order_id: UUID) -> Postings:
    """What the seller has earned by the order becomes due to him."""
    sale = books.sales.get(order_id)
    if sale is None or sale.released:
        return ()
    available = of_seller(Chart.AVAILABLE, sale.seller_id)
    return Pen(Cause.DELIVERY, books.currency, order_id).moves(sale.earned, sale.due, available)


def tier_charged(provider: str, currency: str, amount: int, fee: int) -> Postings:
    """What members pay for their tiers is the platform's own."""
    receivable = of_provider(Chart.RECEIVABLE, provider)
    return (
        *Pen(Cause.TIER, currency).moves(amount, receivable, Account(Chart.TIERS)),
        *Pen(Cause.PROVIDER_FEE, currency).moves(fee, PROVIDER_FEES, receivable),
    )


def tier_taxed(currency: str, tax: int, place: str) -> Postings:
    """What of a tier's price is owed to a tax office, as its invoice says."""
    return Pen(Cause.TIER_TAX, currency).moves(tax, Account(Chart.TIERS), Account(Chart.TAX, place))


def refunded(books: Books, event: RefundRequested | RefundPaid | RefundFailed) -> Postings:
    receivable = of_provider(Chart.RECEIVABLE, event.provider)
    match event:
        case RefundRequested():
            return borne(Cause.REFUND, books, event.currency, event.shares) or nobodys(Cause.REFUND, event, HELD, REFUNDS)
        case RefundPaid():
            return per_share(Cause.REFUND_PAID, event, event.shares, REFUNDS, receivable)
        case RefundFailed():
            again = per_share(Cause.REFUND_FAILED, event, event.shares, receivable, REFUNDS) if event.paid else ()
            back = borne(Cause.REFUND_FAILED, books, event.currency, event.shares, -1)
            return (*again, *(back or nobodys(Cause.REFUND_FAILED, event, REFUNDS, HELD)))


def by_bank(books: Books, event: RefundDeferred | RefundMet) -> Postings:
    """What a bank had given back itself is taken of what the group holds, and makes good what the market lost by it."""
    if isinstance(event, RefundDeferred):
        return borne(Cause.REFUND_FAILED, books, event.currency, event.shares, -1) if event.asked else ()
    held = of_group(Chart.GROUP_HELD, books.group_id) if books.group_id else HELD
    return flat(Pen(Cause.REFUND_MET, event.currency, each.order_id).moves(each.amount, held, LOSSES) for each in event.shares)


def borne(cause: Cause, books: Books, currency: str, shares: Sequence[Share], way: int = 1, *, disputed: bool = False) -> Postings:
    """Seller, tax office and platform bear what goes back, of a contribution the group; with a `way` of -1 they have it again."""
    if books.group_id:
        if disputed:
            return ()  # the market bears what a bank keeps, once it is decided
        held = of_group(Chart.GROUP_HELD, books.group_id)
        return flat(Pen(cause, currency, each.order_id).moves(way * each.amount, held, REFUNDS) for each in shares)
    written: list[Posting] = []
    for share in shares:
        sale = books.sale(share)
        target = of_seller(Chart.DISPUTED, sale.seller_id) if disputed else REFUNDS
        written += bearing(Pen(cause, currency, share.order_id), sale, split(sale, share, way), target)
    return tuple(written)


def bearing(pen: Pen, sale: Sale, part: Split, target: Account) -> Postings:
    return (
        *pen.moves(part.amount - part.tax, sale.due, target),
        *pen.moves(part.tax, sale.tax_office, target),
        *replace(pen, cause=Cause.PLATFORM_FEE).moves(part.fee, PLATFORM_FEES, sale.due),
    )


def disputed(books: Books, event: DisputeOpened | DisputeWon | DisputeLost) -> Postings:
    """The bank takes the money first; it is set aside of what its order brought, until it is decided whose it is."""
    receivable = of_provider(Chart.RECEIVABLE, event.provider)
    match event:
        case DisputeOpened(shares=shares):
            return (
                *per_share(Cause.DISPUTE, event, shares, DISPUTES, receivable),
                *borne(Cause.DISPUTE, books, event.currency, shares, disputed=True),
                *dispute_cost(event, shares, event.fee),
            )
        case DisputeWon(dispute=name):
            shares = books.disputed.get(name, ())
            return (
                *per_share(Cause.DISPUTE_WON, event, shares, receivable, DISPUTES),
                *borne(Cause.DISPUTE_WON, books, event.currency, shares, -1, disputed=True),
                *dispute_cost(event, shares, -event.fee),
            )
        case DisputeLost(dispute=name):
            shares = books.disputed.get(name, ())
            pens = [(Pen(Cause.DISPUTE_LOST, event.currency, each.order_id), each) for each in shares]
            lost = (pen.moves(each.amount, bearer(books, each), DISPUTES) for pen, each in pens)
            return flat(lost) or nobodys(Cause.DISPUTE_LOST, event, HELD, DISPUTES)


def bearer(books: Books, share: Share) -> Account:
    return LOSSES if books.group_id else of_seller(Chart.DISPUTED, share.seller_id)


def dispute_cost(event: DisputeOpened | DisputeWon, shares: Sequence[Share], cost: int) -> Postings:
    receivable = of_provider(Chart.RECEIVABLE, event.provider)
    if not shares:
        return Pen(Cause.PROVIDER_FEE, event.currency).moves(cost, PROVIDER_FEES, receivable)
    return flat(
        Pen(Cause.PROVIDER_FEE, event.currency, share.order_id).moves(part if cost > 0 else -part, PROVIDER_FEES, receivable)
        for share, part in per_order(shares, abs(cost))
    )


Returned = RefundRequested | RefundPaid | RefundFailed | DisputeOpened | DisputeWon | DisputeLost


def per_share(cause: Cause, event: Returned, shares: Sequence[Share], debit: Account, credit: Account) -> Postings:
    """The event's amount, order by order where it belongs to orders."""
    moves = flat(Pen(cause, event.currency, each.order_id).moves(each.amount, debit, credit) for each in shares)
    return moves or nobodys(cause, event, debit, credit)


def nobodys(cause: Cause, event: Returned, debit: Account, credit: Account) -> Postings:
    return Pen(cause, event.currency).moves(event.amount, debit, credit)


def per_order(shares: Sequence[Share], cost: int) -> Iterable[tuple[Share, int]]:
    """A cost of the whole payment, in proportion."""
    return zip(shares, parts(cost, [share.amount for share in shares]), strict=True)


def flat(written: Iterable[Postings]) -> Postings:
    return tuple(chain.from_iterable(written))
