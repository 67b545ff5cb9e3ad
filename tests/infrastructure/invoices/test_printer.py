from datetime import date

import pytest
from msgspec.structs import replace

from domain.invoices.events import CreditNoteIssued, InvoiceIssued, Item, Party
from domain.invoices.invoice import invoices
from domain.values import Address
from infrastructure.invoices.printer import Printer
from infrastructure.invoices.wording import amount, breakable, percent, wording
from tests.bdd import erased
from tests.domain.invoices.bills import BUYER, FEE, MILK, SALE, SELLER, credit, issue, issued, on_account
from tests.infrastructure.invoices.reading import pages

printed = Printer()


def note() -> CreditNoteIssued:
    (event,) = invoices.decide(credit(585), invoices.fold([issued]))
    assert isinstance(event, CreditNoteIssued)
    return event


def billed(*items: Item, seller: Party = SELLER, buyer: Party = BUYER, place: str = "CH") -> InvoiceIssued:
    (event,) = invoices.decide(
        replace(issue(sale=replace(SALE, items=items, tax_place=place)), seller=seller, buyer=buyer), invoices.initial
    )
    assert isinstance(event, InvoiceIssued)
    return event


def test_an_invoice_says_who_bills_whom_for_what_and_what_each_tax_rate_comes_to():
    (text,) = pages(printed(issued))
    parties = ("Sams Laden", "VAT no. CHE116281710MWST", "Cleo Weber", "3011 Bern", "Switzerland")
    lines = ("Milk", "MILK-1", "1.95", "2.6 %", "5.85", "less 0.40 discount")
    sums = ("VAT 8.1 % on 6.48", "0.52", "VAT 2.6 % on 10.57", "17.05", "Paid on 1 June 2026")
    for said in ("Invoice", "INV-2026-00001", *parties, *lines, *sums):
        assert said in text
    assert "Total CHF\n17.85" in text
    assert "Still to pay\n0.00" in text
    assert "Page 1 of 1" in text


def test_a_credit_note_names_its_invoice_and_the_reason():
    (text,) = pages(printed(note()))
    for said in ("Credit note", "CN-2026-00001", "INV-2026-00001", "Total credit CHF\n5.85", "Reason: damaged."):
        assert said in text


def test_a_long_order_goes_over_pages_each_with_its_head_and_number():
    items = [replace(MILK, line=number, title=f"Milk {number}") for number in range(1, 61)]
    found = pages(printed(billed(*items)))
    assert len(found) > 2
    for number, text in enumerate(found, 1):
        assert f"Page {number} of {len(found)}" in text
        assert "INV-2026-00001" in text
    assert "Milk 60" in found[-1]
    assert "351.00" in found[-1]


def test_names_are_written_as_people_write_them():
    text = "".join(
        pages(
            printed(
                billed(
                    MILK,
                    seller=Party("«Ветер и море»", Address("", ("улица Толстого, 16",), "Москва", "119021", "RU")),
                    buyer=Party("Tendai Nyamuṱoropa-Chiŋwaŋwa", Address("", ("12 Größenweg",), "Harare", "", "ZW")),
                    place="ZW",
                )
            )
        )
    )
    for said in ("Tax invoice", "«Ветер и море»", "119021 Москва", "Tendai Nyamuṱoropa-Chiŋwaŋwa", "12 Größenweg", "Zimbabwe"):
        assert said in text


def test_the_same_paper_is_the_same_file_whoever_sets_it():
    assert printed(issued) == Printer()(issued)
    assert printed(issued) != printed(replace(issued, issued_on=date(2026, 6, 2)))


def test_a_paper_can_be_read_without_anything_from_outside():
    assert b"<pdfaid:part>2</pdfaid:part>" in printed(issued)
    assert b"INV-2026-00001" in printed(issued)


NAMES = {
    "of letters that no font has": "你好 😀",
    "that looks like code": "#strong[x] $y$ *b* _i_ `code` @ref <l> \\",
    "that has no end": "x" * 400,
    "that turns the line": "\u202eesrever",
    "that breaks out": '"]}#panic("no")',
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_no_name_keeps_an_invoice_from_being_made(name: str):
    paper = billed(replace(MILK, title=name, sku=name), FEE, buyer=Party(name, Address(name, (name,), name, name, "ZZ")))
    assert printed(paper).startswith(b"%PDF-")


def test_what_looks_like_code_is_only_text():
    (text,) = pages(printed(billed(replace(MILK, title="#strong[x] $y$"))))
    assert "#strong[x] $y$" in text


def test_a_paper_of_people_who_were_forgotten_keeps_its_figures():
    (text,) = pages(printed(erased(issued)))
    assert "Cleo" not in text
    assert "Total CHF\n17.85" in text


def test_a_reverse_charge_is_said_with_its_law():
    (text,) = pages(printed(replace(issued, sale=replace(SALE, reverse_charge=True))))
    assert "Reverse charge" in text


def test_amounts_have_the_places_of_their_currency():
    assert [amount(123456, each) for each in ("EUR", "JPY", "KWD")] == ["1,234.56", "123,456", "123.456"]
    assert amount(-5, "USD") == "-0.05"
    assert [percent(each) for each in (810, 1900, 0, 2550)] == ["8.1 %", "19 %", "0 %", "25.5 %"]


def test_words_that_no_column_holds_may_be_parted():
    assert breakable("Milk and honey") == "Milk and honey"
    assert breakable("x" * 20) == "\u200b".join(["x" * 8, "x" * 8, "x" * 4])


@pytest.mark.parametrize(
    ("country", "lines"),
    [
        ("DE", ["12345 Town", "Region", "Germany"]),
        ("US", ["Town, Region 12345", "United States"]),
        ("GB", ["Town", "Region", "12345", "United Kingdom"]),
    ],
)
def test_addresses_are_written_as_their_country_writes_them(country: str, lines: list[str]):
    paper = billed(MILK, buyer=Party("Cleo", Address("Cleo", ("Road 1",), "Town", "12345", country, "Region")))
    assert wording(paper).buyer == ["Cleo", "Road 1", *lines]


def test_a_suppliers_invoice_says_when_it_is_due_and_where_the_money_is():
    (text,) = pages(printed(on_account))
    for said in ("AGREED", "DUE", "1 July 2026", "Still to pay\n17.85", "held for the seller"):
        assert said in text
    assert "Paid on" not in text
