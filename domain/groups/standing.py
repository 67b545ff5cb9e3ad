"""A group as it stands: who has a part in it, what is paid and held, and what is owed back to whom."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from domain.goods import Tier, Unit
from domain.groups.contributions.events import (
    ContributionPaid,
    ContributionRefunded,
    ContributionRefundFailed,
    ContributionRequested,
    ContributionReturned,
)
from domain.groups.events import (
    AFTER,
    DeadlineExtended,
    GroupEvent,
    GroupInvoiced,
    GroupLocked,
    GroupOpened,
    GroupSettled,
    Leaving,
    MemberCollected,
    MemberJoined,
    MemberLeft,
    MemberQueued,
    Owing,
    PickUpOpened,
    PickupPlace,
    QuantityChanged,
    RefundingBegan,
    Status,
    Visibility,
)
from domain.groups.terms import price_at
from domain.groups.values import Returning
from domain.values import Value

OPEN = frozenset({Status.GATHERING, Status.MINIMUM_REACHED})


class Asked(StrEnum):
    """What became of a payment that was asked of a member; only one that is waited for counts when it comes."""

    WAITING = "waiting"
    LAPSED = "lapsed"
    ABANDONED = "abandoned"
    PAID = "paid"
    RETURNED = "returned"


class Repaying(StrEnum):
    OWED = "owed"
    FAILED = "failed"
    PAID = "paid"


class Member(Value, frozen=True):
    """A place in the group; once paid, `amount` is what is held of the money in the group's currency, `held` in the payment's."""

    quantity: int
    pickup_id: UUID
    pay_by: datetime
    payment_id: UUID | None = None
    paid: bool = False
    amount: int = 0
    held: int = 0
    currency: str = ""
    collected: int = 0


class Waiting(Value, frozen=True):
    """A place in the queue of a full group."""

    member_id: UUID
    quantity: int
    pickup_id: UUID


class Ask(Value, frozen=True):
    member_id: UUID
    quantity: int
    pickup_id: UUID
    amount: int
    currency: str
    paid_amount: int
    state: Asked = Asked.WAITING


class Refund(Value, frozen=True):
    owing: Owing
    state: Repaying = Repaying.OWED


class Unopened(Value, frozen=True, tag=True):
    pass


class Opened(Value, frozen=True, tag=True):
    """A group at any point of its life. `reserved` and `bought` are pieces: of all members, and of those who have paid.

    `price` is what one piece costs by itself; `agreed` what it costs the group, once that is locked.
    """

    group_id: UUID
    organiser_id: UUID
    supplier_id: UUID
    seller_id: UUID
    listing_id: UUID
    sku: str
    currency: str
    minimum: int
    maximum: int
    least: int
    most: int
    tiers: tuple[Tier, ...]
    price: int
    deadline: datetime
    pickups: tuple[PickupPlace, ...]
    visibility: Visibility
    invited: tuple[UUID, ...]
    fee_rate: int
    status: Status = Status.GATHERING
    extended: bool = False
    reserved: int = 0
    bought: int = 0
    members: Mapping[UUID, Member] = {}
    queue: tuple[Waiting, ...] = ()
    gone: Mapping[UUID, Leaving] = {}
    asks: Mapping[UUID, Ask] = {}
    refunds: Mapping[UUID, Refund] = {}
    issues: tuple[UUID, ...] = ()
    agreed: int = 0
    invoiced: bool = False
    collected: int = 0
    ends_at: datetime | None = None
    settled: bool = False
    title: str = ""
    unit: Unit = Unit.PIECE

    @property
    def held(self) -> int:
        """What of the members' money is held for the group, in its currency; what is owed back is not."""
        return sum(each.amount for each in self.members.values())

    @property
    def owes(self) -> bool:
        return any(each.state is not Repaying.PAID for each in self.refunds.values())

    @property
    def stuck(self) -> bool:
        """Whether a refund has failed and was not tried again."""
        return any(each.state is Repaying.FAILED for each in self.refunds.values())

    def open_at(self, now: datetime) -> bool:
        return self.status in OPEN and now < self.deadline

    def price_for(self, bought: int) -> int:
        return price_at(self.tiers, self.price, self.minimum, bought)

    def queued(self, member_id: UUID) -> Waiting | None:
        return next((each for each in self.queue if each.member_id == member_id), None)


