"""Recurring orders: what they bring, and where, is looked up when they begin or change, so that no day fails for want of sense."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from uuid import UUID

from msgspec.structs import replace

from application.commands.buying.carts import on_sale
from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.deliveries.windows import Terms, Window, covers
from domain.deliveries.zone import Declared, zones
from domain.listings.listing import listings
from domain.orders.address import deliverable
from domain.subscriptions.commands import ChangeQuantities, GiveStandingDetails, StartRecurringOrder
from domain.subscriptions.events import WantedLine
from domain.subscriptions.recurring_order import Started, recurring_orders
from domain.subscriptions.schedule import Schedule
from domain.subscriptions.standing_details import details_id
from domain.users.user import Registered, users
from domain.values import Actor, Address, Value, clear

MARGIN = 60
"""Minutes by which a day's order is placed before its slot closes, so that the work of an hour still reaches it."""


class Wish(Value, frozen=True):
    """What a customer asks for. `at`, `notice` and `timezone` are those of the zone's `window` where a slot is to be booked.

    Without a `contact` it is the customer's own mail address.
    """

    lines: tuple[WantedLine, ...]
    rule: str
    begins_on: date
    address: Address
    provider: str
    method: str
    contact: str = ""
    zone_id: UUID | None = None
    window: str | None = None
    timezone: str | None = None
    at: time | None = None
    notice: int | None = None


class StartRecurring:
    """Refuses what cannot be bought or brought.

    These are `listing_not_found`, `not_on_sale`, `own_listing`, `sku_required`, `currency_mixed`, `zone_not_found`, `window_invalid`,
    `address_invalid`, `outside_zone`, and `zone_needs_point` where only the circle of a zone could reach the address.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, recurring_id: UUID, wish: Wish, by: Actor, now: datetime, meta: Meta) -> Appended:
        address = deliverable(wish.address)
        found = self.handle.states(
            [
                (by.id, users),
                *([(wish.zone_id, zones)] if wish.zone_id else []),
                *((each, listings) for each in dict.fromkeys(line.listing_id for line in wish.lines)),
            ]
        )
        lines, currency = offered(wish.lines, found, by.id)
        schedule = scheduled(wish, found.get(wish.zone_id) if wish.zone_id else None)
        require_reached(address, found.get(wish.zone_id) if wish.zone_id else None)
        start = StartRecurringOrder(recurring_id, by.id, currency, lines, schedule, by, now, wish.zone_id, wish.window)
        person = found[by.id]
        contact = wish.contact or (clear(person.email) if isinstance(person, Registered) else "")
        details = GiveStandingDetails(recurring_id, by.id, address, contact, wish.provider, wish.method, by, now)
        return self.handle.together([(recurring_id, start), (details_id(recurring_id), details)], meta)[0]


class ChangeRecurring:
    """Refuses what cannot be bought: `listing_not_found`, `not_on_sale`, `sku_required` and `currency_mixed`."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, command: ChangeQuantities, meta: Meta, expected: int | None = None) -> Appended:
        wanted = dict.fromkeys(line.listing_id for line in command.lines)
        found = self.handle.states([(command.recurring_id, recurring_orders), *((each, listings) for each in wanted)])
        order = found[command.recurring_id]
        if not isinstance(order, Started):
            raise Rejected("recurring_order_not_found")
        lines, _ = offered(command.lines, found, order.customer_id, order.currency)
        return self.handle(command.recurring_id, replace(command, lines=lines), meta, expected)


class GiveDetails:
    """Refuses `recurring_order_not_found`, `address_invalid`, `outside_zone` and `zone_needs_point`.

    Holds from the next day on that is not settled yet.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, command: GiveStandingDetails, meta: Meta, expected: int | None = None) -> Appended:
        order = self.handle.state(command.recurring_id, recurring_orders)
        if not isinstance(order, Started):
            raise Rejected("recurring_order_not_found")
        zone = self.handle.state(order.zone_id, zones) if order.zone_id else None
        address = deliverable(command.address)
        require_reached(address, zone)
        given = replace(command, customer_id=order.customer_id, address=address)
        return self.handle(details_id(command.recurring_id), given, meta, expected)


def offered(
    lines: Sequence[WantedLine], found: Mapping[UUID, object], buyer_id: UUID, currency: str = ""
) -> tuple[tuple[WantedLine, ...], str]:
    """The lines with their article numbers as the sellers write them, and the one currency of all."""
    named: list[WantedLine] = []
    for index, line in enumerate(lines):
        try:
            product, variant = on_sale(found[line.listing_id], line.sku or None)
        except Rejected as refused:
            field = "sku" if refused.code == "sku_required" else "listingId"
            raise Rejected(refused.code, refused.detail, pointer=f"/lines/{index}/{field}") from None
        if product.seller_id == buyer_id:
            raise Rejected("own_listing", "Nobody buys from himself.", pointer=f"/lines/{index}/listingId")
        currency = currency or variant.price.currency
        if variant.price.currency != currency:
            raise Rejected("currency_mixed", f"Not sold in {currency} as the others are.", pointer=f"/lines/{index}")
        named.append(replace(line, sku=variant.sku))
    return tuple(named), currency


def scheduled(wish: Wish, zone: object) -> Schedule:
    """By the window of the zone where one is named, else as the customer says."""
    if wish.zone_id is None:
        at = wish.at or time(8)
        return Schedule(wish.rule, wish.timezone or "UTC", wish.begins_on, at, wish.notice if wish.notice is not None else MARGIN)
    if not isinstance(zone, Declared) or zone.closed:
        raise Rejected("zone_not_found", pointer="/delivery/zoneId")
    windows = [each for each in zone.terms.windows if each.start == wish.window]
    if not windows:
        raise Rejected("window_invalid", f"There are: {', '.join(starts(zone.terms))}.", pointer="/delivery/window")
    require_same(wish, zone.terms)
    return Schedule(wish.rule, zone.terms.timezone, wish.begins_on, time.fromisoformat(windows[0].start), settled_before(windows))


def require_reached(address: Address, zone: object) -> None:
    if isinstance(zone, Declared) and not covers(zone.terms, address.country, address.postal_code, None):
        if zone.terms.circle is not None:
            # A postal address lies nowhere on the map, and a town's centre would let in who lives too far out.
            raise Rejected("zone_needs_point", "Who orders again and again is reached by postal code; this zone goes by the map.")
        raise Rejected("outside_zone", "This delivery does not reach the address.", pointer="/address")


def starts(terms: Terms) -> list[str]:
    return sorted({each.start for each in terms.windows})


def settled_before(windows: Sequence[Window]) -> int:
    """In time for the earliest cut-off of all weekdays."""
    return max(each.cutoff for each in windows) + MARGIN


def require_same(wish: Wish, terms: Terms) -> None:
    """What the window tells cannot be told otherwise."""
    if wish.timezone not in {None, terms.timezone}:
        raise Rejected("window_invalid", f"Its days are those of {terms.timezone}.", pointer="/timezone")
    if wish.at is not None or wish.notice is not None:
        raise Rejected("window_invalid", "The window says when.", pointer="/time" if wish.at is not None else "/noticeMinutes")
