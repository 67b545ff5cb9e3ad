"""What tax the price of a tier bears: it is the platform's own sale, of a service that is delivered over the network.

Within the European Union it is taxed where its member is, and owed by him where both have VAT numbers of two countries (directive
2006/112/EC, articles 44, 58 and 196). In the platform's own country it bears that country's tax. Sold to anywhere else, or by a platform
that has not said where it is, it bears none. What is charged is the same in each case: the tax is in it.
"""

from domain.invoices.vat import UNION, reverse_charged
from domain.values import Value


class TierTax(Value, frozen=True):
    """`place` is the country whose tax it is, empty where nobody knows."""

    place: str
    taxed: bool = False
    reverse_charge: bool = False


def tier_tax(seat: str, number: str, *, buyer: str, buyer_number: str) -> TierTax:
    """`seat` and `number` are the platform's country and VAT number; both countries are empty where they are unknown."""
    place = buyer or seat
    if not seat or not (place == seat or {place, seat} <= UNION):
        return TierTax(place)
    if buyer_number and reverse_charged(seat, number, buyer=place):
        return TierTax(place, reverse_charge=True)
    return TierTax(place, taxed=True)
