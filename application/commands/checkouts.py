"""Buying what is in a cart: orders, stock, slot, code, cart and payment in one append, or nothing at all.

However many products, zones and codes there are, a checkout is the same few statements: the cart with what the command did before,
everything that is priced, and one transaction that takes the contended streams, loads what it decides on, and appends.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from msgspec import Struct

from application.commands.buying.quotes import Asked, Booking, Quote, Quotes, SlotChoice
from application.handler import Appended, Given, Handler, decision_on, snapshotted
from application.ports import Loaded, Meta
from domain.decider import Rejected
from domain.deliveries.commands import BookSlot
from domain.orders.address import deliverable
from domain.orders.carts.cart import Cart, carts
from domain.orders.carts.events import CartItem
from domain.orders.commands import CheckOutCart, PlaceOrder, UseCode
from domain.orders.events import OrderPlaced
from domain.orders.order import orders
from domain.orders.placed import Placed
from domain.orders.pricing import PricedOrder
from domain.payments.commands import RequestPayment
from domain.stock.commands import ReserveStock
from domain.stock.stock import stock_id
from domain.trade import Share, Spot
from domain.users.text import normalised
from domain.values import Address, Money, Value

Beside = Callable[[Sequence[UUID]], Given]
"""Further commands for the same append, made of the new orders' ids."""

PAY_WITHIN = timedelta(minutes=15)
"""How long stock, slot and code are held for who has not paid."""


class Purchase(Struct, frozen=True):
    """What is bought: a cart, or the `items` of a recurring order that has none. Without a `contact`, the user's own address is used.

    `expected_total` is what the buyer was shown; None where nobody was shown anything.
    """

    buyer_id: UUID
    address: Address
    provider: str
    method: str
    cart_id: UUID | None = None
    items: Sequence[CartItem] = ()
    guest: bool = False
    contact: str = ""
    spot: Spot | None = None
    slot: SlotChoice | None = None
    code: str | None = None
    expected_total: Money | None = None
    recurring_id: UUID | None = None
    occurrence: str | None = None
    vat_number: str = ""


class PricesChanged(Rejected):
    """The buyer was shown another total than there is by now."""

    def __init__(self, total: Money) -> None:
        super().__init__(
            "prices_changed", f"The total is {total.amount} {total.currency} in minor units: ask for a preview, then confirm it."
        )
        self.total = total


class CheckedOut(Struct, frozen=True):
    """The orders of one checkout, one for each seller, as they are right after it."""

    checkout_id: UUID
    payment_id: UUID
    payment_due: datetime
    currency: str
    total: int
    orders: Sequence[Appended]
    position: int
    replayed: bool = False


def nothing(_order_ids: Sequence[UUID]) -> Given:
    return []


class CheckOut:
    """`check_out(purchase, checkout_id, now, meta)`: every id but the checkout's own is made from it, so that it repeats nothing."""

    def __init__(self, handle: Handler, quotes: Quotes) -> None:
        self.handle = handle
        self.quotes = quotes

    def __call__(self, purchase: Purchase, checkout_id: UUID, now: datetime, meta: Meta, beside: Beside = nothing) -> CheckedOut:
        """Refused as a whole by the first rule that is broken; what concerns an item has the pointer `/items/<its place in the cart>`.

        `cart_empty`, `cart_changed`, `PricesChanged` (which has the total as it is), `not_on_sale`, `out_of_stock`,
        `address_invalid`, `contact_required`, and what quotes, slots, codes and payments refuse.
        """
        loaded = self._load(purchase, meta)
        if loaded.before:
            return checked_out(replayed(loaded))
        try:
            return self._buy(loaded, purchase, checkout_id, now, meta, beside)
        except Rejected:
            # The same command may have run meanwhile, and have taken the very thing that is missing now.
            if (again := self._load(purchase, meta)).before:
                return checked_out(replayed(again))
            raise

    def _buy(self, loaded: Loaded, purchase: Purchase, checkout_id: UUID, now: datetime, meta: Meta, beside: Beside) -> CheckedOut:
        items = purchase.items if purchase.cart_id is None else self._cart(loaded, purchase.cart_id).items
        if not items:
            raise Rejected("cart_empty", "There is nothing to buy.")
        address = deliverable(purchase.address)
        quote = self.quotes(asked(purchase, items, address), now)
        require_as_shown(quote, purchase.expected_total)
        made = Making(purchase, checkout_id, quote, address, contact_of(purchase, quote), now)
        commands = [*made.orders(), *made.bookings(), *made.reservations(), *made.others(tuple(items)), *beside(made.order_ids)]
        try:
            appended = self.handle.together(commands, meta)
        except Rejected as refused:
            raise pointed(refused, items) from None
        return checked_out(appended)

    def _load(self, purchase: Purchase, meta: Meta) -> Loaded:
        streams = [purchase.cart_id] if purchase.cart_id else []
        return self.handle.log.load(streams, meta.command_id, meta.fingerprint, snapshotted([carts]))

    def _cart(self, loaded: Loaded, cart: UUID) -> Cart:
        return decision_on(loaded, cart, carts).state