Group = Unopened | Opened


def evolve(group: Group, event: GroupEvent) -> Group:
    if isinstance(event, GroupOpened):
        return begin(event)
    if isinstance(group, Unopened):
        return group
    after = changed(group, event)
    status = AFTER.get(type(event))
    late_invoice = isinstance(event, GroupInvoiced) and group.status is not Status.ACCEPTED
    return after if status is None or late_invoice else replace(after, status=status)


def changed(group: Opened, event: GroupEvent) -> Opened:
    """What an event changes beside the status."""
    match event:
        case DeadlineExtended(deadline=deadline):
            return replace(group, deadline=deadline, extended=True)
        case MemberJoined() | MemberQueued() | QuantityChanged() | MemberLeft():
            return placed(group, event)
        case ContributionRequested() | ContributionPaid():
            return paid(group, event)
        case ContributionReturned() | RefundingBegan() | ContributionRefunded() | ContributionRefundFailed():
            return repaid(group, event)
        case GroupLocked(price=price):
            return replace(group, agreed=price, queue=())
        case GroupInvoiced():
            return replace(group, invoiced=True)
        case PickUpOpened(ends_at=ends_at):
            return replace(group, ends_at=ends_at)
        case MemberCollected(member_id=id, quantity=quantity, collected=collected):
            member = group.members[id]
            members = {**group.members, id: replace(member, collected=member.collected + quantity)}
            return replace(group, members=members, collected=collected)
        case GroupSettled():
            members = {id: replace(each, amount=0, held=0) for id, each in group.members.items()}
            return replace(group, members=members, settled=True)
        case _:
            return group


def placed(group: Opened, event: MemberJoined | MemberQueued | QuantityChanged | MemberLeft) -> Opened:
    """Who has a place, and who waits for one."""
    id = event.member_id
    gone = {each: why for each, why in group.gone.items() if each != id} if id in group.gone else group.gone
    match event:
        case MemberJoined(quantity=quantity, pickup_id=pickup, pay_by=pay_by, reserved=reserved):
            members = {**group.members, id: Member(quantity, pickup, pay_by)}
            return replace(group, members=members, reserved=reserved, queue=without(group.queue, id), gone=gone)
        case MemberQueued(quantity=quantity, pickup_id=pickup):
            now = Waiting(id, quantity, pickup)
            queue = tuple(now if each.member_id == id else each for each in group.queue)
            return replace(group, queue=queue if now in queue else (*queue, now), gone=gone)
        case QuantityChanged(quantity=quantity, pay_by=pay_by, reserved=reserved):
            member = group.members[id]
            members = {**group.members, id: replace(member, quantity=quantity, pay_by=pay_by, payment_id=None)}
            return replace(group, members=members, reserved=reserved, asks=put_off(group, member.payment_id, Asked.ABANDONED))
        case MemberLeft(reason=reason, reserved=reserved):
            member = group.members.get(id)
            state = Asked.LAPSED if reason is Leaving.LAPSED else Asked.ABANDONED
            return replace(
                group,
                members={each: one for each, one in group.members.items() if each != id},
                reserved=reserved,
                queue=without(group.queue, id),
                gone={**group.gone, id: reason},
                asks=put_off(group, member.payment_id if member else None, state),
            )


def without(queue: tuple[Waiting, ...], member_id: UUID) -> tuple[Waiting, ...]:
    return tuple(each for each in queue if each.member_id != member_id) if queue else queue


