"""The gift shop itself: its invoices become orders, payments, refunds and movements of stock by the commands everyone gives.

Each invoice is one append as a checkout makes it (orders, stock, payment), at the invoice's own prices; what follows, the roles do:
the sandbox takes the money, orders are confirmed, stock is sold, letters and invoices are written. The file's days are replayed one
after the other, from today on.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from uuid import UUID, uuid5

from msgspec import Struct

from application.commands.buying.quotes import Quote
from application.commands.checkouts import Making, Purchase
from application.ports import Meta
from domain.decider import Rejected
from domain.orders.commands import AcceptReturn, CancelLines, DeliverOrder, DispatchOrder, PackOrder, RequestReturn
from domain.orders.events import Part, Reason
from domain.orders.pricing import Wanted, priced
from domain.orders.taxes import taxes_in
from domain.stock.commands import AdjustStock, ReceiveStock
from domain.stock.stock import stock_id
from domain.values import Actor, Address, Role, Value
from tests.journeys.town import Town
from tests.retail.rows import COUNTRIES, HOME, Back, Deed, Moved, Outcome, Refused, Row, Sale, deeds

SHOP = UUID("018f0000-0000-7000-8000-0000000061f7")
KEEPER = Actor(SHOP, frozenset({Role.SELLER}))
CURRENCY = "GBP"
CATEGORY = "home-gifts"
CARD = "4242424242424242"
STREETS = {
    "AU": "2000",
    "BE": "1000",
    "CH": "8001",
    "CY": "1010",
    "DE": "10115",
    "DK": "1050",
    "ES": "28001",
    "FR": "75001",
    "GB": "SW1A 1AA",
    "IE": "D02 AF30",
    "IT": "00100",
    "JE": "JE2 3AB",
    "JP": "100-0001",
    "LT": "01001",
    "MT": "VLT 1010",
    "NL": "1011 AB",
    "NO": "0010",
    "PT": "1000-001",
    "SG": "018956",
}
"""A postal code in each country: the file has no addresses."""

AT_ONCE = 100
BEFORE = "bought_before_the_file"

Commands = Sequence[tuple[UUID, Value]]


class Verdict(Struct, frozen=True):
    """What became of a row; `code` says what was repaired, or why it was refused."""

    row: int
    outcome: Outcome
    code: str = ""
    detail: str = ""


class Bought(Struct):
    """A line of an earlier invoice, of which so many pieces are still the customer's."""

    order: UUID
    line: int
    left: int