class Making(Struct, frozen=True):
    """The commands of one checkout."""

    purchase: Purchase
    checkout_id: UUID
    quote: Quote
    address: Address
    contact: str
    now: datetime

    @property
    def payment_id(self) -> UUID:
        return uuid5(self.checkout_id, "payment")

    @property
    def due(self) -> datetime:
        return self.now + PAY_WITHIN

    def order_id(self, seller_id: UUID) -> UUID:
        return uuid5(self.checkout_id, str(seller_id))

    @property
    def order_ids(self) -> tuple[UUID, ...]:
        return tuple(self.order_id(each.seller_id) for each in self.quote.priced.orders)

    def orders(self) -> Iterable[tuple[UUID, Value]]:
        for each in self.quote.priced.orders:
            id = self.order_id(each.seller_id)
            yield id, self.order(id, each, self.quote.booking)

    def order(self, id: UUID, order: PricedOrder, booking: Booking | None) -> PlaceOrder:
        bought, offer = self.purchase, booking.offer if booking else None
        return PlaceOrder(
            id,
            self.checkout_id,
            bought.buyer_id,
            order.seller_id,
            self.quote.priced.currency,
            order.lines,
            order.goods,
            order.delivery_fee,
            order.delivery_tax,
            order.discount,
            order.tax,
            order.total,
            self.address,
            self.contact,
            self.payment_id,
            self.due,
            self.now,
            bought.spot,
            offer.slot_id if offer else None,
            offer.starts_at if offer else None,
            offer.ends_at if offer else None,
            booking.zone_id if booking else None,
            booking.terms.timezone if booking else "UTC",
            bought.code.strip().upper() if bought.code else None,
            self.quote.code_id,
            bought.recurring_id,
            bought.occurrence,
            bought.guest,
            self.quote.vat_number,
            order.reverse_charge,
        )

    def bookings(self) -> Iterable[tuple[UUID, Value]]:
        """Each seller's order is a delivery of its own, and takes a place of its own."""
        if self.quote.booking is None:
            return
        zone, offer = self.quote.booking.zone_id, self.quote.booking.offer
        for order in self.order_ids:
            yield (
                offer.slot_id,
                BookSlot(
                    offer.slot_id,
                    zone,
                    offer.day,
                    offer.window.start,
                    offer.starts_at,
                    offer.ends_at,
                    offer.window.capacity,
                    offer.closes_at,
                    order,
                    self.now,
                ),
            )

    def reservations(self) -> Iterable[tuple[UUID, Value]]:
        """One for each stock: a second one of the same order would change nothing."""
        pieces: dict[tuple[UUID, UUID], int] = {}
        for each in self.quote.wanted:
            taken = each.stock_id, self.order_id(each.seller_id)
            pieces[taken] = pieces.get(taken, 0) + each.quantity
        for (stock, order), quantity in pieces.items():
            yield stock, ReserveStock(stock, order, quantity, self.due, self.now)

    def others(self, items: tuple[CartItem, ...]) -> Iterable[tuple[UUID, Value]]:
        bought, cost = self.purchase, self.quote.priced
        if (code := self.quote.code_id) is not None:
            used = UseCode(code, self.checkout_id, self.order_ids, bought.buyer_id, bought.guest, cost.currency, cost.goods, self.now)
            yield code, used
        if bought.cart_id is not None:
            yield bought.cart_id, CheckOutCart(bought.cart_id, self.checkout_id, items, self.now)
        shares = tuple(Share(self.order_id(each.seller_id), each.seller_id, each.total) for each in cost.orders)
        yield (
            self.payment_id,
            RequestPayment(
                self.payment_id,
                self.checkout_id,
                bought.buyer_id,
                cost.currency,
                cost.total,
                shares,
                bought.provider,
                bought.method,
                self.due,
                self.now,
            ),
        )


def asked(purchase: Purchase, items: Sequence[CartItem], address: Address) -> Asked:
    return Asked(
        purchase.buyer_id,
        items,
        address.country,
        address.postal_code,
        purchase.guest,
        purchase.spot,
        purchase.slot,
        purchase.code,
        purchase.vat_number,
    )


def require_as_shown(quote: Quote, expected: Money | None) -> None:
    if quote.troubles:
        first = quote.troubles[0]
        raise Rejected(first.code, first.detail, pointer=f"/items/{first.item}")
    total = Money(quote.priced.total, quote.priced.currency)
    if expected is not None and expected != total:
        raise PricesChanged(total)


def contact_of(purchase: Purchase, quote: Quote) -> str:
    if purchase.contact:
        try:
            return normalised(purchase.contact)
        except Rejected as refused:
            raise Rejected(refused.code, refused.detail, pointer="/contact") from None
    if not quote.contact:
        raise Rejected("contact_required", "Say to which mail address the order's letters go.", pointer="/contact")
    return quote.contact


def pointed(refused: Rejected, items: Sequence[CartItem]) -> Rejected:
    """A refusal of one item's stock, with the item's place in the cart."""
    places = {stock_id(each.seller_id, each.sku): place for place, each in enumerate(items)}
    if refused.stream is None or refused.stream not in places:
        return refused
    found = Rejected(refused.code, refused.detail, pointer=f"/items/{places[refused.stream]}")
    found.stream = refused.stream
    return found


def checked_out(appended: Iterable[Appended]) -> CheckedOut:
    """The orders of the checkout come first; others that were changed beside them are of earlier checkouts."""
    orders = [each for each in appended if isinstance(each.state, Placed)]
    first: Placed = orders[0].state
    placed = [each for each in orders if each.state.checkout_id == first.checkout_id]
    return CheckedOut(
        first.checkout_id,
        first.payment_id,
        first.payment_due,
        first.currency,
        sum(each.state.total for each in placed),
        placed,
        max(each.position for each in placed),
        placed[0].replayed,
    )


def replayed(loaded: Loaded) -> Iterable[Appended]:
    """The orders that the command made when it ran before, as they were then."""
    for result in loaded.before:
        history: Mapping[int, Value] = {each.version: each.event for each in loaded.streams[result.stream]}
        if isinstance(history.get(1), OrderPlaced):
            then = orders.fold(event for version, event in history.items() if version <= result.version)
            yield Appended(result.stream, result.version, result.position, then, orders, replayed=True)
