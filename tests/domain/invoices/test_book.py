from uuid import UUID

from domain.invoices.book import book_id, books, number
from domain.invoices.commands import TakeNumber
from domain.invoices.events import NumberTaken, Series
from tests.bdd import Given
from tests.domain.invoices.bills import BOOK, INVOICE, NOON, SAM

OTHER = UUID(int=5)


def take(ordinal: int, document: UUID = INVOICE) -> TakeNumber:
    return TakeNumber(BOOK, SAM.id, Series.INVOICE, 2026, ordinal, document, NOON)


def taken(ordinal: int) -> NumberTaken:
    return NumberTaken(BOOK, SAM.id, Series.INVOICE, 2026, ordinal, INVOICE, NOON)


def test_a_book_begins_at_one_and_goes_on_without_a_gap():
    Given(books).when(take(1)).then(taken(1))
    Given(books, taken(1)).when(take(2)).then(taken(2))


def test_no_number_is_given_twice_or_skipped():
    Given(books, taken(1)).when(take(1, OTHER)).rejected("number_taken")
    Given(books, taken(1)).when(take(3, OTHER)).rejected("number_taken")


def test_every_seller_series_and_year_has_a_book_of_its_own():
    made = {book_id(seller, series, year) for seller in (SAM.id, OTHER) for series in Series for year in (2026, 2027)}
    assert len(made) == 8


def test_a_number_tells_series_and_year():
    assert number(Series.CREDIT_NOTE, 2026, 123_456) == "CN-2026-123456"
