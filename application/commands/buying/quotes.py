"""What a purchase would cost at this moment: goods, slot and code as they stand, priced for where it goes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from application.commands.buying.carts import on_sale
from application.handler import Handler
from domain.decider import Decider, Rejected
from domain.deliveries.windows import Offer, Terms, covers, offers
from domain.deliveries.zone import Declared as DeclaredZone
from domain.deliveries.zone import zones
from domain.goods import unit_price
from domain.invoices.billing import Billing, billing_details, billing_id
from domain.invoices.vat import reverse_charged, vat_number
from domain.listings.listing import listings
from domain.orders.carts.events import CartItem
from domain.orders.codes.code import code_id, codes, reduction
from domain.orders.pricing import MOST, Priced, Wanted, priced, without_tax
from domain.orders.taxes import taxes_in
from domain.stock.stock import Stocked, stock_id, stocks
from domain.trade import Spot
from domain.users.user import users
from domain.values import Address, Erased

State = Mapping[UUID, Any]


class SlotChoice(Struct, frozen=True):
    """A window of a zone on a day, by its start on the zone's clocks."""

    zone_id: UUID
    day: date
    start: str


class Asked(Struct, frozen=True):
    """What is to be bought by whom, and where to; `slot` and `code` are optional, a user's `buyer_id` is his own.

    A business that gives its `vat_number` owes the tax itself where its seller is one in another country of the union.
    """

    buyer_id: UUID
    items: Sequence[CartItem]
    country: str
    postal_code: str
    guest: bool = False
    spot: Spot | None = None
    slot: SlotChoice | None = None
    code: str | None = None
    vat_number: str = ""


class Trouble(Struct, frozen=True):
    """Why an item cannot be bought as it is; `item` is its place in the cart, from 0."""

    item: int
    code: str
    detail: str


class Booking(Struct, frozen=True):
    zone_id: UUID
    terms: Terms
    offer: Offer


class Quote(Struct, frozen=True):
    """`wanted` has the items without trouble, in their order; `contact` is the user's mail address, empty for guests."""

    wanted: Sequence[Wanted]
    priced: Priced
    booking: Booking | None
    code_id: UUID | None
    contact: str
    troubles: Sequence[Trouble] = ()
    vat_number: str = ""


class Quotes:
    """Two statements at most for a whole quote: however many articles, zones and codes there are."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, asked: Asked, now: datetime, *, with_stock: bool = False) -> Quote:
        """What can be bought of it, and why not the rest. With stock, it is also said what there is too little of now.

        Refuses as a whole with `slot_not_found`, `slot_closed`, `outside_zone`, `currency_mixed`, `total_too_large`, `vat_number_invalid`,
        and what a code refuses.
        """
        states, number = self._states(asked, with_stock=with_stock), vat_number(asked.vat_number, asked.country)
        wanted, troubles = sorted_out(asked, states)
        taxes, relieved = taxes_in(asked.country), relieved_of_tax(asked, states) if number else frozenset[UUID]()
        wanted = [without_tax(each, taxes) if each.seller_id in relieved else each for each in wanted]
        currency = asked.items[0].price.currency
        booking = booked(asked, states, currency, now)
        goods = sum(each.price for each in wanted)
        id = code_id(asked.code) if asked.code else None
        if goods > MOST:
            raise Rejected("total_too_large", f"At most {MOST} minor units.")
        discount = reduction(states[id], asked.buyer_id, goods, currency, now, guest=asked.guest) if id else 0
        fee = booking.offer.window.fee if booking else 0
        cost = priced(wanted, currency, taxes, discount=discount, fee=fee, relieved=relieved)
        buyer: Any = states.get(asked.buyer_id)
        contact = getattr(buyer, "email", "")
        return Quote(wanted, cost, booking, id, contact if isinstance(contact, str) else "", troubles, number)

    def _states(self, asked: Asked, *, with_stock: bool) -> State:
        wanted: list[tuple[UUID, Decider[Any, Any, Any]]] = [(each.listing_id, listings) for each in asked.items]
        if with_stock:
            wanted += [(stock_id(each.seller_id, each.sku), stocks) for each in asked.items]
        if asked.slot is not None:
            wanted.append((asked.slot.zone_id, zones))
        if asked.code:
            wanted.append((code_id(asked.code), codes))
        if not asked.guest:
            wanted.append((asked.buyer_id, users))
        if asked.vat_number:
            wanted += [(billing_id(seller), billing_details) for seller in {each.seller_id for each in asked.items}]
        return self.handle.states(wanted)


def relieved_of_tax(asked: Asked, states: State) -> frozenset[UUID]:
    """The sellers whose tax the buyer, who has given his number, owes himself."""
    return frozenset(
        each.seller_id for each in asked.items if reverse_charged(*seat_of(states[billing_id(each.seller_id)]), buyer=asked.country)
    )


def seat_of(seller: Billing) -> tuple[str, str | Erased]:
    return (seller.address.country if isinstance(seller.address, Address) else ""), seller.vat_number


def sorted_out(asked: Asked, states: State) -> tuple[list[Wanted], list[Trouble]]:
    wanted: list[Wanted] = []
    troubles: list[Trouble] = []
    for place, each in enumerate(asked.items):
        try:
            found = wish(each, states[each.listing_id], asked)
        except Rejected as refused:
            troubles.append(Trouble(place, refused.code, refused.detail))
            continue
        wanted.append(found)
        stock = states.get(found.stock_id)
        if found.stock_id in states and (left := stock.available if isinstance(stock, Stocked) else 0) < each.quantity:
            troubles.append(Trouble(place, "out_of_stock", f"{left} left." if left else "None left."))
    return wanted, troubles


def wish(item: CartItem, listing: Any, asked: Asked) -> Wanted:
    product, variant = on_sale(listing, item.sku)
    if product.seller_id == asked.buyer_id:
        raise Rejected("own_listing", "Nobody buys from himself.")
    if variant.price.currency != asked.items[0].price.currency:
        raise Rejected("currency_mixed", f"It costs {variant.price.currency} by now.")
    return Wanted(
        product.listing_id,
        product.seller_id,
        stock_id(product.seller_id, variant.sku),
        variant.sku,
        f"{product.title}, {variant.title}" if variant.title else product.title,
        item.quantity,
        unit_price(variant, item.quantity),
        variant.tax_class,
        product.category,
    )


def booked(asked: Asked, states: State, currency: str, now: datetime) -> Booking | None:
    """The slot that was chosen, if it is still offered and reaches the address."""
    if asked.slot is None:
        return None
    zone = states[asked.slot.zone_id]
    if not isinstance(zone, DeclaredZone) or zone.closed:
        raise Rejected("slot_not_found", pointer="/slot")
    found = [each for each in offers(zone.zone_id, zone.terms, asked.slot.day) if each.window.start == asked.slot.start]
    if not found:
        raise Rejected("slot_not_found", pointer="/slot")
    if now >= found[0].closes_at:
        raise Rejected("slot_closed", f"It could be booked until {found[0].closes_at.isoformat()}.", pointer="/slot")
    if not covers(zone.terms, asked.country, asked.postal_code, asked.spot):
        raise Rejected("outside_zone", "This delivery does not reach the address.", pointer="/address")
    if zone.terms.currency != currency and found[0].window.fee:
        raise Rejected("currency_mixed", f"This delivery costs {zone.terms.currency}.", pointer="/slot")
    return Booking(zone.zone_id, zone.terms, found[0])
