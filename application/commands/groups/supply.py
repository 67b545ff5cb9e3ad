"""What is asked of quotes and shipments: whether the caller acts for the supplier stands in the company's own stream."""

from functools import partial
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Decider
from domain.groups.commands import CompensateMembers
from domain.groups.supply import quote, shipment
from domain.groups.supply.commands import (
    AcceptQuote,
    CounterQuote,
    RaiseQualityIssue,
    RecordArrival,
    RejectQuote,
    ResolveQualityIssue,
    ShipGoods,
    SubmitQuote,
)
from domain.groups.supply.standing import Opened
from domain.suppliers.supplier import Company, suppliers

QuoteAnswer = SubmitQuote | CounterQuote | AcceptQuote | RejectQuote
GoodsStep = ShipGoods | RecordArrival | RaiseQualityIssue


class Supply:
    """`supply(command, meta, expected)` for quotes and shipments; the answer shows what the caller may do next for the supplier."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, command: QuoteAnswer | GoodsStep, meta: Meta, expected: int | None = None) -> Appended:
        """As the quote or the shipment decides: `not_yours` where the caller has no part in it."""
        id, decider = stream_of(command)
        given = replace(command, for_supplier=self.acts_for_supplier(id, decider, command.by.id))
        return seen(self.handle(id, given, meta, expected), for_supplier=given.for_supplier)

    def resolve(self, command: ResolveQualityIssue, meta: Meta, expected: int | None = None) -> Appended:
        """A refund is shared among the group's members in the same append, or there is none."""
        given: list[Any] = [(command.shipment_id, command)]
        if command.way == "refund":
            found = self.handle.state(command.shipment_id, shipment.shipments)
            if isinstance(found, Opened):
                given.append((found.group_id, CompensateMembers(found.group_id, command.issue_id, command.amount, command.now)))
        return self.handle.together(given, meta, expected)[0]

    def acts_for_supplier(self, id: UUID, decider: Decider[Any, Any, Any], user_id: UUID) -> bool:
        found = self.handle.state(id, decider)
        if not isinstance(found, quote.Asked | Opened):
            return False
        company = self.handle.state(found.supplier_id, suppliers)
        return isinstance(company, Company) and user_id in company.members


def stream_of(command: QuoteAnswer | GoodsStep) -> tuple[UUID, Decider[Any, Any, Any]]:
    if isinstance(command, QuoteAnswer):
        return command.quote_id, quote.quotes
    return command.shipment_id, shipment.shipments


def offering(decider: Decider[Any, Any, Any], actions: Any) -> Decider[Any, Any, Any]:
    return Decider(decider.name, decider.initial, decider.decide, decider.evolve, actions=partial(actions, for_supplier=True))


FOR_SUPPLIER = {
    each.name: offering(each, actions) for each, actions in ((quote.quotes, quote.actions), (shipment.shipments, shipment.actions))
}
"""The same streams, with what a member of the company may do."""


def seen(appended: Appended, *, for_supplier: bool) -> Appended:
    return replace(appended, decider=FOR_SUPPLIER[appended.decider.name]) if for_supplier else appended
