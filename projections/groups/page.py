"""The group as its page shows it: terms, progress, price and what became of it, in one row whatever the number of members."""

from collections.abc import Mapping
from typing import Any, get_args
from uuid import UUID

from msgspec.structs import replace

from domain.groups.contributions.events import (
    ContributionPaid,
    ContributionRefunded,
    ContributionRefundFailed,
    ContributionReturned,
)
from domain.groups.events import (
    AFTER,
    DeadlineExtended,
    GroupAccepted,
    GroupEvent,
    GroupFailed,
    GroupInvoiced,
    GroupLocked,
    GroupOpened,
    GroupQuoted,
    GroupSettled,
    GroupShipped,
    MemberCollected,
    MemberJoined,
    MemberLeft,
    MemberQueued,
    PickUpOpened,
    QuantityChanged,
    SupplierNotified,
)
from domain.groups.terms import fee_of, price_at
from domain.groups.values import Status, Visibility
from domain.values import Actor, Money, Role
from projections.groups.shown import Conditions, GroupPage, GroupRow, NextPrice, Outcome, Progress
from projections.sql import ALL, Order, Where, equals
from projections.view import View

OPEN = (Status.GATHERING, Status.MINIMUM_REACHED)
"""While people may join."""
OVERSEERS = (Role.STAFF, Role.MODERATOR, Role.ADMIN, Role.AUDITOR)


def evolve(row: GroupRow | None, event: GroupEvent) -> GroupRow | None:
    if isinstance(event, GroupOpened):
        return GroupRow(begin(event), event.invited)
    if row is None:
        return None
    line = in_line(row.line, event)
    page = row.page
    progress = progressed(page, event, len(line) - len(row.line))
    changed = replace(
        page,
        status=status_after(page.status, event),
        progress=progress,
        outcome=outcome(page.outcome, event, page.list_price.currency),
        changed_at=event.at,
    )
    if isinstance(event, DeadlineExtended):
        changed = replace(changed, deadline=event.deadline, extended=True)
    if isinstance(event, ContributionPaid):
        changed = priced(changed)
    if isinstance(event, GroupLocked | GroupAccepted):
        changed = agreed(changed, event.price)
    return replace(row, page=changed, line=line, failing=failing(row.failing, event))


def begin(opened: GroupOpened) -> GroupPage:
    price = Money(opened.price, opened.currency)
    page = GroupPage(
        opened.group_id,
        opened.organiser_id,
        opened.supplier_id,
        opened.seller_id,
        opened.listing_id,
        opened.sku,
        opened.title,
        opened.category,
        opened.unit,
        opened.content,
        opened.minimum,
        opened.maximum,
        opened.least,
        opened.most,
        opened.tiers,
        price,
        opened.deadline,
        extended=False,
        pickups=opened.pickups,
        visibility=opened.visibility,
        tax_class=opened.tax_class,
        lead_days=opened.lead_days,
        status=Status.GATHERING,
        price=price,
        next_price=None,
        conditions=Conditions(opened.fee_rate, price),
        progress=Progress(),
        outcome=Outcome(),
        opened_at=opened.at,
        changed_at=opened.at,
    )
    return priced(page)


def in_line(line: tuple[UUID, ...], event: GroupEvent) -> tuple[UUID, ...]:
    match event:
        case MemberQueued(member_id=member):
            return line if member in line else (*line, member)
        case MemberJoined(member_id=member) | MemberLeft(member_id=member):
            return tuple(each for each in line if each != member) if member in line else line
        case _:
            return line


