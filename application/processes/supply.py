"""What follows between a group, its quote, its shipment and the supplier's invoice."""

from datetime import datetime, timedelta

from application.effects.effect import Deadline, Process
from domain.groups.commands import AcceptGroup, FailGroup, NoteQuote, NoteShipment
from domain.groups.events import Failing, GroupAccepted, GroupFailed, GroupLocked
from domain.groups.ids import quote_id, shipment_id
from domain.groups.supply.commands import CancelShipment, LapseQuote, LapseShipment, OpenShipment, RequestQuote, WithdrawQuote
from domain.groups.supply.events import (
    GoodsArrived,
    GoodsShipped,
    QuoteAccepted,
    QuoteCountered,
    QuoteLapsed,
    QuoteRejected,
    QuoteRequested,
    QuoteSubmitted,
    ShipmentLapsed,
    ShipmentOpened,
)
from domain.groups.supply.quote import ANSWER
from domain.groups.supply.shipment import GRACE, arrival_due
from domain.process import Owed
from domain.values import SYSTEM


def request_quote(event: GroupLocked) -> Owed:
    id = quote_id(event.group_id)
    command = RequestQuote(
        id,
        event.group_id,
        event.supplier_id,
        event.seller_id,
        event.organiser_id,
        event.quantity,
        event.price,
        event.currency,
        event.at + ANSWER,
        SYSTEM,
        event.at,
        event.listing_id,
        event.sku,
    )
    return [(id, command)]


def tell_of_request(event: QuoteRequested) -> Owed:
    return [(event.group_id, NoteQuote(event.group_id, event.quote_id, "requested", None, event.at))]


def tell_of_price(event: QuoteSubmitted) -> Owed:
    return [(event.group_id, NoteQuote(event.group_id, event.quote_id, "submitted", event.price, event.at))]


def accept(event: QuoteAccepted) -> Owed:
    return [(event.group_id, AcceptGroup(event.group_id, event.quote_id, event.price, event.lead_days, event.at))]


def fail_refused(event: QuoteRejected) -> Owed:
    reason = Failing.SUPPLIER_REFUSED if event.side == "supplier" else Failing.CANCELLED
    return [(event.group_id, FailGroup(event.group_id, reason, event.at))]


def fail_unanswered(event: QuoteLapsed) -> Owed:
    return [(event.group_id, FailGroup(event.group_id, Failing.NO_ANSWER, event.at))]


def answer_due(event: QuoteRequested | QuoteCountered) -> datetime:
    return event.answer_by


def validity_ends(event: QuoteSubmitted) -> datetime:
    return event.valid_until


def lapse_unanswered(event: QuoteRequested | QuoteCountered) -> Owed:
    return [(event.quote_id, LapseQuote(event.quote_id, SYSTEM, event.answer_by))]


def lapse_invalid(event: QuoteSubmitted) -> Owed:
    return [(event.quote_id, LapseQuote(event.quote_id, SYSTEM, event.valid_until))]


def open_shipment(event: GroupAccepted) -> Owed:
    id = shipment_id(event.group_id)
    command = OpenShipment(
        id,
        event.group_id,
        event.supplier_id,
        event.seller_id,
        event.organiser_id,
        event.quantity,
        event.amount,
        event.currency,
        event.at + timedelta(days=event.lead_days) + GRACE,
        SYSTEM,
        event.at,
    )
    return [(id, command)]


def shipping_due(event: ShipmentOpened) -> datetime:
    return event.due_at


def lapse_unshipped(event: ShipmentOpened) -> Owed:
    return [(event.shipment_id, LapseShipment(event.shipment_id, SYSTEM, event.due_at))]


def lost_at(event: GoodsShipped) -> datetime | None:
    return arrival_due(event) if event.complete else None


def lapse_lost(event: GoodsShipped) -> Owed:
    return [(event.shipment_id, LapseShipment(event.shipment_id, SYSTEM, arrival_due(event)))]


def fail_unshipped(event: ShipmentLapsed) -> Owed:
    return [(event.group_id, FailGroup(event.group_id, Failing.NOT_SHIPPED, event.at))]


def tell_of_dispatch(event: GoodsShipped) -> Owed:
    return [(event.group_id, NoteShipment(event.group_id, event.shipment_id, "shipped", event.at))] if event.complete else []


def tell_of_arrival(event: GoodsArrived) -> Owed:
    return [(event.group_id, NoteShipment(event.group_id, event.shipment_id, "delivered", event.at))] if event.complete else []


def call_off(event: GroupFailed) -> Owed:
    quote, shipment = quote_id(event.group_id), shipment_id(event.group_id)
    called_off = event.reason is Failing.CANCELLED
    return [(quote, WithdrawQuote(quote, SYSTEM, event.at, called_off)), (shipment, CancelShipment(shipment, SYSTEM, event.at))]


REACTIONS = (
    Process(GroupLocked, "request_quote", request_quote),
    Process(QuoteRequested, "tell_group", tell_of_request),
    Process(QuoteSubmitted, "tell_group", tell_of_price),
    Process(QuoteAccepted, "accept_group", accept),
    Process(QuoteRejected, "fail_group", fail_refused),
    Process(QuoteLapsed, "fail_group", fail_unanswered),
    Deadline(QuoteRequested, "lapse_quote", answer_due, lapse_unanswered),
    Deadline(QuoteCountered, "lapse_quote", answer_due, lapse_unanswered),
    Deadline(QuoteSubmitted, "lapse_quote", validity_ends, lapse_invalid),
    Process(GroupAccepted, "open_shipment", open_shipment),
    Deadline(ShipmentOpened, "lapse_shipment", shipping_due, lapse_unshipped),
    Deadline(GoodsShipped, "lapse_shipment", lost_at, lapse_lost),
    Process(ShipmentLapsed, "fail_group", fail_unshipped),
    Process(GoodsShipped, "tell_group", tell_of_dispatch),
    Process(GoodsArrived, "tell_group", tell_of_arrival),
    Process(GroupFailed, "call_off_supply", call_off),
)
