"""What can be asked of quotes and shipments.

`for_supplier` says that the caller acts as a member of the supplier's company, which whoever gives the command has looked up.
"""

from datetime import date, datetime
from uuid import UUID

from domain.groups.supply.events import Way
from domain.values import Actor, Value


class RequestQuote(Value, frozen=True):
    quote_id: UUID
    group_id: UUID
    supplier_id: UUID
    seller_id: UUID
    organiser_id: UUID
    quantity: int
    price: int
    currency: str
    answer_by: datetime
    by: Actor
    now: datetime
    listing_id: UUID | None = None
    sku: str = ""


class SubmitQuote(Value, frozen=True):
    """`price` per piece in minor units of the group's currency; `lead_days` from the acceptance until all goods are under way."""

    quote_id: UUID
    price: int
    quantity: int
    lead_days: int
    valid_until: datetime
    note: str
    by: Actor
    now: datetime
    for_supplier: bool = False


class CounterQuote(Value, frozen=True):
    quote_id: UUID
    price: int
    note: str
    by: Actor
    now: datetime
    lead_days: int | None = None
    """None: as it was quoted."""
    for_supplier: bool = False


class AcceptQuote(Value, frozen=True):
    """The organiser accepts what was quoted, the supplier what was offered instead."""

    quote_id: UUID
    by: Actor
    now: datetime
    for_supplier: bool = False


class RejectQuote(Value, frozen=True):
    quote_id: UUID
    reason: str
    by: Actor
    now: datetime
    for_supplier: bool = False


class LapseQuote(Value, frozen=True):
    """Whoever's turn it is did not answer by `now`; nothing where there is time left."""

    quote_id: UUID
    by: Actor
    now: datetime


class WithdrawQuote(Value, frozen=True):
    """The group failed; `accepted` says that it had been called off before it heard that its quote was accepted."""

    quote_id: UUID
    by: Actor
    now: datetime
    accepted: bool = False


AnswerQuote = SubmitQuote | CounterQuote | AcceptQuote | RejectQuote
ChangeQuote = AnswerQuote | LapseQuote | WithdrawQuote
QuoteCommand = RequestQuote | ChangeQuote


class OpenShipment(Value, frozen=True):
    shipment_id: UUID
    group_id: UUID
    supplier_id: UUID
    seller_id: UUID
    organiser_id: UUID
    quantity: int
    amount: int
    currency: str
    due_at: datetime
    by: Actor
    now: datetime


class ShipGoods(Value, frozen=True):
    """Send a part; `replaces` names the quality issue that it makes good."""

    shipment_id: UUID
    quantity: int
    carrier: str
    tracking: str
    eta: date
    by: Actor
    now: datetime
    replaces: UUID | None = None
    for_supplier: bool = False


class RecordArrival(Value, frozen=True):
    """A part is there. The supplier's own word needs the name of who took it in."""

    shipment_id: UUID
    part: int
    by: Actor
    now: datetime
    received_by: str = ""
    for_supplier: bool = False


class RaiseQualityIssue(Value, frozen=True):
    shipment_id: UUID
    issue_id: UUID
    quantity: int
    description: str
    by: Actor
    now: datetime
    photos: tuple[str, ...] = ()
    for_supplier: bool = False


class ResolveQualityIssue(Value, frozen=True):
    """By a replacement of all its pieces, or by a refund of `amount`, which goes with `CompensateMembers` in one append."""

    shipment_id: UUID
    issue_id: UUID
    way: Way
    amount: int
    by: Actor
    now: datetime
    for_supplier: bool = False


class LapseShipment(Value, frozen=True):
    """Fail what is not under way when it is due; nothing where it is."""

    shipment_id: UUID
    by: Actor
    now: datetime


class CancelShipment(Value, frozen=True):
    shipment_id: UUID
    by: Actor
    now: datetime


ChangeShipment = ShipGoods | RecordArrival | RaiseQualityIssue | ResolveQualityIssue | LapseShipment | CancelShipment
ShipmentCommand = OpenShipment | ChangeShipment
