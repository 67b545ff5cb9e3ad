"""What an event owes the outside world: a piece of work, written down in ids, to be done later and at least once."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from application.effects.calls import PaymentWork
from application.effects.occurrences import OccurrenceWork
from domain.values import Value

Audience = Literal["members", "organiser", "supplier"]
"""Members and organiser of a group, the organiser alone, or the people of its supplier."""


class SendLetter(Value, frozen=True, tag="send_letter"):
    """A letter about one event, which is told by its stream and version; to whom it goes follows from the event."""

    letter: str
    stream: UUID
    version: int


class SendText(Value, frozen=True, tag="send_text"):
    """A text message about one event; its words are those of the letter of this name."""

    letter: str
    stream: UUID
    version: int


class SendCode(Value, frozen=True, tag="send_code"):
    """Text somebody the code to sign in with, which is found by this id while it is good."""

    code_id: UUID


class TellOfStock(Value, frozen=True, tag="tell_of_stock"):
    """Tell everyone who waits for this article of this seller."""

    seller_id: UUID
    sku: str


class TellGroup(Value, frozen=True, tag="tell_group"):
    """Tell everybody whom an event of a group or a supplier concerns: a job for each of them."""

    letter: str
    stream: UUID
    version: int
    audience: Audience


class TellPerson(Value, frozen=True, tag="tell_person"):
    """Tell one person of an event of a group or a supplier, by mail or text as he wants it."""

    letter: str
    stream: UUID
    version: int
    recipient: UUID


class TellNews(Value, frozen=True, tag="tell_news"):
    """Tell the members of a group at once that somebody joined or wrote, where it was quiet before: a job for each of them."""

    group_id: UUID
    stream: UUID
    version: int


class TellDigest(Value, frozen=True, tag="tell_digest"):
    """Tell the members of a group what was said and who joined by `until`, in the hour that began anew with `first`.

    A job for each of them. Without `first` it is about the whole day before.
    """

    group_id: UUID
    until: datetime
    first: datetime | None = None


class SendDigest(Value, frozen=True, tag="send_digest"):
    """Tell one of them: so many joined, so many messages were written. Counted once for all, since that takes the group's history."""

    group_id: UUID
    recipient: UUID
    joined: int
    messages: int


class RunImport(Value, frozen=True, tag="run_import"):
    """Bring the rows of an imported file; done again, it goes on where it was."""

    import_id: UUID


class React(Value, frozen=True, tag="react"):
    """Give the commands that a process or a deadline owes for one event, which is told by its stream and version."""

    reaction: str
    stream: UUID
    version: int


class KeepSnapshot(Value, frozen=True, tag="keep_snapshot"):
    """Keep what a long stream of this kind has come to by now."""

    kind: str
    stream: UUID


class FindCourier(Value, frozen=True, tag="find_courier"):
    """Give a delivery to a courier by the declared rule."""

    delivery_id: UUID


class FillCourier(Value, frozen=True, tag="fill_courier"):
    """Find couriers for what waits in the zones of one who has room now."""

    courier_id: UUID


class BillOrder(Value, frozen=True, tag="bill_order"):
    """Make the invoice of a paid order, if there is none yet."""

    order_id: UUID


class CreditRefund(Value, frozen=True, tag="credit_refund"):
    """Make the credit notes of a refund, one for each order that it gives money back of."""

    payment_id: UUID
    refund_id: UUID


class BillGroup(Value, frozen=True, tag="bill_group"):
    """Make the supplier's invoice for an accepted group, if there is none yet."""

    group_id: UUID


class CreditIssue(Value, frozen=True, tag="credit_issue"):
    """Make the credit note of what a group's members get back for the quality of its goods."""

    group_id: UUID
    shipment_id: UUID
    issue_id: UUID


class CreditGroup(Value, frozen=True, tag="credit_group"):
    """Take the supplier's invoice back, where there is one: the group failed."""

    group_id: UUID


class BillTier(Value, frozen=True, tag="bill_tier"):
    """Make the platform's invoice for a member's charge, which its provider calls so, if there is none yet."""

    user_id: UUID
    charge: str


class HoldPlaces(Value, frozen=True, tag="hold_places"):
    """Have listings that were put on offer before there were tiers take their sellers' places."""


class EraseUser(Value, frozen=True, tag="erase_user"):
    """Forget a person whose time has come, or put it off where something is still in flight."""

    user_id: UUID


class FollowErasures(Value, frozen=True, tag="follow_erasures"):
    """Let everything that was derived from history follow, for this person and all others who were erased by now."""

    user_id: UUID


GroupTelling = TellGroup | TellPerson | TellNews | TellDigest | SendDigest
GroupPaperwork = BillGroup | CreditIssue | CreditGroup
Paperwork = BillOrder | BillTier | CreditRefund | GroupPaperwork
Forgetting = EraseUser | FollowErasures
Telling = SendLetter | SendText | SendCode | TellOfStock | GroupTelling
Patient = Telling | Paperwork | RunImport | KeepSnapshot | Forgetting | HoldPlaces
"""Work that nothing else waits for."""

Dispatching = FindCourier | FillCourier
Work = Telling | RunImport | React | KeepSnapshot | Dispatching | Paperwork | PaymentWork | OccurrenceWork | Forgetting | HoldPlaces
"""Every kind of job; a union of tagged Structs that hold ids and never values, so that a job row gives no one away."""


class Job(Value, frozen=True):
    """`event_id` and `correlation_id` say where it comes from; it is not done before `due_at`, where that is set."""

    id: UUID
    work: Work
    event_id: UUID
    correlation_id: UUID
    due_at: datetime | None = None

    @property
    def kind(self) -> str:
        """As operators see it."""
        return str(self.work.__struct_config__.tag)

    @property
    def rank(self) -> int:
        """The lower, the sooner: 0 for what moves orders, money and deliveries on, 1 for what only tells of it."""
        return 1 if isinstance(self.work, Patient) else 0


def job_id(event_id: UUID, effect: str) -> UUID:
    """The same for the same event for ever: what an event owes by its n-th letter or errand, or by the reaction of a name, is due once."""
    return uuid5(event_id, effect)
