"""What the lines of a paper come to, and how a refund is parted among the lines that were billed.

All amounts are whole minor units. A part of a line takes its tax with it, rounded a half upwards of what is left of the line's tax, so
that a line that is given back piece by piece gives back exactly what it billed.
"""

from collections.abc import Mapping, Sequence

from domain.decider import Rejected
from domain.invoices.commands import Pieces
from domain.invoices.events import Item, TaxTotal
from domain.values import Value

DELIVERY = 0
"""The number of the line that bills the delivery."""


class Credited(Value, frozen=True):
    """What of a line was given back."""

    pieces: int = 0
    total: int = 0
    tax: int = 0


NOTHING = Credited()


def tax_totals(items: Sequence[Item]) -> tuple[TaxTotal, ...]:
    """By rate, the highest first."""
    rates = sorted({each.tax_rate for each in items}, reverse=True)
    return tuple(
        TaxTotal(
            rate,
            sum(each.net for each in items if each.tax_rate == rate),
            sum(each.tax for each in items if each.tax_rate == rate),
        )
        for rate in rates
    )


def credited(items: Sequence[Item], before: Mapping[int, Credited], pieces: Sequence[Pieces], amount: int) -> tuple[Item, ...]:
    """The lines of a credit note over exactly `amount`; `credit_exceeds_invoice` where less is left of the invoice."""
    left = {each.line: each.total - before.get(each.line, NOTHING).total for each in items}
    if amount > sum(left.values()):
        raise Rejected("credit_exceeds_invoice", f"{sum(left.values())} is left.")
    named = {each.line: each.quantity for each in pieces}
    if amount == sum(left.values()):
        named = {each.line: each.quantity - before.get(each.line, NOTHING).pieces for each in items}
    amounts = parted(items, before, named, amount)
    return tuple(
        part(each, before.get(each.line, NOTHING), named.get(each.line, 0), amounts[each.line]) for each in items if amounts[each.line]
    )


def parted(items: Sequence[Item], before: Mapping[int, Credited], named: Mapping[int, int], amount: int) -> dict[int, int]:
    """How much of each line goes back: what the named pieces cost, then the delivery, then a part of whatever else is left."""
    left = {each.line: each.total - before.get(each.line, NOTHING).total for each in items}
    costs = {
        each.line: min(cost(each, before.get(each.line, NOTHING).pieces, named[each.line]), left[each.line])
        for each in items
        if named.get(each.line)
    }
    given = dict.fromkeys(left, 0) | by_weight(costs, min(amount, sum(costs.values())))
    rest = amount - sum(given.values())
    if named and rest and left.get(DELIVERY):
        given[DELIVERY] += (fee := min(rest, left[DELIVERY] - given[DELIVERY]))
        rest -= fee
    more = by_weight({number: left[number] - given[number] for number in left}, rest)
    return {number: given[number] + more.get(number, 0) for number in left}


def cost(item: Item, before: int, pieces: int) -> int:
    """What was paid for the next `pieces` of a line: however it is taken apart, they add up to the whole."""
    return item.total * (before + pieces) // item.quantity - item.total * before // item.quantity


def by_weight(weights: Mapping[int, int], amount: int) -> dict[int, int]:
    """The amount in parts no larger than their weights: the largest remainders get what is left over, of equal ones the first."""
    whole = sum(weights.values())
    if not whole:
        return {}
    given = {number: amount * weight // whole for number, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda number: -(amount * weights[number] % whole))
    for number in by_remainder[: amount - sum(given.values())]:
        given[number] += 1
    return given


def part(item: Item, before: Credited, pieces: int, amount: int) -> Item:
    left, tax_left = item.total - before.total, item.tax - before.tax
    tax = (2 * tax_left * amount + left) // (2 * left)
    return Item(item.line, item.title, item.sku, pieces, item.unit_price, 0, amount - tax, item.tax_rate, tax, amount)


def after(before: Mapping[int, Credited], items: Sequence[Item]) -> dict[int, Credited]:
    """What has gone back of each line once these items have."""
    found = dict(before)
    for each in items:
        was = found.get(each.line, NOTHING)
        found[each.line] = Credited(was.pieces + each.quantity, was.total + each.total, was.tax + each.tax)
    return found