def progressed(page: GroupPage, event: GroupEvent, moved: int) -> Progress:
    """`moved` is by how many the waiting list has grown."""
    now = page.progress
    match event:
        case MemberQueued():
            return replace(now, waiting=now.waiting + moved)
        case MemberJoined(reserved=reserved):
            return replace(now, reserved=reserved, participants=now.participants + 1, waiting=now.waiting + moved)
        case QuantityChanged(reserved=reserved):
            return replace(now, reserved=reserved)
        case MemberLeft(reserved=reserved):
            # Whoever only stood in line held no place.
            return replace(now, reserved=reserved, participants=now.participants - (0 if moved else 1), waiting=now.waiting + moved)
        case ContributionPaid(paid=paid):
            return replace(now, paid=paid, percent=paid * 100 // page.minimum, payers=now.payers + 1)
        case MemberCollected(collected=collected):
            return replace(now, collected=collected)
        case _:
            return now


def failing(known: tuple[UUID, ...], event: GroupEvent) -> tuple[UUID, ...]:
    match event:
        case ContributionRefundFailed(refund_id=refund):
            return (*(each for each in known if each != refund), refund)
        case ContributionRefunded(refund_id=refund) | ContributionReturned(instead_of=refund) if refund in known:
            return tuple(each for each in known if each != refund)
        case _:
            return known


def status_after(status: Status, event: GroupEvent) -> Status:
    """An invoice that is noted late takes nothing back."""
    late = isinstance(event, GroupInvoiced) and status is not Status.ACCEPTED
    return status if late else AFTER.get(type(event), status)


def outcome(known: Outcome, event: GroupEvent, currency: str) -> Outcome:
    match event:
        case GroupLocked(reason=reason, quantity=quantity, price=price, amount=amount):
            return replace(known, locked=reason, quantity=quantity, price=Money(price, currency), amount=Money(amount, currency))
        case SupplierNotified(quote_id=quote):
            return replace(known, quote_id=quote)
        case GroupQuoted(quote_id=quote, price=price):
            return replace(known, quote_id=quote, quoted=Money(price, currency))
        case GroupAccepted(quote_id=quote, price=price, amount=amount):
            return replace(known, quote_id=quote, price=Money(price, currency), amount=Money(amount, currency))
        case GroupInvoiced(invoice_id=invoice):
            return replace(known, invoice_id=invoice)
        case GroupShipped(shipment_id=shipment):
            return replace(known, shipment_id=shipment)
        case GroupFailed(reason=reason):
            return replace(known, failed=reason)
        case PickUpOpened(ends_at=ends_at):
            return replace(known, pick_up_ends_at=ends_at)
        case GroupSettled(amount=amount):
            return replace(known, settled=Money(amount, currency))
        case _:
            return known


def priced(page: GroupPage) -> GroupPage:
    """By the pieces that are paid for: what others only reserve may lapse."""
    currency, paid = page.list_price.currency, page.progress.paid
    price = Money(price_at(page.tiers, page.list_price.amount, page.minimum, paid), currency)
    return replace(page, price=price, next_price=next_price(page, paid, price), conditions=with_fee(page.conditions, price))


def agreed(page: GroupPage, price: int) -> GroupPage:
    money = Money(price, page.list_price.currency)
    return replace(page, price=money, next_price=None, conditions=with_fee(page.conditions, money))


def next_price(page: GroupPage, paid: int, price: Money) -> NextPrice | None:
    """The next step that can still be reached."""
    for tier in page.tiers:
        if max(paid, page.minimum) < tier.quantity <= page.maximum and tier.price < price.amount:
            return NextPrice(tier.quantity, Money(tier.price, price.currency), tier.quantity - paid)
    return None


def with_fee(conditions: Conditions, price: Money) -> Conditions:
    return replace(conditions, fee=Money(fee_of(price.amount, conditions.fee_rate), price.currency))


def group_of(event: GroupEvent) -> UUID:
    return event.group_id


# Every event of the stream, so that the row's version is the stream's and serves as its ETag.
EVENTS: tuple[type[Any], ...] = get_args(GroupEvent)

view = View(
    "group_page",
    GroupRow,
    key=group_of,
    evolve=evolve,
    events=EVENTS,
    columns={
        "page.status": "text",
        "page.visibility": "text",
        "page.organiser_id": "uuid",
        "page.supplier_id": "uuid",
        "page.seller_id": "uuid",
        "page.deadline": "timestamptz",
        "page.opened_at": "timestamptz",
        "invited": "uuid[]",
    },
    indexes=(
        "page_organiser_id, page_opened_at DESC, key DESC",
        "page_seller_id, page_opened_at DESC, key DESC",
        "page_supplier_id, page_opened_at DESC, key DESC",
    ),
)

NEWEST_FIRST = Order(("page_opened_at",))


def seen_by(columns: Mapping[str, Any], by: Actor) -> bool:
    """Whether somebody may see the group of this row: the invited alone where it is by invitation, else whoever knows of it.

    Of those who act for its supplier this tells only the seller.
    """
    if columns["page_visibility"] != Visibility.INVITED or by.is_any(*OVERSEERS):
        return True
    return by.id in {columns["page_organiser_id"], columns["page_seller_id"], *columns["invited"]}


def organised_by(user_id: UUID) -> Where:
    return equals("page_organiser_id", user_id)


def supplied_by(user_id: UUID, supplier_id: UUID | None) -> Where:
    """Those that buy from him, or from the company that he acts for."""
    return Where("page_seller_id = %(seller)s OR page_supplier_id = %(supplier)s::uuid", {"seller": user_id, "supplier": supplier_id})


def standing(status: Status | None) -> Where:
    return ALL if status is None else equals("page_status", status)
