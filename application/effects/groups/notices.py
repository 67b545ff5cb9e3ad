"""What events of groups owe the people in them: word of every step, and of small things no oftener than each hour."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from application.effects.effect import Circular, Digest, News, Word
from domain.conversations.events import AnnouncementMade, MessagePosted
from domain.groups.contributions.events import (
    ContributionPaid,
    ContributionRefunded,
    ContributionRefundFailed,
    ContributionReturned,
)
from domain.groups.events import (
    DeadlineExtended,
    GroupAccepted,
    GroupCompleted,
    GroupDelivered,
    GroupFailed,
    GroupLocked,
    GroupOpened,
    MemberCollected,
    MemberJoined,
    MemberLeft,
    MemberQueued,
    MinimumReached,
)
from domain.groups.passes.events import PassIssued
from domain.groups.supply.events import GoodsShipped, QualityIssueRaised, QuoteCountered, QuoteRejected, QuoteRequested, QuoteSubmitted
from domain.groups.values import Leaving, Returning
from domain.recorded import Recorded

CLOSING = timedelta(hours=24)
"""How long before the deadline members hear of it."""

HOUR = timedelta(hours=1)


def member(event: Any) -> UUID:
    return event.member_id


def organiser(event: Any) -> UUID:
    return event.organiser_id


def owed_to(event: ContributionReturned) -> UUID:
    return event.owing.member_id


def by_himself(recorded: Recorded[Any]) -> bool:
    return recorded.actor == recorded.event.member_id


def from_the_queue(recorded: Recorded[Any]) -> bool:
    """A place that somebody else has left is given to the next in the queue, in the same append."""
    return not by_himself(recorded)


def lapsed(recorded: Recorded[Any]) -> bool:
    return recorded.event.reason is Leaving.LAPSED


def removed(recorded: Recorded[Any]) -> bool:
    return recorded.event.reason is Leaving.REMOVED


def news(recorded: Recorded[Any]) -> bool:
    """Not another try of what was told of before, nor what everybody hears with the failure."""
    return recorded.event.instead_of is None and recorded.event.reason is not Returning.FAILED


def by_us(recorded: Recorded[Any]) -> bool:
    """Who had his bank take it back needs no word of it."""
    return not recorded.event.by_bank


def before_the_deadline(event: GroupOpened | DeadlineExtended) -> datetime:
    return event.deadline - CLOSING


def end_of_hour(event: Any) -> datetime:
    """The full hour at which what has happened is told."""
    at: datetime = event.at
    return at.replace(minute=0, second=0, microsecond=0) + HOUR


NOTICES = (
    Word(MemberJoined, "group_joined", member, by_himself),
    Word(MemberJoined, "group_promoted", member, from_the_queue),
    Word(MemberQueued, "group_queued", member, by_himself),
    Word(MemberLeft, "group_lapsed", member, lapsed),
    Word(MemberLeft, "group_removed", member, removed),
    Word(ContributionPaid, "group_paid", member),
    Word(ContributionReturned, "group_refund_owed", owed_to, news),
    Word(ContributionRefunded, "group_refunded", member, by_us),
    Word(ContributionRefundFailed, "group_refund_failed", member),
    Word(PassIssued, "group_pass", member),
    Word(MemberCollected, "group_collected", member),
    Word(QuoteSubmitted, "quote_submitted", organiser),
    Circular(GroupOpened, "group_closing", "members", before_the_deadline),
    Circular(DeadlineExtended, "group_extended", "members"),
    Circular(DeadlineExtended, "group_closing", "members", before_the_deadline),
    Circular(MinimumReached, "group_minimum", "members"),
    Circular(GroupLocked, "group_locked", "members"),
    Circular(GroupFailed, "group_failed", "members"),
    Circular(GroupAccepted, "group_accepted", "members"),
    Circular(GoodsShipped, "group_shipped", "members"),
    Circular(GroupDelivered, "group_delivered", "organiser"),
    Circular(GroupCompleted, "group_completed", "members"),
    Circular(AnnouncementMade, "group_announcement", "members"),
    Circular(QuoteRequested, "quote_requested", "supplier"),
    Circular(QuoteCountered, "quote_countered", "supplier"),
    Circular(QuoteRejected, "quote_rejected", "supplier"),
    Circular(GroupAccepted, "supplier_accepted", "supplier"),
    Circular(GroupCompleted, "supplier_completed", "supplier"),
    Circular(QualityIssueRaised, "supplier_issue", "supplier"),
    News(MemberJoined, end_of_hour),
    News(MessagePosted, end_of_hour),
    Digest(MemberJoined, end_of_hour),
    Digest(MessagePosted, end_of_hour),
)
