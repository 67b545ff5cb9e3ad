"""What members pay, and what goes back to them: every captured amount is held for the group, owed to its payer, or paid back."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from domain.decider import Rejected
from domain.groups.commands import (
    CompensateMembers,
    ConfirmContribution,
    FailMemberRefund,
    RecordRefund,
    RequestContribution,
    RetryRefund,
)
from domain.groups.contributions.events import (
    ContributionPaid,
    ContributionRefunded,
    ContributionRefundFailed,
    ContributionRequested,
    ContributionReturned,
)
from domain.groups.events import (
    GroupClosed,
    GroupEvent,
    Leaving,
    MinimumReached,
    Owing,
    Status,
)
from domain.groups.ids import contribution_id, refund_id
from domain.groups.members import gathering, joined, unpaid
from domain.groups.standing import Ask, Asked, Member, Opened, Repaying, Waiting, evolve
from domain.groups.values import Returning
from domain.values import Value

SHARED = {Status.ACCEPTED, Status.INVOICED, Status.SHIPPED, Status.DELIVERED, Status.PICKING_UP}
"""While goods are on their way to the members and the money for them is held."""


class Due(Value, frozen=True):
    """What a member has to pay, and until when."""

    quantity: int
    amount: int
    pay_by: datetime


def due(group: Opened, member_id: UUID, now: datetime) -> Due:
    """The price is that of the pieces paid for, these included: what others only reserve may lapse, and it must never have to rise."""
    gathering(group, now)
    if group.gone.get(member_id) is Leaving.LAPSED:
        raise Rejected("reservation_lapsed", "The time to pay is over: join again.")
    member = unpaid(group, member_id)
    if now >= member.pay_by:
        raise Rejected("reservation_lapsed", "The time to pay is over: join again.")
    return Due(member.quantity, member.quantity * group.price_for(group.bought + member.quantity), member.pay_by)


def request(command: RequestContribution, group: Opened) -> list[GroupEvent]:
    if command.payment_id in group.asks:
        return []  # asked twice: already so
    owed = due(group, command.member_id, command.now)
    home = command.paid_currency == group.currency
    if command.amount not in {None, owed.amount} or (home and command.paid_amount != owed.amount):
        raise Rejected("price_changed", f"{owed.amount} is to be paid.")
    if command.paid_amount <= 0 or not (home or command.rate):
        raise Rejected("unknown_rate", "An amount in another currency comes with its rate.")
    return [
        ContributionRequested(
            group.group_id,
            command.member_id,
            command.payment_id,
            contribution_id(group.group_id, command.member_id),
            group.seller_id,
            owed.quantity,
            owed.amount,
            group.currency,
            command.paid_currency,
            command.paid_amount,
            command.rate,
            owed.pay_by,
            command.now,
        )
    ]


def confirm(command: ConfirmContribution, group: Opened) -> list[GroupEvent]:
    """It counts where it is waited for; who lapsed is taken back in while there is room; any other goes back as it came."""
    id, ask, now = command.member_id, group.asks.get(command.payment_id), command.now
    if ask and ask.state in {Asked.PAID, Asked.RETURNED}:
        return []
    exact = ask is not None and (ask.member_id, ask.paid_amount, ask.currency) == (id, command.amount, command.currency)
    if ask is None or not exact or not group.open_at(now):
        return [late(command, group, ask, Returning.LATE)]
    if ask.state is Asked.WAITING:
        return counted(command, group, ask)
    room = group.reserved + ask.quantity <= group.maximum
    if ask.state is Asked.LAPSED and id not in group.members and room and group.gone.get(id) is not Leaving.REMOVED:
        back = joined(group, Waiting(id, ask.quantity, ask.pickup_id), group.reserved + ask.quantity, now)
        return [back, *counted(command, group, ask)]
    left = ask.state is Asked.ABANDONED and id not in group.members
    return [late(command, group, ask, Returning.LEFT if left else Returning.LATE)]


def counted(command: ConfirmContribution, group: Opened, ask: Ask) -> list[GroupEvent]:
    bought = group.bought + ask.quantity
    paid = ContributionPaid(
        group.group_id,
        command.member_id,
        command.payment_id,
        ask.quantity,
        ask.amount,
        bought,
        command.now,
        ask.currency,
        ask.paid_amount,
    )
    reached = group.status is Status.GATHERING and bought >= group.minimum
    return [paid, *([MinimumReached(group.group_id, bought, command.now)] if reached else [])]


def late(command: ConfirmContribution, group: Opened, ask: Ask | None, reason: Returning) -> ContributionReturned:
    id, payment = command.member_id, command.payment_id
    owing = Owing(
        id,
        payment,
        refund_id(group.group_id, reason, id, payment),
        ask.amount if ask else command.amount,
        command.currency,
        command.amount,
    )
    return ContributionReturned(group.group_id, owing, reason, command.now)


def owing(group: Opened, member_id: UUID, member: Member, amount: int, reason: str) -> Owing | None:
    """So much of what is held of a member, as it goes back in the currency of his payment; None where that is nothing."""
    if amount <= 0 or member.payment_id is None:
        return None
    back = member.held if amount >= member.amount else (member.held * amount * 2 + member.amount) // (member.amount * 2)
    id = refund_id(group.group_id, reason, member_id, member.payment_id)
    return Owing(member_id, member.payment_id, id, amount, member.currency, back) if back else None


def cheaper(group: Opened, price: int, now: datetime, key: str) -> list[GroupEvent]:
    """The pieces cost `price` after all: who paid more gets the difference back. `key` tells these refunds from others."""
    found = (owing(group, id, each, each.amount - each.quantity * price, key) for id, each in group.members.items() if each.paid)
    return [ContributionReturned(group.group_id, each, Returning.PRICE_FELL, now) for each in found if each]


def everything(group: Opened) -> tuple[Owing, ...]:
    """What a group that failed gives back: all that is held of each member."""
    found = (owing(group, id, each, each.amount, Returning.FAILED) for id, each in group.members.items())
    return tuple(each for each in found if each)


def compensate(command: CompensateMembers, group: Opened) -> list[GroupEvent]:
    if command.issue_id in group.issues:
        return []
    if group.status not in SHARED:
        raise Rejected("group_settled", "Nothing is held for this group any more.")
    if not 0 < command.amount <= group.held:
        raise Rejected("amount_invalid", f"{group.held} is held.")
    paid = [(id, each) for id, each in group.members.items() if each.amount]
    shares = split(command.amount, [each.amount for _, each in paid])
    key = f"{Returning.COMPENSATION} {command.issue_id}"
    found = (owing(group, id, each, share, key) for (id, each), share in zip(paid, shares, strict=True))
    return [
        ContributionReturned(group.group_id, each, Returning.COMPENSATION, command.now, None, command.issue_id) for each in found if each
    ]


def split(total: int, weights: list[int]) -> list[int]:
    """`total` in proportion: the largest remainders get what is left over, of equal ones the earlier first."""
    whole = sum(weights)
    found = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda each: -(total * weights[each] % whole))
    for each in by_remainder[: total - sum(found)]:
        found[each] += 1
    return found


def record(command: RecordRefund, group: Opened) -> list[GroupEvent]:
    refund = group.refunds.get(command.refund_id)
    if refund is None or refund.state is Repaying.PAID:
        return []
    id, owed = group.group_id, refund.owing
    refunded = ContributionRefunded(id, owed.member_id, owed.payment_id, owed.refund_id, owed.amount, command.now, command.by_bank)
    return closing(group, [refunded], command.now)


def closing(group: Opened, events: Iterable[GroupEvent], now: datetime) -> list[GroupEvent]:
    """The events, and the end of a group that failed where nobody is owed anything after them."""
    done = list(events)
    after: object = group
    for each in done:
        after = evolve(after, each) if isinstance(after, Opened) else after
    over = isinstance(after, Opened) and after.status is Status.REFUNDING and not after.owes
    return [*done, GroupClosed(group.group_id, now)] if over else done


def fail(command: FailMemberRefund, group: Opened) -> list[GroupEvent]:
    """Also of what was paid already: it may still come back, from a closed account."""
    refund = group.refunds.get(command.refund_id)
    if refund is None or refund.state is Repaying.FAILED:
        return []
    owed = refund.owing
    return [
        ContributionRefundFailed(group.group_id, owed.member_id, owed.payment_id, owed.refund_id, owed.amount, command.now, command.code)
    ]


def retry(command: RetryRefund, group: Opened) -> list[GroupEvent]:
    refund = group.refunds.get(command.refund_id)
    if refund is None:
        raise Rejected("refund_not_found")
    if refund.state is not Repaying.FAILED:
        raise Rejected("refund_not_failed", f"It is {refund.state}.")
    owed = refund.owing
    again = refund_id(group.group_id, f"after {owed.refund_id}", owed.member_id, owed.payment_id)
    anew = Owing(owed.member_id, owed.payment_id, again, owed.amount, owed.currency, owed.refund)
    return [ContributionReturned(group.group_id, anew, Returning.FAILED, command.now, owed.refund_id)]
