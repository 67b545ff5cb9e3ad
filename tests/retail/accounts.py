"""What must be true of the shop after its invoices were replayed, asked of the read models; what does not add up is an error."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from projections.payments.ledger import TRIAL
from projections.payments.ledger import journal as ledger
from projections.reports.sales import DAILY
from projections.reports.sales import journal as sales
from projections.sql import equals
from projections.stock.movements import Moved
from projections.stock.movements import journal as movements
from projections.view import Sum
from tests.retail.rows import Back, Row, Sale, deeds
from tests.retail.shop import BEFORE, SHOP, Shop, opening, rows_of, shelf
from tests.retail.shop import movements as moves

ALL_CHARTS = 1_000


class AddsUp(Struct, frozen=True):
    """Rows by outcome, and by what was repaired or refused in them; what was sold and not brought back, in pence."""

    rows: int
    accepted: int
    repaired: int
    refused: int
    reasons: Mapping[str, int]
    orders: int
    pieces: int
    kept: int
    entries: int
    movements: int


def checked(shop: Shop, rows: Sequence[Row], *, stock: bool = True) -> AddsUp:
    """The figures, once they add up: AssertionError where a row, a penny or a piece is missing, or a job was given up.

    Without `stock` the shelves are left unlooked at, as they cannot hold what is told of them where an invoice was refused.
    """
    if sorted(each.row for each in shop.verdicts) != [each.number for each in rows]:
        raise AssertionError("a row has no verdict, or more than one")
    if given_up := shop.container.jobs.dead():
        raise AssertionError(f"{len(given_up)} jobs were given up, such as {given_up[0].kind}: {given_up[0].note}")
    orders, pieces, kept = sold(shop)
    if kept != (worth := worth_of(shop, rows)):
        raise AssertionError(f"the file is worth {worth:,} pence, and {kept:,} were sold")
    outcomes = Counter(str(each.outcome) for each in shop.verdicts)
    reasons = Counter(code for each in shop.verdicts for code in each.code.split(", ") if code)
    return AddsUp(
        len(rows),
        outcomes["accepted"],
        outcomes["repaired"],
        outcomes["refused"],
        reasons,
        orders,
        pieces,
        kept,
        balanced(shop),
        stocked(shop, rows) if stock else 0,
    )


def sold(shop: Shop) -> tuple[int, int, int]:
    """Orders, pieces and pence, as the reports tell them."""
    sums = Sum(DAILY.name, ("currency",), ("orders", "pieces", "total", "delivery"))
    (total,) = shop.container.journals.totals(sales, sums, equals("seller_id", SHOP), limit=2).items or [None]
    return (0, 0, 0) if total is None else (total.of["orders"], total.of["pieces"], total.of["total"] + total.of["delivery"])


def worth_of(shop: Shop, rows: Sequence[Row]) -> int:
    """What the file says was paid for goods and their sending, less what came back of it."""
    verdicts = {each.row: each for each in shop.verdicts}
    counted = 0
    for deed in deeds(rows):
        if isinstance(deed, Sale | Back):
            fair = [each for each in rows_of(deed) if verdicts[each.number].outcome != "refused"]
            counted += sum(each.quantity * each.price for each in fair if BEFORE not in verdicts[each.number].code)
    return counted


def balanced(shop: Shop) -> int:
    """How many entries the books have, once debit and credit are the same."""
    lines = shop.container.journals.totals(ledger, TRIAL, limit=ALL_CHARTS).items
    if sum(each.of["debit"] - each.of["credit"] for each in lines):
        raise AssertionError("the books do not balance")
    return sum(each.entries for each in lines)


def stocked(shop: Shop, rows: Sequence[Row]) -> int:
    """How many movements there were, once none of them went below nothing and each shelf holds what it must."""
    last: dict[UUID, Moved] = {}
    count = 0
    for each in shop.container.journals.every(movements):
        if not 0 <= each.row.reserved_after <= each.row.on_hand_after:
            raise AssertionError(f"stock {each.row.stock_id} went below nothing")
        last[each.row.stock_id] = each.row
        count += 1
    every = list(deeds(rows))
    levels = opening(every)
    for sku, change in moves(every):
        levels[sku] += change
    # What was bought before the file went and came back; what was bought in it only comes back.
    cancelled = {each.row for each in shop.verdicts if BEFORE not in each.code}
    for row in (row for deed in every if isinstance(deed, Back) for row in deed.rows if row.number in cancelled):
        levels[row.code] -= row.quantity
    for sku, level in levels.items():
        found = last[shelf(sku)]
        if (found.on_hand_after, found.reserved_after) != (level, 0):
            raise AssertionError(f"{level} pieces of {sku} must be there, and {found.on_hand_after} are")
    return count