class Shop:
    """A town of its own, whose clock is put forward to each day of the file."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.container = town.container
        self.clock = town.clock
        self.verdicts: list[Verdict] = []
        self.bought: dict[tuple[str, str], list[Bought]] = defaultdict(list)
        self.orders = 0
        self.taken = 0

    def replay(self, rows: Iterable[Row], report: Callable[[str], None] = lambda _: None) -> None:
        """Everything in the order of the file; `verdicts` has then one for every row."""
        every = list(deeds(rows))
        self.town.runner.catch_up()
        self.open(opening(every))
        began: tuple[date, date] | None = None
        for day, found in groupby(every, key=lambda deed: first_row(deed).at.date()):
            first, today = began = began or (day, self.clock().date())
            self.clock.ahead += today + (day - first) - self.clock().date()
            report(f"{day}: {len(self.verdicts):,} rows, {self.orders:,} orders")
            for deed in found:
                self.do(deed)
            self.settle()
            self.town.runner.catch_up()

    def open(self, stock: Counter[str]) -> None:
        """What must have been on the shelves before, for everything in the file to have been sold from them."""
        now = self.clock()
        received = [(id, ReceiveStock(id, SHOP, sku, "main", count, KEEPER, now)) for sku, count in stock.items() if (id := shelf(sku))]
        for start in range(0, len(received), AT_ONCE):
            self.give(f"open {start}", received[start : start + AT_ONCE])

    def settle(self) -> None:
        """Do what is owed by now, and what is owed for that."""
        while self.container.reactor.catch_up() + self.container.worker.empty():
            pass

    def do(self, deed: Deed) -> None:
        rows = rows_of(deed)
        try:
            repairs = self.done(deed)
        except Rejected as refused:
            self.verdicts += [Verdict(each.number, "refused", refused.code, refused.detail or "") for each in rows]
            return
        for row in rows:
            if isinstance(deed, Refused):
                self.verdicts.append(Verdict(row.number, "refused", deed.code, deed.detail))
            else:
                found = [*row.repairs, *repairs.get(row.number, ())]
                self.verdicts.append(Verdict(row.number, "repaired" if found else "accepted", ", ".join(found)))

    def done(self, deed: Deed) -> dict[int, list[str]]:
        """What was repaired in each row, beside what the row says itself."""
        match deed:
            case Sale():
                order = self.sell(deed.invoice, deed.rows, deed.fee)
                for line, row in enumerate(deed.rows, 1):
                    if row.customer != "0":
                        self.bought[row.customer, row.code].append(Bought(order, line, row.quantity))
            case Back():
                return self.take_back(deed)
            case Moved(row=row, reason=reason):
                adjusted = AdjustStock(shelf(row.code), row.quantity, reason, KEEPER, self.clock(), row.title)
                self.give(f"row {row.number}", [(shelf(row.code), adjusted)])
            case Refused():
                pass
        return {}

    def sell(self, invoice: str, rows: Sequence[Row], fee: int = 0, sign: int = 1) -> UUID:
        """The id of the order that the invoice has become."""
        first = rows[0]
        country = COUNTRIES.get(first.country, HOME)
        whose = first.customer if first.customer != "0" else f"of invoice {invoice}"
        wanted = [
            Wanted(shelf(each.code), SHOP, shelf(each.code), each.code, each.title, sign * each.quantity, each.price, category=CATEGORY)
            for each in rows
        ]
        cost = priced(wanted, CURRENCY, taxes_in(country), fee=fee)
        address = Address(f"Customer {whose}", ("1 High Street",), first.country, STREETS[country], country)
        contact = f"customer-{whose.replace(' ', '-').lower()}@example.org"
        bought = Purchase(customer(whose), address, "sandbox", CARD, guest=True, contact=contact)
        quote = Quote(wanted, cost, None, None, contact)
        made = Making(bought, uuid5(SHOP, f"checkout {invoice}"), quote, address, contact, self.clock())
        self.give(f"invoice {invoice}", [*made.orders(), *made.reservations(), *made.others(())])
        self.orders += 1
        self.taken += cost.total
        return made.order_ids[0]

    def take_back(self, deed: Back) -> dict[int, list[str]]:
        """Cancelled of the orders that had it; what none had was bought before the file begins, and is returned of that."""
        parts: dict[UUID, list[Part]] = defaultdict(list)
        before: list[Row] = []
        for row in deed.rows:
            found = self.earlier(row)
            if not found:
                before.append(row)
            for order, part in found:
                parts[order].append(part)
        for order, chosen in parts.items():
            command = CancelLines(order, tuple(chosen), Reason.OTHER, KEEPER, self.clock(), deed.invoice)
            self.give(f"cancel {deed.invoice} {order}", [(order, command)])
        if before:
            self.returned(deed.invoice, before)
        return {row.number: [BEFORE] for row in before}

    def earlier(self, row: Row) -> list[tuple[UUID, Part]]:
        """The lines that the goods were bought by, the latest first; none where the file has not so many."""
        lines = [each for each in self.bought[row.customer, row.code] if each.left] if row.customer != "0" else []
        wanted = -row.quantity
        if sum(each.left for each in lines) < wanted:
            return []
        found: list[tuple[UUID, Part]] = []
        for each in reversed(lines):
            pieces = min(wanted, each.left)
            if pieces:
                each.left -= pieces
                wanted -= pieces
                found.append((each.order, Part(each.line, pieces)))
        return found

    def returned(self, invoice: str, rows: Sequence[Row]) -> None:
        """The purchase from before, paid and delivered, and its goods back on the shelf."""
        order = self.sell(invoice, rows, sign=-1)
        self.settle()
        now, buyer = self.clock(), customer(rows[0].customer if rows[0].customer != "0" else f"of invoice {invoice}")
        steps = [PackOrder(order, KEEPER, now), DispatchOrder(order, KEEPER, now), DeliverOrder(order, KEEPER, now)]
        asked = RequestReturn(order, (), Reason.OTHER, Actor(buyer), now, invoice)
        commands = [*steps, asked, AcceptReturn(order, restock=True, by=KEEPER, now=now)]
        self.give(f"return {invoice}", [(order, each) for each in commands])

    def give(self, what: str, commands: Commands) -> None:
        id = uuid5(SHOP, what)
        self.container.handle.together(commands, Meta(id, SHOP, id))


def shelf(sku: str) -> UUID:
    return stock_id(SHOP, sku)


def customer(whose: str) -> UUID:
    return uuid5(SHOP, f"customer {whose}")


def first_row(deed: Deed) -> Row:
    return rows_of(deed)[0]


def rows_of(deed: Deed) -> Sequence[Row]:
    match deed:
        case Sale():
            return (*deed.rows, *deed.postage)
        case Back():
            return deed.rows
        case Moved() | Refused():
            return (deed.row,)


def movements(every: Iterable[Deed]) -> Iterator[tuple[str, int]]:
    """What leaves the shelves and comes back, by article, in order; what comes back may first have to be sold."""
    for deed in every:
        match deed:
            case Sale(rows=rows):
                yield from ((each.code, -each.quantity) for each in rows)
            case Back(rows=rows):
                yield from ((each.code, each.quantity) for each in rows)
                yield from ((each.code, -each.quantity) for each in rows)
            case Moved(row=row):
                yield row.code, row.quantity
            case Refused():
                pass


def opening(every: Iterable[Deed]) -> Counter[str]:
    """The least of each article that is enough, and of those that are only ever found, one."""
    level: Counter[str] = Counter()
    least: Counter[str] = Counter()
    for sku, change in movements(every):
        level[sku] += change
        least[sku] = min(least[sku], level[sku])
    return Counter({sku: max(1, -low) for sku, low in least.items()})
