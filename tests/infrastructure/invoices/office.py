"""Where invoices are made over the real log: orders that are placed, paid and given back by their own commands."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg_pool import ConnectionPool

from application.handler import Handler
from application.invoices.invoicing import Invoicing
from application.ports import Meta
from domain.invoices.book import book_id
from domain.invoices.events import CreditNoteIssued, InvoiceIssued, NumberTaken, Series
from domain.orders.commands import ConfirmOrder, PlaceOrder
from domain.payments.commands import CapturePayment, RequestPayment, RequestRefund
from domain.registry import DECIDERS
from domain.trade import OrderLine, Share
from domain.values import SYSTEM, Actor, Address, Value
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.rows import ROWS
from infrastructure.invoices import archive
from infrastructure.invoices.archive import PostgresArchive
from infrastructure.invoices.printer import Printer
from infrastructure.keys import PersonalKeys
from tests.infrastructure.invoices.conftest import KEY

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SAM, CLEO = Actor(UUID(int=2)), Actor(UUID(int=1))
HOME = Address("Cleo Weber", ("Altweg 3",), "Bern", "3011", "CH")
PRICE, FEE = 585, 700
TOTAL = PRICE + FEE


class Office:
    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self.now = NOON
        self.log = PostgresLog(pool, DECIDERS, PersonalKeys(KEY), {**ROWS, **archive.ROWS})
        self.handle = Handler(self.log, DECIDERS)
        self.archive = PostgresArchive(pool, KEY)
        self.invoicing = Invoicing(self.handle, self.log, Printer(), self.archive, lambda: self.now)

    def give(self, stream: UUID, command: Value) -> None:
        self.handle(stream, command, Meta(uuid4(), SYSTEM.id, uuid4()))

    def placed(self, seller: Actor = SAM) -> UUID:
        """An order of three milks with delivery, and its payment, which is of the order's own id turned round."""
        order, stock, due = uuid4(), uuid4(), self.now + timedelta(minutes=15)
        milk = OrderLine(1, uuid4(), seller.id, stock, "MILK", "Milk", 3, 195, 0, PRICE - 15, 260, 15, PRICE)
        payment, share = payment_of(order), (Share(order, seller.id, TOTAL),)
        self.give(payment, RequestPayment(payment, order, CLEO.id, "CHF", TOTAL, share, "sandbox", "4242", due, self.now))
        place = PlaceOrder(
            order,
            uuid4(),
            CLEO.id,
            seller.id,
            "CHF",
            (milk,),
            PRICE,
            FEE,
            52,
            0,
            67,
            TOTAL,
            HOME,
            "cleo@example.org",
            payment,
            due,
            self.now,
        )
        self.give(order, place)
        return order

    def paid(self, seller: Actor = SAM) -> UUID:
        order = self.placed(seller)
        payment = payment_of(order)
        self.give(payment, CapturePayment(payment, 1, "ref-1", "CHF", TOTAL, 30, self.now))
        self.give(order, ConfirmOrder(order, payment, SYSTEM, self.now))
        return order

    def refund(self, order: UUID, amount: int, refund_id: UUID | None = None) -> UUID:
        """Asked of the payment, as the order's own events do or as somebody does by hand."""
        id, payment = refund_id or uuid4(), payment_of(order)
        self.give(payment, RequestRefund(payment, id, order, amount, "damaged", self.now))
        return id

    def bill(self, order: UUID) -> UUID:
        return self.invoicing.bill(order, uuid4(), uuid4())

    def credit(self, order: UUID, refund_id: UUID) -> None:
        self.invoicing.credit(payment_of(order), refund_id, uuid4(), uuid4())

    def papers(self, invoice: UUID) -> list[InvoiceIssued | CreditNoteIssued]:
        return [each.event for each in self.log.stream(invoice)]

    def book(self, series: Series = Series.INVOICE, year: int = 2026, seller: Actor = SAM) -> list[NumberTaken]:
        return [each.event for each in self.log.stream(book_id(seller.id, series, year))]


def payment_of(order: UUID) -> UUID:
    return UUID(bytes=order.bytes[::-1])