def put_off(group: Opened, payment_id: UUID | None, state: Asked) -> Mapping[UUID, Ask]:
    if payment_id is None:
        return group.asks
    return {**group.asks, payment_id: replace(group.asks[payment_id], state=state)}


def paid(group: Opened, event: ContributionRequested | ContributionPaid) -> Opened:
    """What is asked of members, and what has come of it."""
    id, payment = event.member_id, event.payment_id
    member = group.members[id]
    match event:
        case ContributionRequested(quantity=quantity, amount=amount, paid_currency=currency, paid_amount=paid_amount):
            asks = put_off(group, member.payment_id, Asked.ABANDONED)
            ask = Ask(id, quantity, member.pickup_id, amount, currency, paid_amount)
            members = {**group.members, id: replace(member, payment_id=payment)}
            return replace(group, members=members, asks={**asks, payment: ask})
        case ContributionPaid(amount=amount, paid_currency=currency, paid_amount=paid_amount, paid=bought):
            has = replace(member, payment_id=payment, paid=True, amount=amount, held=paid_amount, currency=currency)
            return replace(group, members={**group.members, id: has}, bought=bought, asks=put_off(group, payment, Asked.PAID))


def repaid(group: Opened, event: ContributionReturned | RefundingBegan | ContributionRefunded | ContributionRefundFailed) -> Opened:
    """What is owed back, and how far that has come."""
    match event:
        case ContributionReturned(owing=owing, instead_of=former) if former is not None:
            refunds = {id: each for id, each in group.refunds.items() if id != former}
            return replace(group, refunds={**refunds, owing.refund_id: Refund(owing)})
        case ContributionReturned(owing=owing, reason=(Returning.LATE | Returning.LEFT)):
            known = group.asks.get(owing.payment_id)
            ask = known or Ask(owing.member_id, 0, owing.member_id, owing.amount, owing.currency, owing.refund)
            asks = {**group.asks, owing.payment_id: replace(ask, state=Asked.RETURNED)}
            return replace(group, asks=asks, refunds={**group.refunds, owing.refund_id: Refund(owing)})
        case ContributionReturned(owing=owing, issue_id=issue):
            issues = group.issues if issue is None or issue in group.issues else (*group.issues, issue)
            return replace(given_back(group, (owing,)), issues=issues)
        case RefundingBegan(owings=owings):
            return given_back(group, owings)
        case ContributionRefunded(refund_id=id):
            return replace(group, refunds={**group.refunds, id: replace(group.refunds[id], state=Repaying.PAID)})
        case ContributionRefundFailed(refund_id=id):
            return replace(group, refunds={**group.refunds, id: replace(group.refunds[id], state=Repaying.FAILED)})


def given_back(group: Opened, owings: tuple[Owing, ...]) -> Opened:
    """What was held of members is owed to them."""
    members, refunds = dict(group.members), dict(group.refunds)
    for owing in owings:
        member = members[owing.member_id]
        members[owing.member_id] = replace(member, amount=member.amount - owing.amount, held=member.held - owing.refund)
        refunds[owing.refund_id] = Refund(owing)
    return replace(group, members=members, refunds=refunds)


def begin(opened: GroupOpened) -> Opened:
    return Opened(
        opened.group_id,
        opened.organiser_id,
        opened.supplier_id,
        opened.seller_id,
        opened.listing_id,
        opened.sku,
        opened.currency,
        opened.minimum,
        opened.maximum,
        opened.least,
        opened.most,
        opened.tiers,
        opened.price,
        opened.deadline,
        opened.pickups,
        opened.visibility,
        opened.invited,
        opened.fee_rate,
        title=opened.title,
        unit=opened.unit,
    )


def last_window(group: Opened) -> datetime:
    return max(each.closes_at for each in group.pickups)


def ends(group: Opened, now: datetime, after: timedelta) -> datetime:
    """When nobody is waited for any longer; goods that come after every window are kept as long from then on."""
    return max(last_window(group), now) + after
