"""A book of numbers: each of a seller's series counts from 1 every year, without a gap and without a number twice.

A number is taken in the same append as the paper that bears it, so that neither is ever there without the other.
"""

from uuid import UUID, uuid5

from domain.decider import Decider, Rejected
from domain.invoices.commands import TakeNumber
from domain.invoices.events import NumberTaken, Series
from domain.values import Value

BOOKS = UUID("0d6a3c1e-7f0b-5a52-9d0e-3f6e1b7c2a10")


class Book(Value, frozen=True, tag=True):
    """`last` is the last number that was taken; 0: none was."""

    last: int = 0


def book_id(seller_id: UUID, series: Series, year: int) -> UUID:
    return uuid5(BOOKS, f"{seller_id}:{series}:{year}")


def number(series: Series, year: int, ordinal: int) -> str:
    """As it stands on the paper.

    >>> number(Series.INVOICE, 2026, 17)
    'INV-2026-00017'
    """
    return f"{series}-{year}-{ordinal:05d}"


def decide(command: TakeNumber, book: Book) -> list[NumberTaken]:
    following = book.last + 1
    if command.ordinal != following:
        raise Rejected("number_taken", f"The next one is {following}.")
    return [
        NumberTaken(command.book_id, command.seller_id, command.series, command.year, following, command.document_id, command.now),
    ]


def evolve(_book: Book, event: NumberTaken) -> Book:
    return Book(event.ordinal)


books = Decider("invoice_book", Book(), decide, evolve, contended=True, snapshot_every=20)
